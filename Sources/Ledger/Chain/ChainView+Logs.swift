public import Identifiers
public import Primitives

/// Which logs are wanted.
public struct LogFilter: Hashable, Sendable {
    /// The first block.
    public var from: UInt64
    /// The last block.
    public var to: UInt64
    /// The contracts; any if empty.
    public var addresses: [Address]
    /// For each place the topics that may stand there; any where empty.
    public var topics: [[Hash32]]

    /// Creates a filter.
    public init(from: UInt64, to: UInt64, addresses: [Address] = [], topics: [[Hash32]] = []) {
        self.from = from
        self.to = to
        self.addresses = addresses
        self.topics = topics
    }

    /// Whether a log is wanted, apart from its block.
    public func matches(_ log: Log) -> Bool {
        guard addresses.isEmpty || addresses.contains(log.address),
            topics.count <= log.topics.count
        else { return false }
        return zip(topics, log.topics).allSatisfy { $0.isEmpty || $0.contains($1) }
    }

    /// Whether a block with this bloom can hold a log that is wanted.
    public func mayMatch(_ bloom: Bloom) -> Bool {
        guard addresses.isEmpty || addresses.contains(where: { bloom.mayContain($0) }) else {
            return false
        }
        return topics.allSatisfy { wanted in
            wanted.isEmpty || wanted.contains { bloom.mayContain($0) }
        }
    }
}

/// A log and where it is.
public struct PlacedLog: Hashable, Sendable {
    /// The log.
    public let log: Log
    /// The block's hash.
    public let block: Hash32
    /// The block's number.
    public let number: UInt64
    /// The block's time.
    public let timestamp: UInt64
    /// The transaction's hash.
    public let transaction: Hash32
    /// Which of the block's transactions it is.
    public let transactionIndex: Int
    /// Which of the block's logs it is.
    public let index: Int
}

extension ChainView {
    /// How many blocks one search may look at.
    public static let logRangeLimit: UInt64 = 10_000
    /// How many logs one search may find.
    public static let logLimit = 10_000

    /// The logs that a filter wants, in order; throws if the search is too wide or finds too many.
    public func logs(_ filter: LogFilter) throws(ChainError) -> [PlacedLog] {
        let last = min(filter.to, head.number)
        guard filter.from <= last else { return [] }
        guard last - filter.from < ChainView.logRangeLimit else {
            throw .tooMany("query exceeds max block range \(ChainView.logRangeLimit)")
        }
        guard !isPruned(max(filter.from, 1)) else { throw .blocksPruned(oldest: oldestBlock) }
        var found: [PlacedLog] = []
        for number in filter.from...last {
            guard let header = header(number: number) else {
                throw .damaged("header \(number) is missing")
            }
            guard filter.mayMatch(header.logsBloom) else { continue }
            found += try logs(number: number).filter { filter.matches($0.log) }
            guard found.count <= ChainView.logLimit else {
                throw .tooMany("query returned more than \(ChainView.logLimit) results")
            }
        }
        return found
    }

    /// All logs of a block, in order.
    public func logs(number: UInt64) throws(ChainError) -> [PlacedLog] {
        guard let block = block(number: number) else {
            throw .damaged("block \(number) is missing")
        }
        guard let receipts = receipts(number: number) else {
            throw .damaged("receipts of block \(number) are missing")
        }
        return PlacedLog.all(of: block, receipts)
    }
}

extension PlacedLog {
    /// All logs of a block, in order.
    static func all(of block: Block, _ receipts: [Receipt]) -> [PlacedLog] {
        var logs: [PlacedLog] = []
        for (index, (transaction, receipt)) in zip(block.transactions, receipts).enumerated() {
            for log in receipt.logs {
                logs.append(
                    PlacedLog(
                        log: log, block: block.hash, number: block.number,
                        timestamp: block.header.timestamp, transaction: transaction.hash,
                        transactionIndex: index, index: logs.count))
            }
        }
        return logs
    }
}
