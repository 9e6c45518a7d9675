internal import Crypto
internal import Encoding
public import Identifiers

extension Noise {
    /// The most bytes of one message on the wire, behind its length of two bytes.
    static let messageLimit = 65_535

    /// The most bytes of plain text in one message.
    static let plainLimit = messageLimit - ChaChaPoly.tagSize

    /// The longest payload of a handshake that is read.
    static let payloadLimit = 4_096

    /// What a peer shows in every handshake: its fixed key, and its name's proof for that key.
    public struct Identity: Sendable {
        /// The fixed key.
        let fixed: X25519.SecretKey
        /// The payload that proves the key's holder.
        let payload: [UInt8]
        /// The name of the peer.
        let peer: PeerID

        /// Signs a fixed key made of thirty-two bytes of chance; `nil` for any other count.
        public init?(_ secret: PeerSecret, fixed chance: [UInt8]) {
            guard let fixed = X25519.SecretKey(chance) else { return nil }
            self.fixed = fixed
            peer = secret.peer
            var writer = Protobuf.Writer()
            writer.append(1, secret.key.encoded)
            writer.append(2, secret.sign(Noise.claim(fixed.publicKey)))
            payload = writer.bytes
        }
    }

    /// What a peer signs to bind its fixed key to its name (libp2p specs, noise).
    static func claim(_ fixed: [UInt8]) -> [UInt8] {
        Array("noise-libp2p-static-key:".utf8) + fixed
    }

    /// The key that a payload proves to hold a fixed key.
    package static func verify(_ payload: [UInt8], for fixed: [UInt8]) throws(Failure) -> PeerKey {
        guard payload.count <= payloadLimit else { throw .payload }
        var reader = Protobuf.Reader(payload)
        var key: PeerKey?
        var signature: [UInt8]?
        do {
            while let field = try reader.next() {
                switch field.number {
                case 1: key = try PeerKey(decoding: try reader.copy(field))
                case 2: signature = try reader.copy(field)
                default: continue
                }
            }
        } catch {
            throw .payload
        }
        guard let key, let signature else { throw .payload }
        guard key.verifies(signature, of: claim(fixed)) else { throw .signature }
        return key
    }
}
