import Encoding
import Primitives

/// What the log remembers (SPEC §4).
enum LogRecord: Hashable, Sendable {
    /// The log is that of this chain, from its first moment on.
    case born(Instance)
    /// The guard signs nothing below this view (W4).
    case floor(UInt64)
    /// An own vote.
    case vote(Vote)
    /// A certificate that was acted on.
    case certificate(Certificate)
    /// A block that was voted for.
    case block(ProposedValue)

    /// `[tag, body]`.
    var rlp: RLP.Value {
        switch self {
        case .born(let instance):
            .list([
                .number(UInt64(1)),
                .list([
                    .number(instance.chainID), .hash(instance.genesisHash),
                    .number(instance.epoch),
                ]),
            ])
        case .floor(let view): .list([.number(UInt64(2)), .number(view)])
        case .vote(let vote): .list([.number(UInt64(3)), vote.rlp])
        case .certificate(let certificate): .list([.number(UInt64(4)), certificate.rlp])
        case .block(let block): .list([.number(UInt64(5)), block.rlp])
        }
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("log record", count: 2)
        switch try fields[0].number64("record kind") {
        case 1:
            let names = try fields[1].list("birth", count: 3)
            self = .born(
                Instance(
                    chainID: try names[0].number64("chain"),
                    genesisHash: try names[1].hash("genesis"),
                    epoch: try names[2].number64("epoch")))
        case 2: self = .floor(try fields[1].number64("floor"))
        case 3: self = .vote(try Vote(fields[1]))
        case 4: self = .certificate(try Certificate(fields[1]))
        case 5: self = .block(try ProposedValue(fields[1]))
        default: throw .unexpected("record kind")
        }
    }
}
