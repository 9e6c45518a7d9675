import Machine
import Primitives

/// How bytes pass from node to node.
extension World {
    func write(_ bytes: [UInt8], to link: Link, of life: Life) {
        guard owns(link, life), !bytes.isEmpty else { return }
        let target = VirtualNetwork.other(link)
        network[target].inFlight += bytes.count
        if network[target].step == steps {
            // The same step, so the same segment.
            queue.extend(network[target].slot, by: bytes)
        } else {
            send(bytes, towards: target)
        }
        if network[target].inFlight <= VirtualNetwork.room {
            noteRoom(at: link, life.node)
        } else {
            network[target].owesRoom = true
        }
    }

    func close(_ link: Link, of life: Life) {
        guard owns(link, life) else { return }
        network[link].isOpen = false
        sendEnd(from: link)
    }

    /// Tells the other end of a link that this one is gone, after all bytes before it.
    func sendEnd(from link: Link) {
        let target = VirtualNetwork.other(link)
        let due = network.arrival(at: target, of: 0, leaving: time, by: &chance)
        queue.add(.closed(target), at: due)
    }

    func dial(_ life: Life, _ ticket: Ticket, _ endpoint: Endpoint) {
        let node = life.node
        let delay = network.delay(from: node, by: &chance)
        guard let listener = network.listener(at: endpoint, from: node),
            homes[listener.node].life == listener, homes[listener.node].isUp
        else {
            queue.add(.refused(life, ticket), at: time + delay)
            return
        }
        guard network.isReachable(node, listener.node), network.isReachable(listener.node, node)
        else {
            // No answer at all: the dial ends by its own patience.
            queue.add(.refused(life, ticket), at: time + 10_000_000_000)
            return
        }
        let link = network.connect(life, listener)
        let port = UInt16(40_000 + link.number % 20_000)
        let theirs = VirtualNetwork.other(link)
        let source = Endpoint(host: VirtualNetwork.host(of: node), port: port)
        queue.add(.opened(theirs, nil, from: source), at: time)
        queue.add(.opened(link, ticket, from: endpoint), at: time + delay)
        network[link].lastArrival = time + delay
    }

    /// A link is there, unless its owner has ended meanwhile or the other end has.
    func open(_ link: Link, _ ticket: Ticket?, from endpoint: Endpoint) -> Int? {
        let life = network[link].life
        guard isCurrent(life) else {
            sendEnd(from: link)
            return nil
        }
        network[link].isOpen = true
        tell(life.node, .opened(link, ticket, from: endpoint))
        return life.node
    }

    func arrive(_ link: Link, _ bytes: [UInt8]) -> Int? {
        if hold(link, .arrived(link, bytes)) { return nil }
        let source = VirtualNetwork.other(link)
        network[link].inFlight -= bytes.count
        let life = network[link].life
        let isWanted = network[link].isOpen && isCurrent(life)
        if isWanted {
            digest.add(bytes)
            tell(life.node, .received(link, bytes))
        }
        giveRoom(at: source, towards: link)
        return isWanted ? life.node : nil
    }

    func end(_ link: Link) -> Int? {
        if hold(link, .closed(link)) { return nil }
        let life = network[link].life
        guard network[link].isOpen, isCurrent(life) else { return nil }
        network[link].isOpen = false
        tell(life.node, .closed(link))
        return life.node
    }

    /// Breaks a link at both ends at once; what was under way is lost.
    func reset(_ link: Link) {
        for end in [link, VirtualNetwork.other(link)] {
            guard network[end].isOpen else { continue }
            network[end].isOpen = false
            network[end].held = []
            let life = network[end].life
            if isCurrent(life) { tell(life.node, .closed(end)) }
        }
    }

    /// Lets what a partition held back go on its way.
    func release() {
        for link in network.heldLinks() {
            let source = network[VirtualNetwork.other(link)].life.node
            guard network.isReachable(source, network[link].life.node) else { continue }
            let held = network[link].held
            network[link].held = []
            // At once, for what left later may already be under way.
            for event in held { queue.add(event, at: time) }
        }
    }

    func isCurrent(_ life: Life) -> Bool {
        homes[life.node].life == life && homes[life.node].isUp
    }

    private func owns(_ link: Link, _ life: Life) -> Bool {
        network[link].life == life && network[link].isOpen
    }

    private func send(_ bytes: [UInt8], towards target: Link) {
        let due = network.arrival(at: target, of: bytes.count, leaving: time, by: &chance)
        let isSplit =
            weather.splitChance > 0 && bytes.count > 1
            && chance.next() & 0xffff < weather.splitChance
        guard isSplit else {
            network[target].slot = queue.add(.arrived(target, bytes), at: due)
            network[target].step = steps
            return
        }
        let cut = 1 + Int(chance.next() % UInt64(bytes.count - 1))
        queue.add(.arrived(target, Array(bytes[..<cut])), at: due)
        let later = network.arrival(at: target, of: 0, leaving: due, by: &chance)
        network[target].slot = queue.add(.arrived(target, Array(bytes[cut...])), at: later)
        network[target].step = steps
    }

    /// Keeps back what a partition does not let pass, and what comes after it.
    private func hold(_ link: Link, _ event: Event) -> Bool {
        let source = network[VirtualNetwork.other(link)].life.node
        let target = network[link].life.node
        guard !network.isReachable(source, target) || !network[link].held.isEmpty else {
            return false
        }
        network[link].held.append(event)
        return true
    }

    private func noteRoom(at link: Link, _ node: Int) {
        if homes[node].owedRoom.last != link { homes[node].owedRoom.append(link) }
    }

    private func giveRoom(at source: Link, towards link: Link) {
        guard network[link].owesRoom, network[link].inFlight <= VirtualNetwork.room else { return }
        network[link].owesRoom = false
        let life = network[source].life
        if network[source].isOpen && isCurrent(life) { tell(life.node, .drained(source)) }
    }
}
