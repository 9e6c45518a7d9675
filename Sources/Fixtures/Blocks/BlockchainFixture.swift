import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Machine
import Primitives

/// One case of a blockchain test: a first block, and blocks to import or to refuse.
///
/// All branches are kept, and the one with the most work leads. A case passes if each block is
/// taken, or refused for one of the reasons named, and if the chain ends in the block named.
struct BlockchainFixture {
    private let json: JSON
    private let network: NetworkRules
    private let checksSeal: Bool
    private var chain: Chain
    private var head: Hash32
    /// The total difficulty up to each block.
    private var totals: [Hash32: UInt256] = [:]

    static func cases(_ test: JSON.Member, _ filter: CaseFilter) throws -> [FixtureCase] {
        let network = try test.value["network"].text("network of \(test.name)")
        guard filter.admits(fork: network) else { return [] }
        return [
            {
                [
                    CaseResult(name: test.name, fork: network) {
                        var fixture = try BlockchainFixture(test.value, network: network)
                        return try fixture.run()
                    }
                ]
            }
        ]
    }

    init(_ json: JSON, network name: String) throws {
        self.json = json
        // The tests of execution witnesses (EIP-8025) were made with older rules for state gas.
        network = try NetworkRules(
            name, config: json["config"],
            paysForFailedState: json["blocks"]?.elements?.first?["executionWitness"] != nil)
        checksSeal = json["sealEngine"]?.text == "Ethash"
        var members = try json["genesisBlockHeader"].there("genesisBlockHeader").members ?? []
        members.append(.init("alloc", try json["pre"].there("pre")))
        let genesis = try Genesis(.object(members), rules: network.rules)
        let wanted = try json["genesisBlockHeader"]["hash"].hash("genesis hash")
        guard genesis.hash == wanted else {
            throw FixtureError("genesis \(genesis.hash), expected \(wanted)")
        }
        chain = try Chain.open(NoDisk(), genesis: genesis).chain
        head = chain.genesisHash
        totals[head] = genesis.header.difficulty
    }

    /// Imports the blocks; tells the first thing that is wrong.
    private mutating func run() throws -> String? {
        for (index, block) in json["blocks"].values.enumerated() {
            let refusal = take(try bytes(block))
            if let wrong = verdict(block, refusal) { return "block \(index): \(wrong)" }
        }
        let last = try json["lastblockhash"].hash("lastblockhash")
        guard head == last else { return "last block \(head), expected \(last)" }
        guard json["postStateHash"] != nil else { return nil }
        let root = try json["postStateHash"].hash("postStateHash")
        let found = chain.view(of: head)?.head.stateRoot
        return found == root ? nil : "state root \(found ?? .zero), expected \(root)"
    }

    /// The block's bytes; text that is no bytes is a block that nobody can read.
    private func bytes(_ block: JSON) throws -> [UInt8] {
        let text = try block["rlp"].text("rlp")
        return (try? Hex.decode(text)) ?? []
    }

    private func verdict(_ block: JSON, _ refusal: Refusal?) -> String? {
        let network = json["network"]?.text ?? ""
        let named = ["", "ALL", network].lazy.compactMap { block["expectException\($0)"]?.text }
        let reasons = named.first.map(Reasons.init)
        // Old tests say that a block is refused only by telling nothing of it.
        let mustFail = reasons != nil || block["blockHeader"] == nil
        switch refusal {
        case nil: return mustFail ? "taken, expected \(reasons?.description ?? "refusal")" : nil
        case .some(let refusal) where !mustFail: return "unexpected refusal: \(refusal)"
        case .some(let refusal):
            guard let reasons, !reasons.admit(refusal) else { return nil }
            return "refused as \(refusal), expected \(reasons)"
        }
    }

    /// Imports a block; tells why not, if so.
    private mutating func take(_ bytes: [UInt8]) -> Refusal? {
        do throws(Refusal) {
            let overlay = try overlay(of: bytes)
            let total = total(of: overlay.header)
            do {
                try chain.insert(overlay)
            } catch {
                throw .unknownParent(overlay.header.parentHash)
            }
            totals[overlay.hash] = total
            let best = totals[head] ?? .zero
            let isLater = total == best && overlay.header.difficulty.isZero
            if total > best || isLater && overlay.number > chain.view(of: head)?.number ?? 0 {
                head = overlay.hash
            }
            return nil
        } catch {
            return error
        }
    }

    private func total(of header: Header) -> UInt256 {
        (totals[header.parentHash] ?? .zero) &+ header.difficulty
    }

    /// Judges a block on its parent.
    private func overlay(of bytes: [UInt8]) throws(Refusal) -> Overlay {
        let isFrontier = network.rules.revision(atNumber: 0, timestamp: 0) < .homestead
        let block: Block
        do {
            block = try Block(decoding: bytes, isFrontier: isFrontier)
        } catch {
            throw .malformedBlock(error)
        }
        guard var parent = chain.view(of: block.header.parentHash) else {
            throw .unknownParent(block.header.parentHash)
        }
        if let terminal = network.terminalDifficulty {
            let isMerged = totals[block.header.parentHash] ?? .zero >= terminal
            if isMerged { parent = parent.following(network.merged) }
            let isWork = !block.header.difficulty.isZero
            guard isWork != isMerged else { throw .merge(isWork: isWork) }
        }
        if checksSeal {
            guard ([block.header] + block.ommers).allSatisfy({ $0.provesWork(Self.ethash) }) else {
                throw .seal
            }
        }
        do {
            return try parent.validate(block)
        } catch {
            throw .invalidBlock(BlockchainFixture.deeper(error, block, parent))
        }
    }

    /// What is wrong with the transactions, where the block does not even hold its own.
    ///
    /// The older suite's fillers left such transactions out of the root, and name their fault.
    private static func deeper(
        _ reason: InvalidBlock, _ block: Block, _ parent: ChainView
    ) -> InvalidBlock {
        guard case .transactionsRoot(_, let root) = reason else { return reason }
        var header = block.header
        header.transactionsRoot = root
        let whole = Block(
            header: header, transactions: block.transactions, ommers: block.ommers,
            withdrawals: block.withdrawals)
        do {
            _ = try parent.validate(whole)
        } catch .body(let error) {
            return .body(error)
        } catch {}
        return reason
    }

    /// The cache of the first epoch, in which all tests are.
    private static let ethash = Ethash(epoch: 0)
}

/// A disk with nothing on it: what an import holds is all in memory.
struct NoDisk: Disk, Snapshot {
    func snapshot() -> any Snapshot { self }
    func value(_ key: [UInt8], in table: Table) -> [UInt8]? { nil }
    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] { [] }
    func last(in table: Table) -> Entry? { nil }
}
