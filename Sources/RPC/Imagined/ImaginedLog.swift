import EVM
import Identifiers
import Ledger
import Primitives

/// Collects the logs of one block's imagined calls, with payments of wei among them if asked for.
///
/// A frame that fails takes its logs with it; their numbers are not given again.
final class ImaginedLog: Tracer {
    /// One log, and its number in the block.
    struct Entry {
        let log: Log
        let index: Int
    }

    private let showsTransfers: Bool
    private var frames: [[Entry]] = []
    private var kept: [Entry] = []
    private var count = 0

    init(showsTransfers: Bool) {
        self.showsTransfers = showsTransfers
    }

    /// The logs of the call that just ended.
    func take() -> [Entry] {
        defer { kept = [] }
        return kept
    }

    func enter(_ call: TracedCall) {
        frames.append([])
        guard showsTransfers, call.kind != .delegatecall, !call.value.isZero else { return }
        log(
            ImaginedLog.ether,
            topics: [
                ImaginedLog.transfer, call.sender.word.hash, call.recipient.word.hash,
            ], data: call.value.bytes)
    }

    func log(_ address: Address, topics: [Hash32], data: [UInt8]) {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].append(
            Entry(log: Log(address: address, topics: topics, data: data), index: count))
        count += 1
    }

    func exit(depth: Int, outcome: Outcome) {
        guard let entries = frames.popLast(), outcome.succeeded else { return }
        if frames.isEmpty {
            kept += entries
        } else {
            frames[frames.count - 1] += entries
        }
    }

    /// Where payments of wei are told to come from, as if it were a token (execution-apis).
    private static let ether = Address(
        a: 0xeeee_eeee_eeee_eeee, b: 0xeeee_eeee_eeee_eeee, c: 0xeeee_eeee)
    /// Keccak-256 of `Transfer(address,address,uint256)`.
    private static let transfer = Hash32(
        a: 0xddf2_52ad_1be2_c89b, b: 0x69c2_b068_fc37_8daa,
        c: 0x952b_a7f1_63c4_a116, d: 0x28f5_5a4d_f523_b3ef)
}
