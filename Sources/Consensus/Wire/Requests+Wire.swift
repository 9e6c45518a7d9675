import Encoding
import Primitives

extension Status {
    /// `[epoch, view, height, entry or [], finalization or [], nonce, [] or [index, signature]]`.
    var rlp: RLP.Value {
        .list([
            .number(epoch), .number(view), .number(height), entry?.rlp ?? .list([]),
            finalization?.rlp ?? .list([]), .hash(nonce), signer?.rlp ?? .list([]),
        ])
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("status", count: 7)
        self.init(
            epoch: try fields[0].number64("epoch"), view: try fields[1].number64("view"),
            height: try fields[2].number64("height"), entry: try fields[3].certificate(),
            finalization: try fields[4].certificate(), nonce: try fields[5].hash("nonce"),
            signer: fields[6] == .list([]) ? nil : try Signer(fields[6]))
    }
}

extension Status.Signer {
    /// `[index, signature]`.
    var rlp: RLP.Value { .list([.number(UInt64(index)), .bytes(signature.bytes)]) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("signer", count: 2)
        self.init(
            index: try fields[0].index("index"), signature: try fields[1].signature("signature"))
    }
}

extension StatusRequest {
    /// `[epoch, view, nonce, [index, signature]]`.
    var rlp: RLP.Value { .list([.number(epoch), .number(view), .hash(nonce), signer.rlp]) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("status request", count: 4)
        self.init(
            epoch: try fields[0].number64("epoch"), view: try fields[1].number64("view"),
            nonce: try fields[2].hash("nonce"), signer: try Status.Signer(fields[3]))
    }
}

extension CertificateRequest {
    /// `[epoch, [view…]]`, views ascending.
    var rlp: RLP.Value { .list([.number(epoch), .list(views.map { .number($0) })]) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("certificate request", count: 2)
        let views = try fields[1].elements("views", limit: Limits.requestedViews)
        self.init(
            epoch: try fields[0].number64("epoch"),
            views: try views.read { value throws(RLP.Failure) in try value.number64("view") })
        guard zip(self.views, self.views.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .unexpected("views")
        }
    }
}

extension BlockRequest {
    /// `[epoch, [proposal…]]`.
    var rlp: RLP.Value { .list([.number(epoch), .list(proposals.map { .hash($0) })]) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("block request", count: 2)
        let proposals = try fields[1].elements("proposals", limit: Limits.requestedProposals)
        self.init(
            epoch: try fields[0].number64("epoch"),
            proposals: try proposals.read { value throws(RLP.Failure) in
                try value.hash("proposal")
            })
    }
}

extension HistoryRequest {
    /// `[epoch, height, count]`.
    var rlp: RLP.Value { .list([.number(epoch), .number(height), .number(UInt64(count))]) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("history request", count: 3)
        let count = try fields[2].number64("count")
        guard count <= UInt64(Limits.historyBlocks) else { throw .unexpected("count") }
        self.init(
            epoch: try fields[0].number64("epoch"), height: try fields[1].number64("height"),
            count: Int(count))
    }
}

extension HistoryReply {
    /// `[height, [block…], [link…], finalization or []]`.
    var rlp: RLP.Value {
        .list([
            .number(height), .list(blocks.map(\.rlp)), .list(links.map(\.rlp)),
            finalization?.rlp ?? .list([]),
        ])
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("history reply", count: 4)
        let blocks = try fields[1].elements("blocks", limit: Limits.historyBlocks)
        let links = try fields[2].elements("links", limit: Limits.historyLinks)
        self.init(
            height: try fields[0].number64("height"),
            blocks: try blocks.read { value throws(RLP.Failure) in try ProposedValue(value) },
            links: try links.read { value throws(RLP.Failure) in try ProposalLink(value) },
            finalization: try fields[3].certificate())
    }
}
