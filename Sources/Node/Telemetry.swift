internal import Consensus
internal import Machine

extension Node {
    /// Gives every event of consensus its line.
    mutating func log(_ event: Consensus::Consensus.Event) {
        switch event {
        case .entered(let view, let leader):
            record(
                .debug, "consensus", "view entered",
                [.init("view", view), .init("leader", leader)])
        case .skipped(let view, let leader):
            record(
                .info, "consensus", "silent leader passed over",
                [.init("view", view), .init("leader", leader)])
        case .proposed(let view, _):
            record(.debug, "consensus", "proposed", [.init("view", view)])
        case .voted(let kind, let view):
            record(
                .debug, "consensus", "voted", [.init("kind", "\(kind)"), .init("view", view)])
        case .certified(let kind, let view):
            record(
                .debug, "consensus", "certified",
                [.init("kind", "\(kind)"), .init("view", view)])
        case .finalized(let height, let view, let value):
            record(
                .info, "consensus", "final",
                [.init("height", height), .init("view", view), .init("hash", value)])
        case .convicted(let evidence):
            record(
                .error, "consensus", "validator contradicted itself",
                [.init("validator", evidence.culprit), .init("evidence", "\(evidence)")])
        case .probationBegan(let condition):
            record(
                .warn, "consensus", "on probation, signing nothing", [.init("log", "\(condition)")])
        case .probationEnded(let floor):
            record(.info, "consensus", "probation over", [.init("floor", floor)])
        case .halted(let alarm):
            record(
                .error, "consensus", "stopped signing, a person must look",
                [.init("why", "\(alarm)")])
        case .syncing(let height, let view):
            record(
                .info, "consensus", "catching up",
                [.init("to", height), .init("view", view)])
        }
    }
}
