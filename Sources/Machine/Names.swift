/// One connection, by number; never used twice.
public struct Link: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// Creates a link by its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders links by age.
    public static func < (left: Link, right: Link) -> Bool {
        left.number < right.number
    }
}

/// One WebSocket, by number; never used twice.
public struct Session: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// Creates a session by its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders sessions by age.
    public static func < (left: Session, right: Session) -> Bool {
        left.number < right.number
    }
}

/// Ties an answer to what was asked; never used twice by one asker.
///
/// A resident draws the tickets of what it asks; the driver draws those of HTTP requests. The two
/// number apart: a ticket that comes with `.requested` means something only in `.reply`.
public struct Ticket: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// Creates a ticket by its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders tickets by age.
    public static func < (left: Ticket, right: Ticket) -> Bool {
        left.number < right.number
    }
}

/// Where a connection begins or ends.
public struct Endpoint: Hashable, Sendable {
    /// The address, numeric.
    public let host: String
    /// The port.
    public let port: UInt16

    /// Creates an endpoint.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
