internal import CSecp256k1
public import Primitives

extension Secp256k1 {
    /// A number from one to the group's order less one, wiped when the last holder lets go.
    public struct SecretKey: Equatable, Sendable {
        let secret: SecretBytes

        /// The point that belongs to the key.
        public let publicKey: PublicKey

        /// Creates a key from thirty-two bytes; `nil` if they are no key.
        public init?(_ bytes: [UInt8]) {
            var point = secp256k1_pubkey()
            guard bytes.count == 32, secp256k1_ec_pubkey_create(context, &point, bytes) == 1,
                let key = PublicKey(&point)
            else { return nil }
            secret = SecretBytes(bytes)
            publicKey = key
        }

        /// A copy of the thirty-two bytes.
        public var bytes: [UInt8] { secret.bytes }
    }

    /// A point of the curve, kept by its coordinates.
    public struct PublicKey: Hashable, Sendable, BitwiseCopyable {
        /// The coordinates.
        public let x, y: Hash32

        /// Creates a key from 33 or 65 bytes (SEC 1, section 2.3.4); `nil` if they are no point.
        ///
        /// The hybrid forms 0x06 and 0x07 are refused.
        public init?(_ bytes: [UInt8]) {
            guard bytes.count == 33 || bytes.first == 4 else { return nil }
            var point = secp256k1_pubkey()
            guard secp256k1_ec_pubkey_parse(context, &point, bytes, bytes.count) == 1
            else { return nil }
            self.init(&point)
        }

        init?(_ point: inout secp256k1_pubkey) {
            var bytes = [UInt8](repeating: 0, count: 65)
            var count = 65
            secp256k1_ec_pubkey_serialize(
                context, &bytes, &count, &point, UInt32(SECP256K1_EC_UNCOMPRESSED))
            guard let x = Hash32(bytes.span.extracting(1..<33)),
                let y = Hash32(bytes.span.extracting(33..<65))
            else { return nil }
            self.x = x
            self.y = y
        }

        /// The point as libsecp256k1 holds it.
        var raw: secp256k1_pubkey? {
            var point = secp256k1_pubkey()
            let done = secp256k1_ec_pubkey_parse(context, &point, uncompressed, 65)
            return done == 1 ? point : nil
        }

        /// The 33 bytes: the parity of `y`, then `x`.
        public var compressed: [UInt8] { [UInt8(2 + (y.d & 1))] + x.bytes }

        /// The 65 bytes: 0x04, then `x` and `y`.
        public var uncompressed: [UInt8] { [4] + x.bytes + y.bytes }

        /// The hash of both coordinates, whose last twenty bytes are the address.
        public var addressHash: Hash32 { keccak256(x, y) }
    }
}
