import EVM
import Encoding
import Foundation
import Identifiers
import Ledger
import Machine
import Primitives
import Synchronization

/// One case of a blockchain test: a first block, and blocks to import or to refuse.
struct BlockchainFixture {
    /// What is wrong with a case, or with what came of it.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    let json: JSON
    let network: String

    init(_ json: JSON) throws {
        self.json = json
        network = try need(json["network"]?.text, "network")
    }

    /// Imports the blocks; returns how many were refused as they had to be.
    ///
    /// Each block is made final at once, or else all branches are kept and one ends in the last block.
    func run(keepingBranches: Bool = false) throws -> Int {
        let disk = TableDisk()
        let genesis = try genesis()
        let wanted = try need(json["genesisBlockHeader"]?["hash"]?.text, "genesis hash")
        guard genesis.hash.description == wanted else {
            throw Failure("genesis \(genesis.hash), expected \(wanted)")
        }
        let opened = try Chain.open(disk, genesis: genesis)
        var chain = opened.chain
        disk.commit(opened.writes)
        chain.committed(chain.genesisHash)
        var refused = 0
        for (index, block) in (json["blocks"]?.elements ?? []).enumerated() {
            let bytes = try Hex.decode(try need(block["rlp"]?.text, "rlp"))
            let exception = block["expectException"]?.text
            do {
                try importBlock(bytes, into: &chain, keepingBranches ? nil : disk)
                if let exception {
                    throw Failure("block \(index) was taken, expected \(exception)")
                }
            } catch let failure as Failure {
                throw failure
            } catch {
                guard exception != nil else { throw Failure("block \(index): \(error)") }
                refused += 1
            }
        }
        let last = try need(json["lastblockhash"]?.text, "lastblockhash")
        let hash = try need(Hash32(try Hex.decode(last)), "lastblockhash")
        guard chain.isOpen(hash) else {
            throw Failure("last block \(chain.headHash), expected \(last)")
        }
        return refused
    }

    private func importBlock(_ bytes: [UInt8], into chain: inout Chain, _ disk: TableDisk?) throws {
        let head = chain.head
        let isFrontier =
            chain.rules.revision(atNumber: head.number + 1, timestamp: head.timestamp) < .homestead
        let block = try Block(decoding: bytes, isFrontier: isFrontier)
        let parent = disk == nil ? chain.view(of: block.header.parentHash) : chain.view
        guard let parent else { throw ChainError.unknownBlock(block.header.parentHash) }
        try chain.insert(try parent.validate(block))
        guard let disk else { return }
        disk.commit(try chain.finalize(block.hash).writes)
        chain.committed(block.hash)
    }

    private func genesis() throws -> Genesis {
        let bytes = try Hex.decode(try need(json["genesisRLP"]?.text, "genesisRLP"))
        let block = try Block(decoding: bytes)
        return Genesis(
            rules: try rules(), header: block.header,
            accounts: try (json["pre"]?.members ?? []).map(allocation))
    }

    private func allocation(_ member: JSON.Member) throws -> Allocation {
        var account = Allocation(address: try Address(hex: member.name))
        account.nonce = try number(member.value["nonce"]).asUInt64 ?? 0
        account.balance = try number(member.value["balance"])
        account.code = try Hex.decode(member.value["code"]?.text ?? "")
        for slot in member.value["storage"]?.members ?? [] {
            account.storage[try need(UInt256(slot.name), "slot")] = try number(slot.value)
        }
        return account
    }

    private func rules() throws -> ChainRules {
        let names = Self.revisions
        var forks: [ChainRules.Fork] = []
        var blobs: [ChainRules.BlobChange] = []
        // `AToBAtTime15k`: the second begins at the time 15,000.
        let parts = network.split(separator: "AtTime15k")[0].components(separatedBy: "To")
        for (index, name) in parts.enumerated() {
            let isLater = index > 0
            let revision = try need(names[name], "network \(network)")
            forks.append(.init(revision, isLater ? .time(15_000) : .block(0)))
            guard let blob = json["config"]?["blobSchedule"]?[name] else { continue }
            let parameters = BlobParameters(
                target: try number(blob["target"]).w0, max: try number(blob["max"]).w0,
                baseFeeUpdateFraction: try number(blob["baseFeeUpdateFraction"]).w0)
            blobs.append(.init(parameters, isLater ? .time(15_000) : .block(0)))
        }
        // The older suite says nothing of it: then it is 1.
        let chainID = json["config"] == nil ? 1 : try number(json["config"]?["chainid"]).w0
        return ChainRules(chainID: chainID, forks: forks, blobChanges: blobs)
    }

    private static let revisions: [String: Revision] = [
        "Frontier": .frontier, "Homestead": .homestead, "Byzantium": .byzantium,
        "ConstantinopleFix": .petersburg, "Istanbul": .istanbul, "Berlin": .berlin,
        "London": .london, "Paris": .paris, "Shanghai": .shanghai, "Cancun": .cancun,
        "Prague": .prague, "Osaka": .osaka, "BPO1": .osaka, "BPO2": .osaka, "BPO3": .osaka,
        "BPO4": .osaka,
    ]
}

private func need<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw BlockchainFixture.Failure("\(what) is missing or unknown") }
    return value
}

private func number(_ json: JSON?) throws -> UInt256 {
    let text = try need(json?.text, "number")
    return try need(UInt256(text == "0x" ? "0x0" : text), "number \(text)")
}

/// A disk in memory, as much of one as an import needs.
final class TableDisk: Disk {
    private let tables = Mutex<[Table: [[UInt8]: [UInt8]]]>([:])

    func snapshot() -> any Snapshot { TableSnapshot(tables: tables.withLock { $0 }) }

    func commit(_ writes: [Write]) {
        tables.withLock { tables in
            for write in writes { tables[write.table, default: [:]][write.key] = write.value }
        }
    }
}

/// What a disk in memory held at one moment.
struct TableSnapshot: Snapshot {
    let tables: [Table: [[UInt8]: [UInt8]]]

    func value(_ key: [UInt8], in table: Table) -> [UInt8]? { tables[table]?[key] }

    func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] {
        let found = (tables[table] ?? [:]).filter { !$0.key.lexicographicallyPrecedes(start) }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
            .map { Entry(key: $0.key, value: $0.value) }
    }

    func last(in table: Table) -> Entry? {
        tables[table]?.max { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Entry(key: $0.key, value: $0.value) }
    }
}
