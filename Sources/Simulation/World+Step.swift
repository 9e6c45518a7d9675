import Machine
import Primitives

/// One thing happens.
extension World {
    /// Lets an event happen, and returns the node it touched.
    func happen(_ event: Event) -> Int? {
        switch event {
        case .wake(let life, let due):
            guard isCurrent(life), homes[life.node].wakeTime == due else { return nil }
            homes[life.node].wakeTime = .max
            note(life, 1)
            wake(life.node)
            return life.node
        case .clock(let life):
            queue.add(.clock(life), at: time + 10_000_000_000)
            return tell(life, .clock(wallClock(of: life.node)), 2)
        case .dialed(let life, let ticket, let endpoint):
            if isCurrent(life) { dial(life, ticket, endpoint) }
            return nil
        case .refused(let life, let ticket): return tell(life, .refused(ticket), 3)
        case .opened(let link, let ticket, let endpoint):
            return open(link, ticket, from: endpoint)
        case .arrived(let link, let bytes): return arrive(link, bytes)
        case .closed(let link): return end(link)
        case .computed(let life, let ticket, let slot): return finish(life, ticket, slot)
        case .logged(let life):
            return isCurrent(life) ? settle(homes[life.node].disk.syncLog(), of: life, 4) : nil
        case .committed(let life):
            return isCurrent(life) ? settle(homes[life.node].disk.syncDatabase(), of: life, 5) : nil
        case .requested(let node, let ticket, let request):
            return tell(homes[node].life, .requested(ticket, request), 6)
        case .joined(let node, let session, let path):
            return tell(homes[node].life, .joined(session, path: path), 7)
        case .told(let node, let session, let bytes):
            return tell(homes[node].life, .told(session, bytes), 8)
        case .left(let node, let session): return tell(homes[node].life, .left(session), 9)
        case .restart(let node):
            restart(node)
            return node
        case .heal(let number):
            if number == partitions && !isFair { heal() }
            return nil
        case .unclog(let node):
            network.setClogged(node, false)
            return nil
        case .free(let node):
            homes[node].disk.isFull = false
            return nil
        case .crash, .partition, .clog, .reset, .fill:
            fault(event)
            return nil
        }
    }

    private func tell(
        _ life: Life, _ occurrence: Occurrence<Node.Work>, _ kind: UInt64
    ) -> Int? {
        guard isCurrent(life) else { return nil }
        note(life, kind)
        tell(life.node, occurrence)
        return life.node
    }

    /// Tells a node what is on disk now; one whose disk is full comes to its end.
    private func settle(_ ticket: Ticket?, of life: Life, _ kind: UInt64) -> Int? {
        if let ticket { return tell(life, .persisted(ticket), kind) }
        guard homes[life.node].disk.isFull else { return nil }
        runOut(life.node)
        return life.node
    }

    private func finish(_ life: Life, _ ticket: Ticket, _ slot: Int) -> Int? {
        let work = works[slot]
        works[slot] = nil
        freeWorks.append(slot)
        guard isCurrent(life), let work else { return nil }
        return tell(life, .computed(ticket, work.run()), 10)
    }

    /// A node that cannot start again stays down, and says why.
    private func restart(_ node: Int) {
        spoilSome(of: node)
        do {
            try start(node)
        } catch {
            let field = Record.Field("reason", "\(error)")
            let record = Record(.error, "simulation", "node cannot start", [field])
            lines.append(Line(node: node, time: now, record: record))
        }
    }

    private func note(_ life: Life, _ kind: UInt64) {
        digest.add(time)
        digest.add(UInt64(life.node) << 8 | kind)
    }
}
