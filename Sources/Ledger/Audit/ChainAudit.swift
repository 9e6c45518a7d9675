import Crypto
import EVM
public import Machine
import Primitives
import Store

/// Whether a database is what the chain's headers commit to: every block, and the newest state.
///
/// All is computed anew from what the database holds. What follows from the rest is rebuilt beside:
/// ``repairs`` mends the findings that can be mended so. Takes some hundred bytes of memory for each
/// account. Give it a snapshot that leaves unreadable values out.
public struct ChainAudit: Sendable {
    /// One thing that is not as it must be.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
        /// Whether ``ChainAudit/repairs`` mends it.
        public let isMended: Bool
    }

    /// What is wrong, in the order of the blocks, and then of the state.
    public private(set) var findings: [Finding] = []
    /// How many findings there were beyond those that are kept.
    public private(set) var further = 0
    /// What to write so that the findings that can be are mended.
    public private(set) var repairs: [Write] = []
    /// The newest block; `nil` if none is named.
    public private(set) var head: UInt64?
    /// How many blocks were looked at.
    public private(set) var blockCount = 0
    /// How many accounts the newest state has.
    public internal(set) var accountCount = 0
    /// How many slots their storage has.
    public internal(set) var slotCount = 0

    let snapshot: any Snapshot
    let rules: ChainRules

    /// How many findings are kept.
    public static let findingLimit = 100

    /// Looks at everything.
    public init(_ snapshot: any Snapshot, rules: ChainRules) {
        self.snapshot = snapshot
        self.rules = rules
        checkFacts()
        guard let newest = newestHeader() else { return }
        checkBlocks(to: newest.header, hash: newest.hash)
        checkState(of: newest.header)
    }

    /// Whether all is as it must be.
    public var isSound: Bool { findings.isEmpty }

    /// Whether all that was found is mended by ``repairs``.
    public var isMended: Bool { further == 0 && findings.allSatisfy(\.isMended) }

    mutating func note(_ text: String, mendedBy repairs: [Write] = []) {
        self.repairs += repairs
        guard findings.count < Self.findingLimit else { return further += 1 }
        findings.append(Finding(description: text, isMended: !repairs.isEmpty))
    }

    private func fact(_ fact: Tables.Meta) -> [UInt8]? {
        snapshot.value(fact.key, in: Tables.meta)
    }

    private mutating func checkFacts() {
        for (name, fact) in [
            ("version", Tables.Meta.version), ("genesis", .genesis), ("oldest state", .oldestState),
        ] where self.fact(fact) == nil {
            note("fact \(name): missing", mendedBy: mending(fact))
        }
    }

    /// What a lost fact must be, as far as it follows from the rest.
    private func mending(_ fact: Tables.Meta) -> [Write] {
        switch fact {
        case .version: [Write(Tables.meta, fact.key, Tables.key(Tables.version))]
        case .genesis:
            snapshot.value(Tables.key(0), in: Tables.headers)
                .map { [Write(Tables.meta, fact.key, Array($0.prefix(32)))] } ?? []
        default:
            // States whose changes cannot be told apart from missing ones are not read any more.
            self.fact(.head).map { [Write(Tables.meta, fact.key, Array($0.prefix(8)))] } ?? []
        }
    }

    private mutating func newestHeader() -> (header: Header, hash: Hash32)? {
        // Lost, the newest block is the last of the headers.
        guard
            let last = fact(.head)
                ?? snapshot.last(in: Tables.headers).map({
                    $0.key + $0.value.prefix(32)
                }), last.count == 40, let number = Tables.number(last),
            let hash = Hash32(Array(last.suffix(32)))
        else {
            note("the newest block is not named")
            return nil
        }
        if fact(.head) == nil {
            note(
                "fact head: missing", mendedBy: [Write(Tables.meta, Tables.Meta.head.key, last)])
        }
        guard let header = header(number, hash: hash) else {
            note("header \(number): missing or unreadable")
            return nil
        }
        head = number
        return (header, hash)
    }

    private func header(_ number: UInt64, hash: Hash32) -> Header? {
        guard let bytes = snapshot.value(Tables.key(number), in: Tables.headers),
            let header = try? Header(decoding: Array(bytes.dropFirst(32))), header.hash == hash,
            Hash32(Array(bytes.prefix(32))) == hash, header.number == number
        else { return nil }
        return header
    }

    /// Goes from the newest block to the oldest that is kept, each named by the one after it.
    private mutating func checkBlocks(to newest: Header, hash: Hash32) {
        let oldest = max(fact(.oldestBlock).flatMap { Tables.number($0) } ?? 0, 0)
        var next: (header: Header, hash: Hash32)? = (newest, hash)
        while let (header, hash) = next {
            blockCount += 1
            check(header, hash)
            guard header.number > oldest else { break }
            next = self.header(header.number - 1, hash: header.parentHash)
                .map { ($0, header.parentHash) }
            if next == nil, header.number > 0 {
                note("header \(header.number - 1): missing, or not the one that is named next")
            }
        }
    }

    private mutating func check(_ header: Header, _ hash: Hash32) {
        let number = header.number
        let key = Tables.key(number)
        if snapshot.value(Tables.key(hash), in: Tables.numbers) != key {
            note(
                "number of block \(number): missing or another",
                mendedBy: [Write(Tables.numbers, Tables.key(hash), key)])
        }
        guard let body = snapshot.value(key, in: Tables.bodies),
            let block = Block(header: header, hash: hash, storedBody: body),
            Block.transactionsRoot(block.transactions) == header.transactionsRoot,
            Block.ommersHash(block.ommers) == header.ommersHash,
            block.withdrawals.map({ Block.withdrawalsRoot($0) }) == header.withdrawalsRoot
        else { return note("body \(number): missing, or not the header's") }
        checkReceipts(of: block)
        for write in Overlay.places(of: block)
        where snapshot.value(write.key, in: write.table) != write.value {
            note(
                "place of a transaction of block \(number): missing or another",
                mendedBy: [write])
        }
    }

    private mutating func checkReceipts(of block: Block) {
        let key = Tables.key(block.number)
        let stored = snapshot.value(key, in: Tables.receipts).flatMap { Receipt.stored($0) }
        // The first block's state is given, not executed.
        if let stored, block.number == 0 || isRight(stored, block) { return }
        let text = "receipts \(block.number): missing, or not the header's"
        guard let receipts = executed(block), isRight(receipts, block) else { return note(text) }
        note(
            text, mendedBy: [Write(Tables.receipts, key, Receipt.stored(receipts))])
    }

    private func isRight(_ receipts: [Receipt], _ block: Block) -> Bool {
        Block.receiptsRoot(receipts) == block.header.receiptsRoot
    }

    /// The receipts of a block that is executed again, if the state before it is kept.
    private func executed(_ block: Block) -> [Receipt]? {
        guard let head, block.number > 0,
            let parent = header(block.number - 1, hash: block.header.parentHash)
        else { return block.transactions.isEmpty ? [] : nil }
        let view = ChainView(
            rules: rules, head: parent, headHash: block.header.parentHash, finalized: head,
            history: .full, timesMayRepeat: true, layers: [], snapshot: snapshot,
            blocksOnDisk: head + 1)
        guard let state = try? view.state(at: parent.number) else { return nil }
        let execution = try? Execution(
            of: block.transactions, withdrawals: block.withdrawals ?? [], ommers: block.ommers,
            in: view.environment(of: block.header), on: state)
        return execution?.receipts
    }
}
