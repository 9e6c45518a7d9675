import Encoding
import Ledger
import Primitives
import Testing

private let officialChains = "../shared/conformance/ethereum/06-rpc-extra/chains.tar.zst"

/// Chains that other clients made, imported without a consensus check.
@Suite(.enabled(if: SharedFile.isThere(officialChains), "the official chains are missing"))
struct ImportTests {
    #if DEBUG
    /// How far chains are imported: without the optimiser the whole would take minutes.
    private let limit: UInt64 = 150
    #else
    private let limit = UInt64.max
    #endif

    @Test(
        "an official chain is imported whole, and ends in its head",
        arguments: [("geth-ethtest-chain", 600), ("hive-sync-chain", 3000)])
    func chains(name: String, count: UInt64) throws {
        let genesis = try Genesis(
            decoding: SharedFile.read(officialChains, "chains/\(name)/genesis.json"))
        let bytes = try SharedFile.read(officialChains, "chains/\(name)/chain.rlp")
        let head = try JSON(
            decoding: SharedFile.read(officialChains, "chains/\(name)/headblock.json"))
        let disk = MemoryDisk()
        let opened = try Chain.open(disk, genesis: genesis)
        var chain = opened.chain
        disk.commit(opened.writes)
        chain.committed(chain.genesisHash)
        for item in try RLP.items(in: bytes, 0..<bytes.count) {
            let block = try Block(decoding: Array(bytes[item.whole]))
            try chain.insert(try chain.view.validate(block))
            disk.commit(try chain.finalize(block.hash).writes)
            chain.committed(block.hash)
            if block.number == limit { break }
        }
        #expect(chain.head.number == min(count, limit))
        if count <= limit { #expect(chain.headHash.description == head["hash"]?.text) }
    }
}
