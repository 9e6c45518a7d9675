import Identifiers
import Primitives

/// The logs that the rules themselves write (EIP-7708).
extension Journal {
    /// Who writes them.
    private static let source = SystemContract.caller
    /// Keccak-256 of `Transfer(address,address,uint256)`.
    private static let transfer = Hash32(
        a: 0xddf2_52ad_1be2_c89b, b: 0x69c2_b068_fc37_8daa,
        c: 0x952b_a7f1_63c4_a116, d: 0x28f5_5a4d_f523_b3ef)
    /// Keccak-256 of `Burn(address,uint256)`.
    private static let burn = Hash32(
        a: 0xcc16_f5db_b487_3280, b: 0x815c_1ee0_9dbd_0673,
        c: 0x6cff_cc18_4412_cf7a, d: 0x71a0_fdb7_5d39_7ca5)

    /// Notes that wei went from one account to another.
    func logTransfer(_ value: UInt256, from source: Address, to target: Address) {
        guard !value.isZero, source != target else { return }
        log(
            Journal.source, topics: [Journal.transfer, source.word.hash, target.word.hash],
            data: value.bytes)
    }

    /// Notes that wei is gone for good.
    func logBurn(_ value: UInt256, of address: Address) {
        guard !value.isZero else { return }
        log(Journal.source, topics: [Journal.burn, address.word.hash], data: value.bytes)
    }

    /// Notes what goes with the accounts that are destroyed at the end of the transaction.
    func logBurns() {
        for index in destroyed.sorted(by: { entries[$0].address < entries[$1].address }) {
            logBurn(entries[index].account.balance, of: entries[index].address)
        }
    }
}
