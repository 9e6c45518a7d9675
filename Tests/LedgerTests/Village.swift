import Crypto
import Identifiers
import Ledger
import Machine
import Primitives

/// A small chain of its own with people who have keys and money.
struct Village {
    static let people: [Secp256k1.SecretKey] = (1...8).compactMap { number in
        Secp256k1.SecretKey(UInt256(UInt64(number) * 7919).bytes)
    }

    static func address(_ person: Int) -> Address {
        Address(people[person].publicKey.addressHash)
    }

    static var genesis: Genesis {
        var header = Header()
        header.gasLimit = 30_000_000
        header.baseFeePerGas = 1000
        let rich = people.indices.map {
            Allocation(address: address($0), balance: UInt256(1 << 60))
        }
        // Stores its input's first word under its second, and logs the first.
        let keeper = Allocation(
            address: Village.keeper, nonce: 1,
            code: [
                0x5f, 0x35, 0x60, 0x20, 0x35, 0x55, 0x5f, 0x35, 0x5f, 0x5f, 0xa1, 0x00,
            ])
        return Genesis(
            rules: ChainRules(chainID: 7), header: header,
            accounts: rich + [keeper] + Genesis.systemContracts,
            validators: [
                GenesisValidator(
                    address: address(0), publicKey: people[0].publicKey.compressed,
                    feeAddress: address(0))
            ])
    }

    static let keeper = Address(UInt256(0xcafe))

    let disk = MemoryDisk()
    var chain: Chain

    init(history: History = .blocks) throws {
        let opened = try Chain.open(disk, genesis: Village.genesis, history: history)
        chain = opened.chain
        disk.commit(opened.writes)
        chain.committed(chain.genesisHash)
    }

    /// A random transaction of a person with the nonce that comes next.
    static func transaction(
        _ random: inout Random, nonces: inout [Int: UInt64]
    ) -> SignedTransaction {
        let person = Int.random(in: people.indices, using: &random)
        let nonce = nonces[person, default: 0]
        nonces[person] = nonce + 1
        let isCall = Bool.random(using: &random)
        let slot = UInt256(UInt64.random(in: 0..<6, using: &random))
        let value = UInt256(UInt64.random(in: 0..<3, using: &random))
        let target = Address(UInt256(UInt64.random(in: 100..<140, using: &random)))
        return SignedTransaction(
            signing: Transaction(
                chainID: 7, nonce: nonce, maxPriorityFeePerGas: 5, maxFeePerGas: 5000,
                gasLimit: isCall ? 100_000 : 21_000, to: isCall ? keeper : target,
                value: isCall ? 0 : value, data: isCall ? value.bytes + slot.bytes : []),
            with: people[person])
    }

    static func attributes(after header: Header) -> BlockAttributes {
        BlockAttributes(
            timestamp: header.timestamp + 1, beneficiary: address(0), gasLimit: 30_000_000,
            extraData: [1, 2, 3])
    }
}
