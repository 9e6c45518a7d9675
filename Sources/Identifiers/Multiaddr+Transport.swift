internal import Encoding

extension Multiaddr {
    /// One row of the table of protocols (multiformats/multiaddr, protocols.csv).
    public struct Transport: Hashable, Sendable {
        /// How long values are.
        public enum Size: Hashable, Sendable {
            /// There is no value.
            case none
            /// Values have so many bytes.
            case fixed(Int)
            /// Values tell their length.
            case variable
        }

        /// How values are written as text.
        enum Form: Hashable, Sendable {
            case none, ip4, ip6, number, name, path, peer, onion, base64
        }

        /// The number that stands for it in bytes.
        public let code: UInt64
        /// The word that stands for it in text.
        public let name: String
        /// How long its values are.
        public let size: Size
        let form: Form

        init(_ code: UInt64, _ name: String, _ size: Size = .none, _ form: Form = .none) {
            self.code = code
            self.name = name
            self.size = size
            self.form = form
        }

        /// Finds a protocol by its number.
        public init?(code: UInt64) {
            guard let row = Self.table.first(where: { $0.code == code }) else { return nil }
            self = row
        }

        /// Finds a protocol by its word; `ipfs` is an old word for `p2p`.
        public init?(name: String) {
            let word = name == "ipfs" ? "p2p" : name
            guard let row = Self.table.first(where: { $0.name == word }) else { return nil }
            self = row
        }

        /// IP, version 4.
        public static let ip4 = Transport(4, "ip4", .fixed(4), .ip4)
        /// IP, version 6.
        public static let ip6 = Transport(41, "ip6", .fixed(16), .ip6)
        /// TCP.
        public static let tcp = Transport(6, "tcp", .fixed(2), .number)
        /// A peer's name.
        public static let p2p = Transport(421, "p2p", .variable, .peer)

        /// All protocols that are known; garlic and the retired ones have no rows.
        static let table: [Transport] = [
            ip4, tcp, p2p, ip6,
            Transport(273, "udp", .fixed(2), .number),
            Transport(33, "dccp", .fixed(2), .number),
            Transport(42, "ip6zone", .variable, .name),
            Transport(43, "ipcidr", .fixed(1), .number),
            Transport(53, "dns", .variable, .name),
            Transport(54, "dns4", .variable, .name),
            Transport(55, "dns6", .variable, .name),
            Transport(56, "dnsaddr", .variable, .name),
            Transport(132, "sctp", .fixed(2), .number),
            Transport(301, "udt"), Transport(302, "utp"),
            Transport(400, "unix", .variable, .path),
            Transport(444, "onion", .fixed(12), .onion),
            Transport(445, "onion3", .fixed(37), .onion),
            Transport(448, "tls"),
            Transport(449, "sni", .variable, .name),
            Transport(454, "noise"), Transport(460, "quic"), Transport(461, "quic-v1"),
            Transport(465, "webtransport"),
            Transport(466, "certhash", .variable, .base64),
            Transport(480, "http"),
            Transport(481, "http-path", .variable, .name),
            Transport(443, "https"), Transport(477, "ws"), Transport(478, "wss"),
            Transport(479, "p2p-websocket-star"), Transport(277, "p2p-stardust"),
            Transport(275, "p2p-webrtc-star"), Transport(276, "p2p-webrtc-direct"),
            Transport(280, "webrtc-direct"), Transport(281, "webrtc"),
            Transport(290, "p2p-circuit"),
            Transport(777, "memory", .variable, .name),
        ]
    }
}

extension Multiaddr.Transport {
    /// Whether bytes are a value of this protocol.
    func accepts(_ value: [UInt8]) -> Bool {
        switch form {
        case .none: return value.isEmpty
        case .ip4, .ip6, .number, .onion: return size == .fixed(value.count)
        case .peer: return (try? PeerID(decoding: value)) != nil
        case .base64: return !value.isEmpty
        case .name:
            // The text must come back as it went: no slash but where it is escaped, no NUL.
            guard let text = String(validating: value, as: UTF8.self), !text.isEmpty else {
                return false
            }
            return code == 481 || !text.utf8.contains { $0 == 0x2f || $0 == 0 }
        case .path:
            guard let text = String(validating: value, as: UTF8.self) else { return false }
            return text.utf8.count > 1 && text.hasPrefix("/") && !text.hasSuffix("/")
                && !text.utf8.contains(0)
        }
    }

    /// A value from its text; `nil` if the text is none.
    func value(of text: String) -> [UInt8]? {
        switch form {
        case .none: return nil
        case .ip4: return IPAddress.four(text)
        case .ip6: return IPAddress.six(text)
        case .number: return number(text)
        case .name: return code == 481 ? Self.unescape(text) : Array(text.utf8)
        case .path: return Array(text.utf8)
        case .peer: return (try? PeerID(text))?.bytes
        case .base64:
            guard text.hasPrefix("u") else { return nil }
            return Base64URL.decode(text.dropFirst())
        case .onion:
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let host = try? Base32.decode(parts[0]),
                let port = UInt16(parts[1]), port > 0
            else { return nil }
            return host + [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        }
    }

    /// The text of a value that was accepted.
    func text(of value: [UInt8]) -> String {
        switch form {
        case .none: return ""
        case .ip4: return IPAddress.text(four: value)
        case .ip6: return IPAddress.text(six: value)
        case .number: return value.reduce(0) { $0 << 8 | Int($1) }.description
        case .name where code == 481: return Self.escape(value)
        case .name, .path: return String(decoding: value, as: UTF8.self)
        case .peer: return Base58.encode(value)
        case .base64: return "u" + Base64URL.encode(value)
        case .onion:
            let port = value.suffix(2).reduce(0) { $0 << 8 | Int($1) }
            return Base32.encode(Array(value.dropLast(2))) + ":" + port.description
        }
    }

    private func number(_ text: String) -> [UInt8]? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(text)
        else { return nil }
        guard size == .fixed(2) else { return number < 256 ? [UInt8(number)] : nil }
        return [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    private static func unescape(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        let characters = Array(text.utf8)
        var index = 0
        while index < characters.count {
            if characters[index] == 0x25 {
                guard index + 2 < characters.count, let high = Hex.value(characters[index + 1]),
                    let low = Hex.value(characters[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(characters[index])
                index += 1
            }
        }
        return bytes
    }

    private static func escape(_ value: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        for byte in value {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: text.append(byte)
            default: text += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
