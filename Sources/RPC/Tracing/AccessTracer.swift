import EVM
import Identifiers
import Ledger
import Primitives

/// The accounts and slots that a call touches and that are not warm anyway (`eth_createAccessList`).
final class AccessTracer: Tracer {
    private let excluded: Set<Address>
    private var touched: [Address: Set<UInt256>] = [:]
    private var room = TraceRoom()

    init(excluding excluded: Set<Address>, from list: [Transaction.Access]) {
        self.excluded = excluded
        for access in list { touched[access.address, default: []].formUnion(access.slots) }
    }

    var isFull: Bool { room.isFull }

    /// The accounts and slots, sorted.
    var list: [Transaction.Access] {
        touched.sorted { $0.key < $1.key }.map { address, slots in
            Transaction.Access(address: address, slots: slots.sorted())
        }
    }

    func enter(_ call: TracedCall) {}

    func exit(depth: Int, outcome: Outcome) {}

    func step(_ step: TracedStep) {
        switch step.opcode {
        case .sload where step.height >= 1, .sstore where step.height >= 1:
            guard room.take(80) else { return }
            touched[step.address, default: []].insert(step.word(0))
        case .extcodecopy, .extcodehash, .extcodesize, .balance, .selfdestruct:
            if step.height >= 1 { add(Address(step.word(0))) }
        case .call, .callcode, .delegatecall, .staticcall:
            if step.height >= 5 { add(Address(step.word(1))) }
        default: break
        }
    }

    private func add(_ address: Address) {
        guard !excluded.contains(address), touched[address] == nil, room.take(120) else { return }
        touched[address] = []
    }
}
