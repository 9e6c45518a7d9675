internal import CSecp256k1
public import Primitives

extension Secp256k1 {
    /// A signature from which the key can be recovered.
    public struct Signature: Hashable, Sendable, BitwiseCopyable {
        /// The nonce's point and the proof.
        public let r, s: Hash32

        /// The parity of the nonce's point: 0 or 1.
        public let recoveryID: UInt8

        /// Creates a signature from its parts; `nil` if the recovery id is above 1.
        public init?(r: Hash32, s: Hash32, recoveryID: UInt8) {
            guard recoveryID <= 1 else { return nil }
            self.r = r
            self.s = s
            self.recoveryID = recoveryID
        }

        /// Creates a signature from 65 bytes, `r`, `s` and 0 or 1; `nil` if they are not so.
        public init?(_ bytes: [UInt8]) {
            guard bytes.count == 65, let r = Hash32(bytes.span.extracting(0..<32)),
                let s = Hash32(bytes.span.extracting(32..<64))
            else { return nil }
            self.init(r: r, s: s, recoveryID: bytes[64])
        }

        /// The 65 bytes: `r`, `s` and the recovery id.
        public var bytes: [UInt8] { r.bytes + s.bytes + [recoveryID] }

        /// The signature in DER, as libp2p's identities carry it.
        public var der: [UInt8]? {
            guard var raw else { return nil }
            var bytes = [UInt8](repeating: 0, count: 72)
            var count = 72
            let done = secp256k1_ecdsa_signature_serialize_der(context, &bytes, &count, &raw)
            return done == 1 ? Array(bytes.prefix(count)) : nil
        }

        /// The signature as libsecp256k1 holds it; `nil` if a part is not below the order.
        var raw: secp256k1_ecdsa_signature? {
            var raw = secp256k1_ecdsa_signature()
            let done = secp256k1_ecdsa_signature_parse_compact(context, &raw, r.bytes + s.bytes)
            return done == 1 ? raw : nil
        }
    }
}
