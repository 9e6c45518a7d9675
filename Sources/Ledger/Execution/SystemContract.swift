import Crypto
import EVM
public import Identifiers
public import Primitives

/// The contracts that the rules themselves call, and who calls them then.
public enum SystemContract {
    /// What keeps the roots of beacon blocks (EIP-4788).
    public static let beaconRoots = Address(
        a: 0x000f_3df6_d732_807e, b: 0xf131_9fb7_b8bb_8522, c: 0xd0be_ac02)
    /// What keeps the hashes of recent blocks (EIP-2935).
    public static let blockHashes = Address(
        a: 0x0000_f908_27f1_c53a, b: 0x10cb_7a02_335b_1753, c: 0x2000_2935)
    /// What takes the withdrawals that accounts ask for (EIP-7002).
    public static let withdrawals = Address(
        a: 0x0000_0961_ef48_0eb5, b: 0x5e80_d19a_d835_79a6, c: 0x4c00_7002)
    /// What takes the consolidations that accounts ask for (EIP-7251).
    public static let consolidations = Address(
        a: 0x0000_bbdd_c7ce_4886, b: 0x42fb_579f_8b00_f3a5, c: 0x9000_7251)
    /// Who calls them.
    static let caller = Address(a: .max, b: .max, c: 0xffff_fffe)
    /// The gas of one call; the block is not charged for it.
    static let gas: Int64 = 30_000_000
}

extension Executor {
    /// Calls a contract as the rules do, outside of any transaction; `nil` if it has no code.
    func callSystem(_ address: Address, input: [UInt8]) -> Outcome? {
        guard journal.codeHash(address) != Account.emptyCodeHash, journal.exists(address) else {
            return nil
        }
        let outcome = runSystem(
            Message(
                sender: SystemContract.caller, recipient: address, input: input,
                gas: SystemContract.gas))
        journal.endTransaction()
        systemGasUsed += UInt64(max(0, SystemContract.gas - outcome.gasLeft))
        return outcome
    }
}

/// Deposits to the beacon chain, as the deposit contract's logs tell them (EIP-6110).
enum Deposit {
    /// Keccak-256 of `DepositEvent(bytes,bytes,bytes,bytes,bytes)`.
    private static let topic = Hash32(
        a: 0x649b_bc62_d0e3_1342, b: 0xafea_4e5c_d82d_4049,
        c: 0xe7e1_ee91_2fc0_889a, d: 0xa790_803b_e390_38c5)

    /// The parts of the log's data: where each one's offset points, and how long it is.
    private static let parts = [(160, 48), (256, 32), (320, 8), (384, 96), (512, 8)]

    /// All deposits of a block, one after another.
    static func requests(
        in receipts: [Receipt], of contract: Address
    ) throws(BlockError) -> [UInt8] {
        var all: [UInt8] = []
        for receipt in receipts {
            for log in receipt.logs where log.address == contract && log.topics.first == topic {
                all += try request(log.data)
            }
        }
        return all
    }

    private static func request(_ data: [UInt8]) throws(BlockError) -> [UInt8] {
        func word(_ offset: Int) -> Int? {
            UInt256(bigEndian: data.span.extracting(offset..<offset + 32))?.asInt
        }
        guard data.count == 576 else { throw .depositLayout }
        var request: [UInt8] = []
        for (index, (offset, count)) in parts.enumerated() {
            guard word(32 * index) == offset, word(offset) == count else { throw .depositLayout }
            request += data[offset + 32..<offset + 32 + count]
        }
        return request
    }
}

extension Execution {
    /// The commitment to the requests (EIP-7685).
    public var requestsHash: Hash32 {
        let hashes = requests.flatMap { SHA256.hash($0) }
        return Hash32(SHA256.hash(hashes)) ?? .zero
    }
}
