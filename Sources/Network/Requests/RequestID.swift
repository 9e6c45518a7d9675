public import Machine

/// One request of a peer, by number; never used twice.
public struct RequestID: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// Creates a request's name by its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders requests by age.
    public static func < (left: RequestID, right: RequestID) -> Bool {
        left.number < right.number
    }
}

/// One stream of one link.
public struct StreamKey: Hashable, Comparable, Sendable {
    /// The link.
    public let link: Link
    /// The stream's number there.
    public let stream: UInt32

    /// Creates a stream's name.
    public init(_ link: Link, _ stream: UInt32) {
        self.link = link
        self.stream = stream
    }

    /// Orders streams by link, then by number.
    public static func < (left: StreamKey, right: StreamKey) -> Bool {
        (left.link, left.stream) < (right.link, right.stream)
    }
}
