import Crypto
import Identifiers
import Ledger
import Machine
import Primitives
import Testing
import Trie

@Suite struct ChainTests {
    @Test(
        "blocks built are valid elsewhere, and a chain opened anew is as it was left",
        arguments: 0..<6)
    func life(seed: UInt64) throws {
        var random = Random(seed: seed)
        var maker = try Village(history: .newest(5))
        var other = try Village(history: .newest(5))
        var nonces: [Int: UInt64] = [:]
        var roots: [UInt64: [UInt256]] = [:]
        for _ in 0..<20 {
            let count = Int.random(in: 0...12, using: &random)
            let transactions = (0..<count).map { _ in
                Village.transaction(&random, nonces: &nonces)
            }
            let view = maker.chain.view
            let built = try view.build(transactions, Village.attributes(after: view.head))
            #expect(built.passed.isEmpty)
            #expect(built.overlay.block.transactions == transactions)
            try maker.chain.insert(built.overlay)
            let bytes = built.overlay.block.encoded
            let block = try Block(decoding: bytes)
            #expect(block == built.overlay.block)
            let overlay = try other.chain.view.validate(block, extraData: [1, 2, 3])
            try other.chain.insert(overlay)
            for index in [0, 1] {
                let hash = block.hash
                let proof: [UInt8] = [9]
                let result =
                    index == 0
                    ? try maker.chain.finalize(hash, certificate: proof)
                    : try other.chain.finalize(hash, certificate: proof)
                #expect(result.blocks.map(\.hash) == [hash])
                // Reads are the same from memory, with the batch on disk, and from disk alone.
                if index == 0 { maker.disk.commit(result.writes) }
                if index == 1 { other.disk.commit(result.writes) }
                if index == 0, Bool.random(using: &random) { maker.chain.committed(hash) }
                if index == 1, Bool.random(using: &random) { other.chain.committed(hash) }
            }
            roots[block.number] = (0..<6).map {
                maker.chain.view.state.storage(Village.keeper, UInt256($0))
            }
            try check(maker.chain.view, block)
            try check(other.chain.view, block)
        }
        #expect(maker.disk.contents == other.disk.contents)
        let reopened = try Chain.open(maker.disk, genesis: Village.genesis, history: .newest(5))
        #expect(reopened.writes.isEmpty)
        #expect(reopened.chain.headHash == maker.chain.headHash)
        try history(reopened.chain.view, roots)
    }

