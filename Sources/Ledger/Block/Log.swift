public import Encoding
public import Identifiers
public import Primitives

/// What a contract noted while it ran.
public struct Log: Hashable, Sendable {
    /// The contract.
    public let address: Address
    /// At most four words that it can be found by.
    public let topics: [Hash32]
    /// Anything else.
    public let data: [UInt8]

    /// Creates a log.
    public init(address: Address, topics: [Hash32], data: [UInt8]) {
        self.address = address
        self.topics = topics
        self.data = data
    }

    /// Reads a log from its RLP.
    public init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("log", count: 3)
        address = try fields[0].address("log.address")
        var topics: [Hash32] = []
        for topic in try fields[1].list("log.topics") {
            topics.append(try topic.hash("log.topic"))
        }
        self.topics = topics
        data = try fields[2].bytes("log.data")
    }

    /// Appends the RLP.
    public func write(to writer: inout RLP.Writer) {
        writer.list { list in
            list.append(address)
            list.list { for topic in topics { $0.append(topic) } }
            list.append(data)
        }
    }
}
