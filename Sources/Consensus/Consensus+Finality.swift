import Machine
import Primitives

extension Consensus {
    /// Hands the next final block to the ledger, if it is here and valid (R10).
    mutating func finalizeNext() -> Bool {
        extendFinalPath()
        guard let id = finalPath.first else { return false }
        guard let node = tree[id] else {
            finalPath = []
            return false
        }
        guard node.state == .valid, let certificate = certificate(coveringView: node.block.view)
        else { return false }
        let own = certificates.held(.finalize, node.block.view)
        let block = FinalBlock(
            height: head.height + 1, node.block,
            finalization: own?.proposal == id ? own : nil)
        let final = Finalized(
            block: block, proposal: id, value: node.block.value, certificate: certificate)
        journal.hold(.finalized(final), into: &ready)
        journal.hold(
            .emit(.finalized(height: block.height, view: block.view, value: block.value)),
            into: &ready)
        finalPath.removeFirst()
        tree.advance(to: id)
        head = block
        headID = id
        recent.append((id, block.height, node.block, node.isLogged))
        trimRecent()
        certificates.forget(finalizationsThrough: block.view)
        return true
    }

    /// Finds the way from the last final block to the highest finalization.
    private mutating func extendFinalPath() {
        guard let target = certificates.finalization, target.view > head.view,
            finalPath.last != target.proposal
        else { return sync.resolve() }
        switch tree.path(to: target.proposal) {
        case .whole(let path):
            finalPath = path
            sync.resolve()
        case .missing: sync.want(since: now)
        }
    }

    /// The lowest finalization that makes a view's block final.
    private func certificate(coveringView view: UInt64) -> Certificate? {
        let lowest = certificates.finalizations.keys.filter { $0 >= view }.min()
        return lowest.flatMap { certificates.finalizations[$0] } ?? certificates.finalization
    }

    /// Notes what the ledger has on disk, and rewrites the log where most of it is history.
    mutating func commit(_ height: UInt64) {
        committed = max(committed, min(height, head.height))
        trimRecent()
        guard journal.isIdle, journal.size > configuration.logSize else { return }
        let records = memory
        let bytes = records.reduce(0) { $0 + $1.size }
        if journal.size > 2 * bytes { journal.replace(with: records, into: &ready) }
    }

    private mutating func trimRecent() {
        let low = head.height - min(head.height, UInt64(Limits.recentBlocks))
        recent.removeAll { $0.height <= min(committed, low) }
    }

    /// All that the log must remember.
    var memory: [LogRecord] {
        var records: [LogRecord] = probation == nil ? [.born(instance)] : []
        if let signer, probation == nil { records.append(.floor(signer.floor)) }
        records += certificates.all.map { .certificate($0) }
        records += recent.filter { $0.isLogged && $0.height > committed }.map { .block($0.block) }
        records += tree.all.filter(\.node.isLogged).map { .block($0.node.block) }
        records += (signer?.votes ?? []).map { .vote($0) }
        return records
    }
}

extension LogRecord {
    /// About how many bytes it takes.
    fileprivate var size: Int {
        switch self {
        case .born, .floor: 64
        case .vote: 128
        case .certificate(let certificate): 64 + 68 * certificate.signers.count
        case .block(let block): 128 + block.value.bytes.count + block.justification.count
        }
    }
}
