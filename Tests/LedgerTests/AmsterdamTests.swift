import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives
import Testing

@Suite("Amsterdam, a preview") struct AmsterdamTests {
    private static var genesis: Genesis {
        let village = Village.genesis
        return Genesis(
            rules: ChainRules(chainID: 7, revision: .amsterdam), header: village.header,
            accounts: village.accounts, validators: village.validators)
    }

    @Test("a chain that its genesis puts on Amsterdam makes blocks that are valid elsewhere")
    func life() throws {
        var random = Random(seed: 3)
        var nonces: [Int: UInt64] = [:]
        var maker = try Chain.open(MemoryDisk(), genesis: Self.genesis).chain
        var other = maker
        var last = maker.genesisHash
        for number in 1...5 {
            var transactions: [SignedTransaction] = []
            for _ in 0..<6 {
                var signed = Village.transaction(&random, nonces: &nonces)
                // A slot that comes into being costs more than before (EIP-8037).
                var transaction = signed.transaction
                transaction.gasLimit = 300_000
                let person = try #require(
                    Village.people.firstIndex { Address($0.publicKey.addressHash) == signed.sender }
                )
                signed = SignedTransaction(signing: transaction, with: Village.people[person])
                transactions.append(signed)
            }
            let head = try #require(maker.view(of: last))
            let built = try head.build(transactions, Village.attributes(after: head.head))
            #expect(built.passed.isEmpty)
            try maker.insert(built.overlay)
            let block = try Block(decoding: built.overlay.block.encoded)
            #expect(block.header.slotNumber == UInt64(number))
            #expect(block.header.blockAccessListHash != BlockAccessList([]).hash)
            let parent = try #require(other.view(of: last))
            try other.insert(try parent.validate(block))
            last = block.hash

            var header = block.header
            header.blockAccessListHash = .zero
            let wrong = Block(
                header: header, transactions: block.transactions, withdrawals: block.withdrawals)
            #expect {
                _ = try parent.validate(wrong)
            } throws: { error in
                guard case InvalidBlock.accessList(found: .zero, _) = error else { return false }
                return true
            }
        }
    }

    @Test("it is off unless a genesis names its time")
    func isOff() throws {
        let rules = Village.genesis.rules
        #expect(rules.revision(atNumber: 1 << 40, timestamp: 1 << 40) == .osaka)
        let written = try Genesis(Self.genesis.json)
        #expect(written.hash == Self.genesis.hash)
        #expect(written.rules.revision(atNumber: 0, timestamp: 0) == .amsterdam)
        #expect(written.rules.blobParameters(atNumber: 0, timestamp: 0) == .amsterdam)
    }

    @Test("an access list is written as EIP-7928 says")
    func encoding() throws {
        #expect(BlockAccessList([]).hash == Header.emptyOmmersHash)
        var account = BlockAccessList.Account(Address(UInt256(1)))
        account.slots = [.init(key: 2, changes: [.init(index: 1, value: 3)])]
        account.reads = [4]
        account.balances = [.init(index: 1, value: 5)]
        account.nonces = [.init(index: 1, value: 6)]
        account.codes = [.init(index: 2, value: [7, 8])]
        let list = BlockAccessList([account])
        #expect(list.itemCount == 3)
        #expect(
            Hex.encode(list.encoded)
                == "0xedec94" + String(repeating: "0", count: 39) + "1"
                + "c6c502c3c20103" + "c104" + "c3c20105" + "c3c20106" + "c5c402820708")
    }
}
