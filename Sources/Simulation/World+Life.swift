import Machine
import Primitives

/// Starts, ends and what happens to one node.
extension World {
    /// Starts a node that is down; throws what it throws when it cannot start.
    public func start(_ node: Int) throws {
        guard !homes[node].isUp else { return }
        var entropy: [UInt8] = []
        for _ in 0..<4 {
            let word = chance.next()
            for shift in 0..<8 { entropy.append(UInt8(truncatingIfNeeded: word >> (shift * 8))) }
        }
        let restarts = Int(homes[node].life.number)
        homes[node].life = Life(node: node, number: UInt32(restarts + 1))
        homes[node].started = time
        homes[node].wakeTime = .max
        homes[node].owedRoom = []
        homes[node].enter(
            try make(
                Birth(
                    index: node, restarts: restarts, recovered: homes[node].disk.recovered,
                    entropy: entropy, unixMilliseconds: wallClock(of: node))))
        digest.add(UInt64(node) << 8 | 0xf0)
        queue.add(.clock(homes[node].life), at: time)
    }

    /// Ends a node at once, as SIGKILL or a power loss does; some unsynced writes are lost.
    public func crash(_ node: Int) {
        guard homes[node].isUp else { return }
        digest.add(UInt64(node) << 8 | 0xf1)
        homes[node].disk.crash(by: &chance)
        end(node)
    }

    /// Turns over one bit of the log of a node that is down.
    public func corruptLog(of node: Int) {
        homes[node].disk.corruptLog(by: &chance)
    }

    /// Tells a node what happened, and performs what it asks for.
    func tell(_ node: Int, _ occurrence: Occurrence<Node.Work>) {
        guard homes[node].isUp else { return }
        let now = clock(of: node)
        homes[node].handle(occurrence, at: now, into: &outbox)
        perform(of: node)
    }

    /// Wakes a node if it is due.
    func wake(_ node: Int) {
        guard let deadline = homes[node].deadline else { return }
        let now = clock(of: node)
        if deadline <= now {
            homes[node].wake(at: now, into: &outbox)
            perform(of: node)
        } else {
            scheduleWake(node)
        }
    }

    /// Ends a node that asked for it, once all it asked for before is done.
    func stop(_ node: Int) {
        homes[node].disk.syncAll()
        end(node)
    }

    private func end(_ node: Int) {
        let life = homes[node].life
        homes[node].leave()
        for link in network.links(of: life) {
            network[link].isOpen = false
            sendEnd(from: link)
        }
    }

    private func perform(of node: Int) {
        repeat {
            for effect in outbox.drain() {
                perform(effect, of: node)
                if !homes[node].isUp { return }
            }
            tellOfRoom(node)
        } while !homes[node].owedRoom.isEmpty
        scheduleWake(node)
    }

    /// Tells a node that what it wrote has left, where it has.
    private func tellOfRoom(_ node: Int) {
        let now = clock(of: node)
        while let link = homes[node].owedRoom.popLast() {
            guard network[link].isOpen else { continue }
            homes[node].handle(.drained(link), at: now, into: &outbox)
        }
        // What it asked for meanwhile is performed now; it may again fill a link.
        for effect in outbox.drain() {
            perform(effect, of: node)
            if !homes[node].isUp { return }
        }
    }
}
