import Machine
import Primitives

/// What a driver does: each effect of a node, performed in the virtual world.
extension World {
    func perform(_ effect: Effect<Node.Work>, of node: Int) {
        let life = homes[node].life
        switch effect {
        case .listen(let endpoint): network.listen(life, at: endpoint)
        case .dial(let ticket, let endpoint):
            let delay = network.delay(from: node, by: &chance)
            queue.add(.dialed(life, ticket, endpoint), at: time + delay)
        case .write(let link, let bytes): write(bytes, to: link, of: life)
        case .close(let link): close(link, of: life)
        case .compute(let ticket, let work): compute(work, for: ticket, of: life)
        case .append(let ticket, let bytes):
            homes[node].disk.append(bytes, for: ticket)
            scheduleLog(life)
        case .replace(let ticket, let bytes):
            homes[node].disk.replace(with: bytes, for: ticket)
            scheduleLog(life)
        case .commit(let ticket, let writes):
            homes[node].disk.commit(writes, for: ticket)
            let due = max(time + drawnDelay(weather.sync), homes[node].databaseTime)
            homes[node].databaseTime = due
            queue.add(.committed(life), at: due)
        // Virtual nodes keep no index, and have no programs.
        case .index, .look, .run: break
        case .reply(let ticket, let response):
            digest.add(UInt64(response.status))
            digest.add(response.body)
            replies.append(Reply(node: node, ticket: ticket, response: response))
        case .push(let session, let bytes):
            digest.add(bytes)
            messages.append(Message(node: node, session: session, bytes: bytes))
        case .dismiss(let session): digest.add(session.number)
        case .record(let record): keep(record, of: node)
        case .stop: stop(node)
        }
    }

    private func keep(_ record: Record, of node: Int) {
        digest.add(UInt64(record.message.utf8.count) << 8 | UInt64(record.level.rawValue))
        if record.level >= level { lines.append(Line(node: node, time: now, record: record)) }
    }

    private func compute(_ work: Node.Work, for ticket: Ticket, of life: Life) {
        let slot: Int
        if let free = freeWorks.popLast() {
            slot = free
            works[slot] = work
        } else {
            slot = works.count
            works.append(work)
        }
        queue.add(.computed(life, ticket, slot: slot), at: time + drawnDelay(weather.job))
    }

    private func scheduleLog(_ life: Life) {
        let due = max(time + drawnDelay(weather.sync), homes[life.node].logTime)
        homes[life.node].logTime = due
        queue.add(.logged(life), at: due)
    }

    /// A time about as long as usual: mostly short, at times much longer.
    private func drawnDelay(_ usual: UInt64) -> UInt64 {
        let word = chance.next()
        return usual / 4 + word % (usual + 1) * (word >> 60 == 0 ? 5 : 1)
    }
}
