import Primitives

/// The certificates held of views that are not settled, and the highest finalization.
struct Certificates: Sendable {
    private(set) var notarizations: [UInt64: Certificate] = [:]
    private(set) var nullifications: [UInt64: Certificate] = [:]
    /// Finalizations of views whose blocks the ledger has not been given yet.
    private(set) var finalizations: [UInt64: Certificate] = [:]
    /// The finalization of the highest view.
    private(set) var finalization: Certificate?

    /// The certificate of this kind and view.
    func held(_ kind: Vote.Kind, _ view: UInt64) -> Certificate? {
        switch kind {
        case .notarize: notarizations[view]
        case .nullify: nullifications[view]
        case .finalize: finalization?.view == view ? finalization : finalizations[view]
        }
    }

    /// Whether holding this one as well would prove that more than a third lied.
    func contradicts(_ certificate: Certificate) -> Bool {
        let view = certificate.view
        switch certificate.kind {
        case .notarize:
            return [held(.notarize, view), held(.finalize, view)]
                .contains { $0 != nil && $0?.proposal != certificate.proposal }
        case .nullify: return held(.finalize, view) != nil
        case .finalize:
            return held(.nullify, view) != nil
                || [held(.notarize, view), held(.finalize, view)]
                    .contains { $0 != nil && $0?.proposal != certificate.proposal }
        }
    }

    /// Keeps a certificate that was checked.
    mutating func insert(_ certificate: Certificate) {
        let view = certificate.view
        switch certificate.kind {
        case .notarize: notarizations[view] = certificate
        case .nullify: nullifications[view] = certificate
        case .finalize:
            finalizations[view] = certificate
            if view > finalization?.view ?? 0 { finalization = certificate }
        }
    }

    /// The proof that a proposal may be built on: its notarization or finalization.
    func proof(ofParentIn view: UInt64) -> Certificate? {
        notarizations[view] ?? held(.finalize, view)
    }

    /// Forgets what a finalization has settled.
    mutating func forget(through view: UInt64) {
        notarizations = notarizations.filter { $0.key > view }
        nullifications = nullifications.filter { $0.key > view }
    }

    /// Forgets the finalizations of blocks the ledger has.
    mutating func forget(finalizationsThrough view: UInt64) {
        finalizations = finalizations.filter { $0.key > view }
    }

    /// Views above one and below another of which there is neither certificate, ascending.
    func missing(above low: UInt64, below high: UInt64, limit: Int) -> [UInt64] {
        var result: [UInt64] = []
        var view = high
        while view > low + 1, result.count < limit {
            view -= 1
            if notarizations[view] == nil, nullifications[view] == nil { result.append(view) }
        }
        return result.reversed()
    }

    /// Everything held, in order of view and kind.
    var all: [Certificate] {
        var all = Array(notarizations.values) + Array(nullifications.values)
        all += finalizations.values
        if let finalization, finalizations[finalization.view] == nil { all.append(finalization) }
        return all.sorted { ($0.view, $0.kind) < ($1.view, $1.kind) }
    }
}
