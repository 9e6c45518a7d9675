import Machine
import Primitives

extension Consensus {
    /// Asks for blocks that a certificate or a proposal names, but that are not here.
    ///
    /// The first question waits half of Δ, as the block is mostly under way; then one peer is
    /// asked after the other.
    mutating func pursueBlocks() {
        let missing = missingBlocks()
        guard !missing.isEmpty else {
            blocksAskAt = nil
            return
        }
        guard let due = blocksAskAt else {
            blocksAskAt = now.advanced(by: timing.delay / 2)
            return
        }
        guard due <= now else { return }
        blocksAskAt = now.advanced(by: timing.delay)
        let request = BlockRequest(epoch: instance.epoch, proposals: missing)
        let sources = peers.sources()
        let target = sources.randomElement(using: &random).map { Target.peer($0) }
        ready.append(.send(.blockRequest(request), to: target ?? .everyone))
    }

    /// The names of those blocks.
    private func missingBlocks() -> [Hash32] {
        var names = certificates.notarizations.sorted { $0.key < $1.key }.map(\.value.proposal)
        if let target = certificates.finalization, target.view > head.view {
            names.append(target.proposal)
        }
        names = names.filter { tree[$0] == nil && $0 != headID }
        for name in tree.missingParents(above: finalView) where !names.contains(name) {
            names.append(name)
        }
        return Array(names.prefix(Limits.requestedProposals))
    }

    /// Answers with the proposals that are here.
    mutating func answer(_ request: BlockRequest, from source: Source) {
        guard request.epoch == instance.epoch else { return }
        var found: [ProposedValue] = []
        var bytes = 0
        for name in request.proposals where bytes < Limits.historyBytes {
            guard
                let block = tree[name]?.block ?? recent.first(where: { $0.id == name })?.block
            else { continue }
            found.append(block)
            bytes += block.value.bytes.count + block.justification.count
        }
        guard !found.isEmpty else { return }
        ready.append(.send(.blockReply(found), to: .peer(source)))
    }

    /// Takes in those blocks that are missing.
    mutating func receive(_ blocks: [ProposedValue], from source: Source) {
        for block in blocks {
            let id = block.link.id(in: instance)
            guard missingBlocks().contains(id) else { continue }
            tree.insert(block, as: id, from: source)
        }
    }
}
