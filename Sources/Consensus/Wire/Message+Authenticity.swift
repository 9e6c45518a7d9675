extension Message {
    /// Whether it proves by itself that a validator is behind it.
    ///
    /// A message that came by gossip has passed through others' hands. Only what proves itself is
    /// passed on, so whoever passes on what does not can be blamed. `nil` for what proves nothing
    /// and harms nobody: it is taken in and not passed on.
    public func isAuthentic(in instance: Instance, by validators: Validators) -> Bool? {
        switch self {
        case .vote(let vote): vote.isSigned(in: instance, by: validators)
        case .certificate(let certificate): certificate.isValid(in: instance, by: validators)
        case .proposal(let proposal): proposal.vote.isSigned(in: instance, by: validators)
        case .status(let status):
            status.signer == nil ? nil : status.isSigned(in: instance, by: validators)
        case .statusRequest(let request): request.isSigned(in: instance, by: validators)
        case .certificateRequest, .certificateReply, .blockRequest, .blockReply, .historyRequest,
            .historyReply:
            false
        }
    }

    /// Whether every node that gets it may answer it, so that nobody passes it on.
    public var isQuestionToAll: Bool {
        if case .certificateRequest = self { true } else { false }
    }
}
