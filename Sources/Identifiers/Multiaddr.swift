internal import Encoding
public import Machine

/// A network address that names its protocols, outermost first (multiformats, multiaddr).
public struct Multiaddr: Hashable, Sendable {
    /// One protocol with its value.
    public struct Component: Hashable, Sendable {
        /// The protocol.
        public let transport: Transport
        /// The value as bytes; empty where the protocol has none.
        public let value: [UInt8]
    }

    /// What can be wrong with an address.
    public enum Failure: Error, Hashable {
        /// The address is longer than allowed, or has more parts.
        case tooLong
        /// The bytes end before a part does, or a number in them is not in its one form.
        case truncated(at: Int)
        /// The protocol's code is not known.
        case code(UInt64)
        /// The protocol's name is not known.
        case name(String)
        /// The value does not fit its protocol.
        case value(of: String)
        /// The text does not begin with a slash, or a part has no value.
        case text
    }

    /// The parts, outermost first.
    public let components: [Component]

    /// The longest address, in bytes and in characters.
    public static let limit = 1_024

    /// The most parts of an address.
    public static let componentLimit = 16

    /// Creates an address of parts that are known to be right.
    init(components: [Component]) {
        self.components = components
    }

    /// Reads an address that takes up all of the bytes.
    public init(decoding bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.limit else { throw .tooLong }
        var components: [Component] = []
        var cursor = 0
        while cursor < bytes.count {
            guard components.count < Self.componentLimit else { throw .tooLong }
            let code = try Self.varint(bytes, &cursor)
            guard let transport = Transport(code: code) else { throw .code(code) }
            let count: Int
            switch transport.size {
            case .none: count = 0
            case .fixed(let size): count = size
            case .variable:
                let length = try Self.varint(bytes, &cursor)
                guard length <= UInt64(bytes.count) else { throw .truncated(at: cursor) }
                count = Int(length)
            }
            guard bytes.count - cursor >= count else { throw .truncated(at: cursor) }
            let value = Array(bytes[cursor..<cursor + count])
            cursor += count
            guard transport.accepts(value) else { throw .value(of: transport.name) }
            components.append(Component(transport: transport, value: value))
        }
        guard !components.isEmpty else { throw .truncated(at: 0) }
        self.components = components
    }

    /// The address as bytes.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for component in components {
            Varint.append(component.transport.code, to: &bytes)
            if component.transport.size == .variable {
                Varint.append(UInt64(component.value.count), to: &bytes)
            }
            bytes += component.value
        }
        return bytes
    }

    private static func varint(_ bytes: [UInt8], _ cursor: inout Int) throws(Failure) -> UInt64 {
        do {
            return try Varint.decode(bytes, at: &cursor)
        } catch {
            throw .truncated(at: cursor)
        }
    }
}

extension Multiaddr: CustomStringConvertible {
    /// Reads an address from text.
    public init(_ text: some StringProtocol) throws(Failure) {
        guard text.utf8.count <= Self.limit else { throw .tooLong }
        guard text.hasPrefix("/") else { throw .text }
        var words = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if words.last == "" { words = words.dropLast() }
        var components: [Component] = []
        while let name = words.popFirst() {
            guard components.count < Self.componentLimit else { throw .tooLong }
            guard let transport = Transport(name: String(name)) else {
                throw .name(String(name.prefix(32)))
            }
            guard transport.size != .none else {
                components.append(Component(transport: transport, value: []))
                continue
            }
            // A path runs to the end of the address.
            let word: String
            if transport.form == .path {
                word = "/" + words.joined(separator: "/")
                words = []
            } else {
                guard let next = words.popFirst() else { throw .text }
                word = String(next)
            }
            guard let value = transport.value(of: word), transport.accepts(value) else {
                throw .value(of: transport.name)
            }
            components.append(Component(transport: transport, value: value))
        }
        guard !components.isEmpty else { throw .text }
        self.components = components
        guard encoded.count <= Self.limit else { throw .tooLong }
    }

    /// The address as text.
    public var description: String {
        components.reduce(into: "") { text, component in
            text += "/" + component.transport.name
            guard component.transport.size != .none else { return }
            let value = component.transport.text(of: component.value)
            text += component.transport.form == .path ? value : "/" + value
        }
    }
}

extension Multiaddr {
    /// Creates the address of a TCP endpoint; `nil` if its host is not numeric.
    public init?(_ endpoint: Endpoint, peer: PeerID? = nil) {
        let port = [UInt8(endpoint.port >> 8), UInt8(truncatingIfNeeded: endpoint.port)]
        var components: [Component] = []
        if let host = IPAddress.four(endpoint.host) {
            components.append(Component(transport: .ip4, value: host))
        } else if let host = IPAddress.six(endpoint.host) {
            components.append(Component(transport: .ip6, value: host))
        } else {
            return nil
        }
        components.append(Component(transport: .tcp, value: port))
        if let peer { components.append(Component(transport: .p2p, value: peer.bytes)) }
        self.components = components
    }

    /// The TCP endpoint, where the address is that of one and of nothing more than its peer.
    public var endpoint: Endpoint? {
        guard components.count >= 2, components[1].transport == .tcp,
            components.dropFirst(2).allSatisfy({ $0.transport == .p2p }), components.count <= 3
        else { return nil }
        let host = components[0]
        guard host.transport == .ip4 || host.transport == .ip6 else { return nil }
        let port = components[1].value
        return Endpoint(
            host: host.transport.text(of: host.value), port: UInt16(port[0]) << 8 | UInt16(port[1]))
    }

    /// The peer named last, if one is.
    public var peer: PeerID? {
        guard let last = components.last, last.transport == .p2p else { return nil }
        return try? PeerID(decoding: last.value)
    }

    /// The address with this peer named last.
    public func naming(_ peer: PeerID) -> Multiaddr {
        let rest = components.last?.transport == .p2p ? Array(components.dropLast()) : components
        return Multiaddr(components: rest + [Component(transport: .p2p, value: peer.bytes)])
    }
}
