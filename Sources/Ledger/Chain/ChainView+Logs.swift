import Encoding
public import Identifiers
import Machine
public import Primitives
import Store

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
            found += try logs(filter, number: number)
            guard found.count <= ChainView.logLimit else {
                throw .tooMany("query returned more than \(ChainView.logLimit) results")
            }
        }
        return found
    }

    /// The wanted logs of one block, in order.
    private func logs(_ filter: LogFilter, number: UInt64) throws(ChainError) -> [PlacedLog] {
        let wanted: [LogFilter.Found]
        if let layer = layer(number) {
            wanted = filter.wanted(of: layer.receipts)
        } else {
            guard let stored = snapshot.value(Tables.key(number), in: Tables.receipts),
                let found = try? filter.wanted(ofStored: stored)
            else { throw .damaged("receipts of block \(number) are missing") }
            wanted = found
        }
        guard !wanted.isEmpty else { return [] }
        guard let block = block(number: number), let last = wanted.last,
            block.transactions.indices.contains(last.transaction)
        else { throw .damaged("block \(number) is missing") }
        return wanted.map { found in
            PlacedLog(
                log: found.log, block: block.hash, number: number,
                timestamp: block.header.timestamp,
                transaction: block.transactions[found.transaction].hash,
                transactionIndex: found.transaction, index: found.index)
        }
    }
}

extension LogFilter {
    /// A wanted log, and where in its block it is.
    struct Found {
        /// Which of the block's transactions made it.
        let transaction: Int
        /// Which of the block's logs it is.
        let index: Int
        /// The log.
        let log: Log
    }

    /// The wanted logs of a block's receipts.
    fileprivate func wanted(of receipts: [Receipt]) -> [Found] {
        var found: [Found] = []
        var index = 0
        for (transaction, receipt) in receipts.enumerated() {
            for log in receipt.logs {
                if matches(log) {
                    found.append(Found(transaction: transaction, index: index, log: log))
                }
                index += 1
            }
        }
        return found
    }

    /// The wanted logs of a block's receipts as the store keeps them.
    ///
    /// They are compared as they lie there, and only what is wanted is taken out: a search goes
    /// over a million logs to find a few.
    fileprivate func wanted(ofStored bytes: [UInt8]) throws(RLP.Failure) -> [Found] {
        let receipts = try RLP.item(in: bytes, at: 0, end: bytes.count).payload
        var found: [Found] = []
        var (cursor, transaction, index) = (receipts.lowerBound, 0, 0)
        while cursor < receipts.upperBound {
            let receipt = try RLP.item(in: bytes, at: cursor, end: receipts.upperBound)
            let logs = try RLP.item(in: bytes, 3, of: receipt).payload
            var next = logs.lowerBound
            while next < logs.upperBound {
                let log = try RLP.item(in: bytes, at: next, end: logs.upperBound)
                if try wants(log, in: bytes) {
                    let value = try Log(RLP.decode(Array(bytes[log.whole])))
                    found.append(Found(transaction: transaction, index: index, log: value))
                }
                next = log.whole.upperBound
                index += 1
            }
            cursor = receipt.whole.upperBound
            transaction += 1
        }
        return found
    }

    /// Whether a log is wanted, of which the bytes are there.
    private func wants(_ log: RLP.Item, in bytes: [UInt8]) throws(RLP.Failure) -> Bool {
        let address = try RLP.item(in: bytes, 0, of: log)
        if !addresses.isEmpty {
            let word = UInt256(bigEndian: bytes.span.extracting(address.payload))
            guard let word, addresses.contains(Address(word)) else { return false }
        }
        guard !topics.isEmpty else { return true }
        let end = log.payload.upperBound
        let list = try RLP.item(in: bytes, at: address.whole.upperBound, end: end).payload
        var next = list.lowerBound
        for wanted in topics {
            guard next < list.upperBound else { return false }
            let topic = try RLP.item(in: bytes, at: next, end: list.upperBound)
            next = topic.whole.upperBound
            guard !wanted.isEmpty else { continue }
            let hash = Hash32(bytes.span.extracting(topic.payload))
            guard let hash, wanted.contains(hash) else { return false }
        }
        return true
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
