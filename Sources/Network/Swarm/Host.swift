internal import Identifiers

/// From where an address can be reached.
enum Host: Hashable, Sendable {
    /// From this machine alone.
    case loopback
    /// From the network around it.
    case local
    /// From everywhere.
    case global
    /// It is no address, or stands for all of them.
    case unspecified

    /// Judges a numeric host (RFC 1918, RFC 3927, RFC 4193, RFC 4291, RFC 6598).
    init(_ host: String) {
        if let bytes = IPAddress.four(host) {
            self = Self.four(bytes)
        } else if let bytes = IPAddress.six(host) {
            self = Self.six(bytes)
        } else {
            self = .unspecified
        }
    }

    /// Whether a peer that is here may tell of an address that is there.
    func mayTell(of other: Host) -> Bool {
        switch (self, other) {
        case (_, .unspecified), (.unspecified, _): false
        case (.loopback, _), (_, .global): true
        case (.local, .local): true
        default: false
        }
    }

    private static func four(_ bytes: [UInt8]) -> Host {
        switch (bytes[0], bytes[1]) {
        case (127, _): .loopback
        case (0, _): .unspecified
        case (10, _), (192, 168), (172, 16...31), (169, 254), (100, 64...127): .local
        default: .global
        }
    }

    private static func six(_ bytes: [UInt8]) -> Host {
        if bytes.dropLast().allSatisfy({ $0 == 0 }) {
            return bytes[15] == 1 ? .loopback : .unspecified
        }
        // An address of version 4 in the clothes of version 6.
        if bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xff, 0xff]) {
            return four(Array(bytes.suffix(4)))
        }
        if bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80) {
            return .local
        }
        return .global
    }
}
