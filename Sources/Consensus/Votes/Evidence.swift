/// Two votes that no honest validator signs (SPEC §6); both signatures are checked.
public struct Evidence: Hashable, Sendable {
    /// Which rule was broken.
    public enum Kind: String, Hashable, Sendable {
        /// E1: two proposals notarized in one view.
        case doubleNotarize
        /// E2: a view both nullified and finalized.
        case nullifyFinalize
        /// E3: two proposals finalized in one view.
        case doubleFinalize
    }

    /// Which rule was broken.
    public let kind: Kind
    /// The vote that came first.
    public let first: Vote
    /// The vote that contradicts it.
    public let second: Vote

    /// Creates evidence; `nil` if the two votes do not contradict each other.
    public init?(_ first: Vote, _ second: Vote) {
        guard first.index == second.index, first.epoch == second.epoch, first.view == second.view
        else { return nil }
        switch (first.kind, second.kind) {
        case (.notarize, .notarize) where first.proposal != second.proposal:
            kind = .doubleNotarize
        case (.finalize, .finalize) where first.proposal != second.proposal:
            kind = .doubleFinalize
        case (.nullify, .finalize), (.finalize, .nullify):
            kind = .nullifyFinalize
        default: return nil
        }
        self.first = first
        self.second = second
    }

    /// The place of the validator it convicts.
    public var culprit: Int { first.index }
}
