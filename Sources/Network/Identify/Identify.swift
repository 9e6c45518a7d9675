internal import Encoding
public import Identifiers

/// What peers tell each other of themselves (libp2p specs, identify).
public struct Identify: Hashable, Sendable {
    /// The protocol by which a peer is asked.
    public static let name = "/ipfs/id/1.0.0"
    /// The protocol by which a peer tells unasked that something has changed.
    public static let push = "/ipfs/id/push/1.0.0"

    /// The bounds of what is read.
    public enum Limits {
        /// The longest message.
        public static let message = 8 * 1_024
        /// How many addresses are kept; more are left out.
        public static let addresses = 16
        /// How many protocols are kept; more are left out.
        public static let protocols = 128
        /// The longest name of a program or protocol.
        public static let name = 256
        /// How many times a peer may push in a minute.
        public static let pushes = 10
    }

    /// What can be wrong with a message.
    public enum Failure: Error, Hashable {
        /// The bytes are no message of this kind.
        case malformed
        /// The key is not that of the peer.
        case key
        /// The message is longer than allowed.
        case tooLong
    }

    /// The peer's key.
    public var key: PeerKey?
    /// The family of networks.
    public var family = ""
    /// The name and version of the program.
    public var agent = ""
    /// Where the peer accepts connections.
    public var addresses: [Multiaddr] = []
    /// Where the other side seems to be.
    public var observed: Multiaddr?
    /// What the peer speaks.
    public var protocols: [String] = []

    /// Creates a message that tells nothing.
    public init() {}

    /// Reads what a peer tells of itself.
    public init(decoding bytes: [UInt8], from peer: PeerID) throws(Failure) {
        guard bytes.count <= Limits.message else { throw .tooLong }
        var reader = Protobuf.Reader(bytes)
        do {
            while let field = try reader.next() { try read(field, reader) }
        } catch {
            throw .malformed
        }
        guard key.map({ PeerID($0) == peer }) ?? true else { throw .key }
    }

    /// The message as bytes.
    public var encoded: [UInt8] {
        var writer = Protobuf.Writer()
        if let key { writer.append(1, key.encoded) }
        for address in addresses { writer.append(2, address.encoded) }
        for name in protocols { writer.append(3, name) }
        if let observed { writer.append(4, observed.encoded) }
        writer.append(5, family)
        writer.append(6, agent)
        return writer.bytes
    }

    private mutating func read(
        _ field: Protobuf.Field, _ reader: Protobuf.Reader
    ) throws(Protobuf.Failure) {
        switch field.number {
        case 1:
            guard let key = try? PeerKey(decoding: try reader.copy(field)) else {
                throw .kind(field: 1)
            }
            self.key = key
        case 2:
            // Addresses of kinds that we do not know are left out, not held against the peer.
            guard addresses.count < Limits.addresses,
                let address = try? Multiaddr(decoding: try reader.copy(field))
            else { return }
            addresses.append(address)
        case 3:
            guard protocols.count < Limits.protocols, try field.range().count <= Limits.name
            else { return }
            protocols.append(try reader.text(field))
        case 4: observed = try? Multiaddr(decoding: try reader.copy(field))
        case 5: if try field.range().count <= Limits.name { family = try reader.text(field) }
        case 6: if try field.range().count <= Limits.name { agent = try reader.text(field) }
        default: return
        }
    }
}
