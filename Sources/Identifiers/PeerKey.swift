public import Crypto
internal import Encoding
internal import Primitives

/// The public key by which a peer signs (libp2p specs, peer-ids).
public enum PeerKey: Hashable, Sendable {
    /// A key of Ed25519: thirty-two bytes.
    case ed25519([UInt8])
    /// A key of secp256k1.
    case secp256k1(Secp256k1.PublicKey)
    /// A key of RSA (0) or of another curve (3), in the form of RFC 5280.
    case other(kind: UInt64, [UInt8])

    /// What can be wrong with an encoded key.
    public enum Failure: Error, Hashable {
        /// The message is no protocol buffer, or not in its one form.
        case message
        /// The bytes are no key of their kind.
        case key(kind: UInt64)
    }

    /// The longest encoded key that is read: that of RSA with 8192 bits is half as long.
    public static let limit = 2_200

    /// Reads a key from its message, which must be in its shortest form.
    public init(decoding bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.limit, let (kind, data) = Self.fields(bytes) else {
            throw .message
        }
        switch kind {
        case 1:
            guard data.count == 32 else { throw .key(kind: kind) }
            self = .ed25519(data)
        case 2:
            guard data.count == 33, let key = Secp256k1.PublicKey(data) else {
                throw .key(kind: kind)
            }
            self = .secp256k1(key)
        case 0, 3: self = .other(kind: kind, data)
        default: throw .key(kind: kind)
        }
        // A second form of the same key would be a second name of the same peer.
        guard encoded == bytes else { throw .message }
    }

    /// The message `PublicKey`: kind, then data.
    public var encoded: [UInt8] {
        var writer = Protobuf.Writer()
        switch self {
        case .ed25519(let key):
            writer.append(1, 1)
            writer.append(2, key)
        case .secp256k1(let key):
            writer.append(1, 2)
            writer.append(2, key.compressed)
        case .other(let kind, let data):
            writer.append(1, kind)
            writer.append(2, data)
        }
        return writer.bytes
    }

    /// Tells whether this key made a signature.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key):
            return Ed25519.verify(signature, of: message, by: key)
        case .secp256k1(let key):
            guard signature.count <= 72, let digest = Hash32(SHA256.hash(message)) else {
                return false
            }
            return Secp256k1.verify(der: signature, of: digest, by: key)
        case .other(_, let data):
            return SubjectPublicKey.verify(signature, of: message, by: data)
        }
    }

    private static func fields(_ bytes: [UInt8]) -> (kind: UInt64, data: [UInt8])? {
        var reader = Protobuf.Reader(bytes)
        do {
            guard let kind = try reader.next(), kind.number == 1,
                let data = try reader.next(), data.number == 2, try reader.next() == nil
            else { return nil }
            return (try kind.integer(), try reader.copy(data))
        } catch {
            return nil
        }
    }
}

/// The secret key by which a peer proves its name.
public enum PeerSecret: Sendable {
    /// A key of Ed25519.
    case ed25519(Ed25519.SecretKey)
    /// A key of secp256k1.
    case secp256k1(Secp256k1.SecretKey)

    /// The public key that belongs to it.
    public var key: PeerKey {
        switch self {
        case .ed25519(let secret): .ed25519(secret.publicKey)
        case .secp256k1(let secret): .secp256k1(secret.publicKey)
        }
    }

    /// The name of the peer that holds it.
    public var peer: PeerID { PeerID(key) }

    /// Signs a message as libp2p's peers do.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        switch self {
        case .ed25519(let secret):
            return secret.sign(message)
        case .secp256k1(let secret):
            guard let digest = Hash32(SHA256.hash(message)) else { return [] }
            return Secp256k1.sign(digest, with: secret).der ?? []
        }
    }
}
