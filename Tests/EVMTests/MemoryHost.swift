import EVM
import Identifiers
import Primitives

/// A host with just enough of a world to run code in: balances, code, slots, and their history.
final class MemoryHost: Host {
    struct World: Equatable {
        var balances: [Address: UInt256] = [:]
        var codes: [Address: [UInt8]] = [:]
        var nonces: [Address: UInt64] = [:]
        var slots: [Address: [UInt256: UInt256]] = [:]
        var transient: [Address: [UInt256: UInt256]] = [:]
        var warm: Set<Address> = []
        var warmSlots: [Address: Set<UInt256>] = [:]
        var refund: Int64 = 0
    }

    var world = World()
    private var history: [World] = []
    private(set) var noted: [[UInt8]] = []

    func warm(_ address: Address) -> Bool { world.warm.insert(address).inserted }
    func exists(_ address: Address) -> Bool {
        world.balances[address] != nil || world.codes[address] != nil
    }
    func isEmpty(_ address: Address) -> Bool {
        balance(address).isZero && world.codes[address] == nil && nonce(address) == 0
    }
    func balance(_ address: Address) -> UInt256 { world.balances[address] ?? .zero }
    func nonce(_ address: Address) -> UInt64 { world.nonces[address] ?? 0 }
    func code(_ address: Address) -> Code {
        let bytes = world.codes[address] ?? []
        return Code(bytes, hash: Code.hash(of: bytes))
    }
    func codeHash(_ address: Address) -> Hash32 { code(address).hash }
    func hasStorage(_ address: Address) -> Bool { world.slots[address] != nil }
    func load(_ address: Address, _ slot: UInt256) -> (value: UInt256, wasCold: Bool) {
        let wasCold = world.warmSlots[address, default: []].insert(slot).inserted
        return (world.slots[address]?[slot] ?? .zero, wasCold)
    }
    func retractLoad() {}
    func prepareStore(_ address: Address, _ slot: UInt256) -> SlotHistory {
        let (value, wasCold) = load(address, slot)
        return SlotHistory(original: .zero, current: value, wasCold: wasCold)
    }
    func store(_ address: Address, _ slot: UInt256, _ value: UInt256) {
        world.slots[address, default: [:]][slot] = value
    }
    func loadTransient(_ address: Address, _ slot: UInt256) -> UInt256 {
        world.transient[address]?[slot] ?? .zero
    }
    func storeTransient(_ address: Address, _ slot: UInt256, _ value: UInt256) {
        world.transient[address, default: [:]][slot] = value
    }
    func refund(_ gas: Int64) { world.refund += gas }
    func log(_ address: Address, topics: [Hash32], data: [UInt8]) { noted.append(data) }
    func transfer(_ value: UInt256, from source: Address, to target: Address) {
        world.balances[source] = balance(source) &- value
        world.balances[target] = balance(target) &+ value
    }
    func incrementNonce(_ address: Address) { world.nonces[address] = nonce(address) + 1 }
    func createContract(_ address: Address) { world.nonces[address] = 1 }
    func setCode(_ address: Address, _ code: [UInt8]) { world.codes[address] = code }
    func selfDestruct(_ address: Address, payingTo beneficiary: Address) -> Bool { false }
    func blockHash(_ number: UInt64) -> Hash32 { .zero }
    func checkpoint() -> Checkpoint {
        history.append(world)
        return Checkpoint(changes: history.count - 1, logs: noted.count, refund: 0)
    }
    func rollback(to checkpoint: Checkpoint) {
        world = history[checkpoint.changes]
        history.removeSubrange(checkpoint.changes...)
        noted.removeSubrange(checkpoint.logs...)
    }
}
