import Encoding
import Primitives

extension Justification {
    /// `[parent or [], [gap…]]`.
    var rlp: RLP.Value {
        .list([parent?.rlp ?? .list([]), .list(gaps.map(\.rlp))])
    }

    /// What ``commitment`` is the hash of.
    public var encoded: [UInt8] { RLP.encode(rlp) }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("justification", count: 2)
        let gaps = try fields[1].elements("gaps", limit: Limits.gap)
        self.init(
            parent: try fields[0].certificate(),
            gaps: try gaps.read { value throws(RLP.Failure) in try Certificate(value) })
    }
}

extension Proposal {
    /// `[epoch, view, parent, hash, value, justification, vote]`.
    var rlp: RLP.Value {
        .list([
            .number(epoch), .number(proposed.view), .hash(proposed.parent),
            .hash(proposed.value.hash), .bytes(proposed.value.bytes), justification.rlp, vote.rlp,
        ])
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("proposal", count: 7)
        self.init(
            epoch: try fields[0].number64("epoch"), view: try fields[1].number64("view"),
            parent: try fields[2].hash("parent"), value: try Value(fields[3], fields[4]),
            justification: try Justification(fields[5]), vote: try Vote(fields[6]))
        guard proposed.justification.count <= Limits.justification else {
            throw .unexpected("justification")
        }
    }
}

extension Proposal {
    /// The message that a block was proposed with; `nil` if its justification cannot be read.
    init?(_ block: ProposedValue, epoch: UInt64, vote: Vote) {
        guard let rlp = try? RLP.decode(block.justification),
            let justification = try? Justification(rlp)
        else { return nil }
        self.init(
            epoch: epoch, view: block.view, parent: block.parent, value: block.value,
            justification: justification, vote: vote)
    }
}

extension Value {
    fileprivate init(_ hash: RLP.Value, _ bytes: RLP.Value) throws(RLP.Failure) {
        let content = try bytes.bytes("value")
        guard content.count <= Limits.value else { throw .unexpected("value") }
        self.init(hash: try hash.hash("value hash"), bytes: content)
    }
}

extension ProposedValue {
    /// `[view, parent, hash, value, justification]`, the last one as bytes.
    var rlp: RLP.Value {
        .list([
            .number(view), .hash(parent), .hash(value.hash), .bytes(value.bytes),
            .bytes(justification),
        ])
    }

    init(_ rlp: RLP.Value) throws(RLP.Failure) {
        let fields = try rlp.list("block", count: 5)
        self.init(
            view: try fields[0].number64("view"), parent: try fields[1].hash("parent"),
            value: try Value(fields[2], fields[3]),
            justification: try fields[4].bytes("justification"))
        guard justification.count <= Limits.justification else {
            throw .unexpected("justification")
        }
    }
}

extension ProposalLink {
    /// `[view, parent, hash]`.
    var rlp: RLP.Value { .list([.number(view), .hash(parent), .hash(value)]) }

    init(_ rlp: RLP.Value) throws(RLP.Failure) {
        let fields = try rlp.list("link", count: 3)
        self.init(
            view: try fields[0].number64("view"), parent: try fields[1].hash("parent"),
            value: try fields[2].hash("value hash"))
    }
}
