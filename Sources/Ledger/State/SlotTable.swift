import Primitives

/// The slots that a block's transactions looked at, found by owner and key.
///
/// Open addressing over an array of indexes: one probe and one comparison for most lookups, which
/// is several times faster than a dictionary here. Contracts choose their keys, so the hash is
/// mixed with the process's own seed: nobody outside can make keys that collide. The order of slots
/// is that of their first use, and owes nothing to the hash.
struct SlotTable {
    /// One slot that was looked at.
    struct Slot {
        let owner: Int
        let key: UInt256
        /// What the view holds.
        let initial: UInt256
        /// What it held when the transaction ``originalIn`` began.
        var original: UInt256
        var current: UInt256
        /// The transaction that last asked for the original, and that last warmed it.
        var originalIn = 0, warmIn = 0

        /// Whether it is this one.
        func matches(_ owner: Int, _ key: UInt256) -> Bool {
            self.owner == owner && self.key == key
        }
    }

    /// The slots, in the order of their first use.
    var slots: [Slot] = []
    /// For each place the index of its slot, or -1.
    private var places = [Int32](repeating: -1, count: 64)
    private let seed: UInt64

    init() {
        // Swift seeds its hashing anew in each process.
        var hasher = Hasher()
        hasher.combine(0)
        seed = UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }

    /// Where a slot stands; `nil` if it was not looked at.
    func find(_ owner: Int, _ key: UInt256) -> Int? {
        var place = start(owner, key)
        while true {
            let index = Int(places[place])
            if index < 0 { return nil }
            if slots[index].matches(owner, key) { return index }
            place = (place &+ 1) & (places.count &- 1)
        }
    }

    /// Takes in a slot that is not there; returns where it stands.
    mutating func insert(_ owner: Int, _ key: UInt256, _ value: UInt256) -> Int {
        slots.append(
            Slot(owner: owner, key: key, initial: value, original: value, current: value))
        // At most half of the places are taken, so probes stay short.
        if slots.count * 2 > places.count {
            places = [Int32](repeating: -1, count: places.count * 2)
            for index in slots.indices { settle(index) }
        } else {
            settle(slots.count - 1)
        }
        return slots.count - 1
    }

    /// Marks a slot as warm; returns whether it was cold.
    mutating func warm(_ index: Int, in transaction: Int) -> Bool {
        guard slots[index].warmIn != transaction else { return false }
        slots[index].warmIn = transaction
        return true
    }

    /// What a slot holds and held when the transaction began, which is noted if it is not yet.
    mutating func original(_ index: Int, in transaction: Int) -> UInt256 {
        if slots[index].originalIn != transaction {
            slots[index].original = slots[index].current
            slots[index].originalIn = transaction
        }
        return slots[index].original
    }

    /// Makes every slot of an owner zero.
    mutating func clear(_ owner: Int) {
        for index in slots.indices where slots[index].owner == owner {
            slots[index].current = .zero
        }
    }

    private mutating func settle(_ index: Int) {
        var place = start(slots[index].owner, slots[index].key)
        while places[place] >= 0 { place = (place &+ 1) & (places.count &- 1) }
        places[place] = Int32(truncatingIfNeeded: index)
    }

    private func start(_ owner: Int, _ key: UInt256) -> Int {
        // Folded products, each with words of the key and of the seed on both sides.
        let rotated = seed << 32 | seed >> 32
        let one = (key.w0 ^ seed).multipliedFullWidth(by: key.w1 ^ rotated)
        let two = (key.w2 ^ ~seed).multipliedFullWidth(
            by: key.w3 ^ ~rotated ^ UInt64(truncatingIfNeeded: owner))
        let mixed = (one.high ^ one.low ^ seed).multipliedFullWidth(
            by: two.high ^ two.low ^ rotated)
        return Int(truncatingIfNeeded: mixed.high ^ mixed.low) & (places.count &- 1)
    }
}
