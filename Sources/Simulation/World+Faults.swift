import Machine
import Primitives

/// What goes wrong by the weather, and what a scenario may let go wrong.
extension World {
    /// Lets bytes pass only within each group; a node in no group is alone.
    public func partition(into groups: [[Int]]) {
        var group = Array(repeating: -1, count: count)
        for (number, members) in groups.enumerated() {
            for node in members { group[node] = number }
        }
        for source in 0..<count {
            for target in 0..<count where source != target {
                let isCut = group[source] != group[target] || group[source] < 0
                network.setBlocked(source, target, isCut)
            }
        }
        digest.add(0xf2)
        release()
    }

    /// Lets each node reach only so many on either side of it in a ring, whatever the weather.
    public func formRing(reach: Int) {
        network.formRing(reach: reach)
    }

    /// Cuts a node off from all others, or ends that.
    public func cutOff(_ node: Int, _ isCut: Bool = true) {
        for other in 0..<count where other != node {
            network.setBlocked(node, other, isCut)
            network.setBlocked(other, node, isCut)
        }
        if !isCut { release() }
    }

    /// Lets all bytes pass again.
    public func heal() {
        network.heal()
        release()
    }

    /// Ends all faults: the network is whole, and what is down is started; from now on it is fair.
    ///
    /// Throws what a node throws that cannot start again.
    public func clear() throws {
        isFair = true
        network.clearUp()
        release()
        for node in 0..<count {
            homes[node].disk.isFull = false
            try start(node)
        }
    }

    /// Draws when each fault of the weather comes for the first time.
    func scheduleFaults() {
        schedule(.crash, within: weather.crashInterval)
        schedule(.partition, within: weather.partitionInterval)
        schedule(.clog, within: weather.clogInterval)
        schedule(.reset, within: weather.resetInterval)
        schedule(.fill, within: weather.fullInterval)
    }

    func fault(_ event: Event) {
        guard !isFair else { return }
        switch event {
        case .crash:
            crashSome()
            schedule(event, within: weather.crashInterval)
        case .partition:
            partitionSome()
            schedule(event, within: weather.partitionInterval)
        case .clog:
            let node = drawnNode()
            network.setClogged(node, true)
            queue.add(.unclog(node: node), at: time + seconds(15))
            schedule(event, within: weather.clogInterval)
        case .reset:
            let links = network.wholeLinks()
            if !links.isEmpty { reset(links[Int(chance.next() % UInt64(links.count))]) }
            schedule(event, within: weather.resetInterval)
        case .fill:
            fillSome()
            schedule(event, within: weather.fullInterval)
        default: break
        }
    }

    private func schedule(_ event: Event, within interval: UInt64) {
        guard interval > 0 else { return }
        queue.add(event, at: time + seconds(2 * interval))
    }

    private func crashSome() {
        guard let node = drawnVictim() else { return }
        crash(node)
        queue.add(.restart(node: node), at: time + seconds(20))
    }

    private func fillSome() {
        guard let node = drawnVictim() else { return }
        homes[node].disk.isFull = true
        queue.add(.free(node: node), at: time + seconds(20))
    }

    /// Ends a node that has no room for what it must write, as the driver does.
    func runOut(_ node: Int) {
        let record = Record(.error, "simulation", "disk full")
        lines.append(Line(node: node, time: now, record: record))
        fullDisks += 1
        crash(node)
        // Whoever runs it tries again, with room or without.
        queue.add(.restart(node: node), at: time + seconds(5))
    }

    /// Turns over a bit of the log of a node that is down, if the weather is so.
    func spoilSome(of node: Int) {
        guard !isFair, !homes[node].isUp, chance.next() & 0xffff < weather.rotChance else { return }
        corruptLog(of: node)
        spoiledLogs += 1
    }

    /// A node that is up and may fail now, as not too many others do.
    private func drawnVictim() -> Int? {
        let node = drawnNode()
        let failing = homes.indices.filter { $0 != node && isFailing($0) }
        return failing.count < weather.downLimit && homes[node].isUp ? node : nil
    }

    private func isFailing(_ node: Int) -> Bool {
        homes[node].disk.isFull || homes[node].read(isImpaired) ?? true
    }

    private func partitionSome() {
        var sides: [[Int]] = [[], []]
        for node in 0..<count { sides[Int(chance.next() & 1)].append(node) }
        partition(into: sides)
        partitions += 1
        queue.add(.heal(number: partitions), at: time + seconds(15))
    }

    private func drawnNode() -> Int {
        Int(chance.next() % UInt64(count))
    }

    /// A time up to so many seconds.
    private func seconds(_ limit: UInt64) -> UInt64 {
        chance.next() % (limit * 1_000_000_000)
    }
}