    /// A block is found in every way, and the flat state agrees with the trie.
    private func check(_ view: ChainView, _ block: Block) throws {
        #expect(view.block(number: block.number) == block)
        #expect(view.block(hash: block.hash) == block)
        #expect(view.header(hash: block.header.parentHash)?.number == block.number - 1)
        #expect(view.receipts(hash: block.hash)?.count == block.transactions.count)
        for (index, transaction) in block.transactions.enumerated() {
            let place = try #require(view.transaction(transaction.hash))
            #expect(place.block == block.hash && place.index == index)
        }
        #expect(
            view.receipts(number: block.number).map(Block.receiptsRoot) == block.header.receiptsRoot
        )
        try checkProofs(view, number: block.number, root: block.header.stateRoot)
        let logs = try view.logs(
            LogFilter(from: block.number, to: block.number, addresses: [Village.keeper]))
        let calls = block.transactions.filter { $0.transaction.to == Village.keeper }
        #expect(logs.map(\.transaction) == calls.map(\.hash))
        #expect(logs.map(\.index) == Array(logs.indices))
        // What is searched for in stored bytes is what is found among logs that were taken out.
        let words = (0..<3).map { Hash32(a: 0, b: 0, c: 0, d: $0) }
        for topics in [[], [[words[0]]], [[words[1], words[2]]], [[], [words[0]]], [[]]] {
            for addresses in [[], [Village.keeper], [Village.address(0)]] {
                let filter = LogFilter(
                    from: block.number, to: block.number, addresses: addresses, topics: topics)
                #expect(try view.logs(filter) == logs.filter { filter.matches($0.log) })
            }
        }
    }

    private func checkProofs(_ view: ChainView, number: UInt64, root: Hash32) throws {
        let slots = (0..<6).map { UInt256($0) }
        for address in [Village.keeper, Village.address(3), Address(UInt256(99_999))] {
            let proof = try view.proof(of: address, slots: slots, at: number)
            let proven = try Trie.value(
                of: NodePath(keccak256(address.bytes)), in: proof.proof, root: root)
            #expect(proven == proof.account?.encoded)
            #expect(try view.state(at: number).account(address) == proof.account?.account)
            let storageRoot = proof.account?.storageRoot ?? Trie.emptyRoot
            for slot in proof.slots {
                let value = try Trie.value(
                    of: NodePath(keccak256(slot.key.bytes)), in: slot.proof, root: storageRoot)
                #expect(value == nil ? slot.value.isZero : value?.last == UInt8(slot.value.w0))
            }
        }
    }

    /// States of recent blocks are as they were, with proofs, and older ones are refused.
    private func history(_ view: ChainView, _ roots: [UInt64: [UInt256]]) throws {
        #expect(view.oldestState == 15)
        for number in 15...20 as ClosedRange<UInt64> {
            let state = try view.state(at: number)
            let values = (0..<6).map { state.storage(Village.keeper, UInt256($0)) }
            #expect(values == roots[number])
            let header = try #require(view.header(number: number))
            try checkProofs(view, number: number, root: header.stateRoot)
        }
        #expect(throws: ChainError.statePruned(number: 14, oldest: 15)) {
            try view.state(at: 14)
        }
        #expect(throws: ChainError.unknownNumber(21)) { try view.state(at: 21) }
    }

    @Test("of two branches one becomes final, and the other is forgotten")
    func branches() throws {
        var village = try Village()
        var nonces: [Int: UInt64] = [:]
        var random = Random(seed: 1)
        let genesis = village.chain.headHash
        func child(of hash: Hash32, _ chain: inout Chain) throws -> Overlay {
            let view = try #require(chain.view(of: hash))
            let transaction = Village.transaction(&random, nonces: &nonces)
            nonces = [:]
            let built = try view.build([transaction], Village.attributes(after: view.head))
            try chain.insert(built.overlay)
            return built.overlay
        }
        let left = try child(of: genesis, &village.chain)
        let right = try child(of: genesis, &village.chain)
        let leftChild = try child(of: left.hash, &village.chain)
        let rightChild = try child(of: right.hash, &village.chain)
        #expect(left.hash != right.hash)
        #expect(village.chain.head.number == 0)
        let result = try village.chain.finalize(leftChild.hash)
        #expect(result.blocks.map(\.hash) == [left.hash, leftChild.hash])
        #expect(village.chain.overlay(right.hash) == nil)
        #expect(village.chain.overlay(rightChild.hash) == nil)
        #expect(throws: ChainError.unknownBlock(rightChild.hash)) {
            try village.chain.finalize(rightChild.hash)
        }
        #expect(throws: ChainError.unknownBlock(right.hash)) {
            try village.chain.insert(rightChild)
        }
        // The next block can be built before the disk has the last.
        let next = try child(of: leftChild.hash, &village.chain)
        village.disk.commit(result.writes)
        village.chain.committed(leftChild.hash)
        #expect(village.chain.overlay(leftChild.hash) == nil)
        _ = try village.chain.finalize(next.hash)
        #expect(village.chain.view.block(hash: left.hash) == left.block)
    }

    @Test("a block that lies in any field of its header is refused with the reason")
    func lies() throws {
        let village = try Village()
        let view = village.chain.view
        let attributes = Village.attributes(after: view.head)
        let block = try view.build([], attributes).overlay.block
        func refused(_ change: (inout Header) -> Void) -> InvalidBlock? {
            var header = block.header
            change(&header)
            let lie = Block(header: header, transactions: [], withdrawals: [])
            do throws(InvalidBlock) {
                _ = try view.validate(lie)
                return nil
            } catch {
                return error
            }
        }
        let one = UInt256(1).hash
        #expect(refused { _ in } == nil)
        #expect(refused { $0.parentHash = one } == .parent(found: one, expected: view.headHash))
        #expect(refused { $0.number = 2 } == .number(found: 2, expected: 1))
        #expect(
            refused { $0.gasLimit += 30_000 } == .gasLimit(found: 30_030_000, parent: 30_000_000))
        #expect(refused { $0.gasUsed = 1 } == .gasUsed(found: 1, expected: 0))
        #expect(refused { $0.extraData = [UInt8](repeating: 0, count: 33) } == .extraData)
        #expect(refused { $0.difficulty = 1 } == .difficulty(found: 1, expected: 0))
        #expect(refused { $0.nonce = 1 } == .nonce)
        #expect(refused { $0.ommersHash = one } == .ommers)
        #expect(
            refused { $0.baseFeePerGas = 1 }
                == .baseFee(found: 1, expected: view.head.nextBaseFee))
        #expect(refused { $0.withdrawalsRoot = nil } == .withdrawals)
        #expect(refused { $0.withdrawalsRoot = one } == .withdrawals)
        #expect(refused { $0.excessBlobGas = 1 } == .excessBlobGas(found: 1, expected: 0))
        #expect(refused { $0.parentBeaconBlockRoot = nil } == .parentBeaconBlockRoot)
        #expect(
            refused { $0.requestsHash = one }
                == .requestsHash(found: one, expected: Header.emptyRequestsHash))
        #expect(
            refused { $0.stateRoot = one }
                == .stateRoot(found: one, expected: block.header.stateRoot))
        #expect(
            refused { $0.receiptsRoot = one }
                == .receiptsRoot(found: one, expected: Trie.emptyRoot))
        #expect(
            refused { $0.transactionsRoot = one }
                == .transactionsRoot(found: one, expected: Trie.emptyRoot))
        #expect(
            refused { $0.logsBloom = Bloom([Log(address: .zero, topics: [], data: [])]) }
                == .logsBloom)
        #expect(throws: InvalidBlock.extraData) { try view.validate(block, extraData: [4]) }
    }

    @Test("a damaged, foreign or newer database is told when it is opened")
    func damage() throws {
        let village = try Village()
        func reopened(_ writes: [Write]) -> ChainError? {
            let disk = MemoryDisk()
            disk.commit(
                village.disk.contents.map {
                    Write(Table($0.key[0]), Array($0.key.dropFirst()), $0.value)
                } + writes)
            do throws(ChainError) {
                _ = try Chain.open(disk, genesis: Village.genesis)
                return nil
            } catch {
                return error
            }
        }
        let zero: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
        #expect(reopened([]) == nil)
        #expect(
            reopened([Write(Table(0), [0], [0, 0, 0, 0, 0, 0, 0, 9])])
                == .version(found: 9, expected: 1))
        #expect(
            reopened([Write(Table(0), [1], UInt256(1).bytes)])
                == .genesis(found: UInt256(1).hash, expected: Village.genesis.hash))
        #expect(
            reopened([Write(Table(0), [4], [0, 0, 0, 0, 0, 0, 0, 9])])
                == .chainID(found: 9, expected: Village.genesis.rules.chainID))
        #expect(reopened([Write(Table(0), [2], nil)]) == .damaged("the newest block is not named"))
        #expect(reopened([Write(Table(6), zero, nil)]) == .damaged("header 0 is missing"))
        #expect(
            reopened([Write(Table(7), zero, nil)]) == .damaged("parts of block 0 are missing"))
        #expect(
            reopened([Write(Table(4), [0], [0xc0])])
                == .damaged("the state is not that of block 0"))
    }
}
