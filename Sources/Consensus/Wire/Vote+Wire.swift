import Encoding
import Primitives

extension Vote {
    /// `[kind, epoch, view, proposal, index, signature]`.
    var rlp: RLP.Value {
        .list([
            .number(UInt64(kind.rawValue)), .number(epoch), .number(view), .hash(proposal),
            .number(UInt64(index)), .bytes(signature.bytes),
        ])
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("vote", count: 6)
        let kind = try Kind(fields[0])
        let proposal = try fields[3].hash("proposal")
        guard kind != .nullify || proposal.isZero else { throw .unexpected("proposal") }
        self.init(
            kind: kind, epoch: try fields[1].number64("epoch"),
            view: try fields[2].number64("view"), proposal: proposal,
            index: try fields[4].index("index"), signature: try fields[5].signature("signature"))
    }

    /// The vote's one encoding: what evidence is submitted as.
    public var encoded: [UInt8] { RLP.encode(rlp) }
}

extension Vote.Kind {
    fileprivate init(_ value: RLP.Value) throws(RLP.Failure) {
        let number = try value.number64("kind")
        guard let kind = UInt8(exactly: number).flatMap(Vote.Kind.init(rawValue:)) else {
            throw .unexpected("kind")
        }
        self = kind
    }
}

extension Certificate {
    /// `[kind, epoch, view, proposal, bitmap, [signature…]]`.
    ///
    /// Bit `i % 8` of byte `i / 8` of the bitmap stands for validator `i`; its last byte is not
    /// zero.
    var rlp: RLP.Value {
        var bitmap = [UInt8](repeating: 0, count: (signers.last ?? -8) / 8 + 1)
        for signer in signers { bitmap[signer / 8] |= 1 << UInt8(signer % 8) }
        return .list([
            .number(UInt64(kind.rawValue)), .number(epoch), .number(view), .hash(proposal),
            .bytes(bitmap), .list(signatures.map { .bytes($0.bytes) }),
        ])
    }

    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("certificate", count: 6)
        let bitmap = try fields[4].bytes("bitmap")
        guard bitmap.count <= Limits.validators / 8, bitmap.last != 0 else {
            throw .unexpected("bitmap")
        }
        let signers = (0..<bitmap.count * 8).filter { bitmap[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        let signatures = try fields[5].list("signatures", count: signers.count)
        let certificate = Certificate(
            kind: try Vote.Kind(fields[0]), epoch: try fields[1].number64("epoch"),
            view: try fields[2].number64("view"), proposal: try fields[3].hash("proposal"),
            signers: signers,
            signatures: try signatures.read { value throws(RLP.Failure) in
                try value.signature("signature")
            })
        guard let certificate else { throw .unexpected("certificate") }
        self = certificate
    }

    /// The certificate's one encoding.
    public var encoded: [UInt8] { RLP.encode(rlp) }

    /// Decodes a certificate that takes up all of the bytes.
    public init(decoding bytes: [UInt8]) throws(WireError) {
        do throws(RLP.Failure) {
            try self.init(try RLP.decode(bytes))
        } catch {
            throw .malformed(error)
        }
    }
}
