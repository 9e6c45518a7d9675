public import Encoding

/// What can be wrong with a message's bytes.
public enum WireError: Error, Hashable {
    /// There are more bytes than any message may have.
    case tooLong(found: Int, limit: Int)
    /// The bytes are not the canonical encoding of a message.
    case malformed(RLP.Failure)
}

extension Message {
    /// Decodes a message that takes up all of the bytes.
    public init(decoding bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= Limits.message else {
            throw .tooLong(found: bytes.count, limit: Limits.message)
        }
        do throws(RLP.Failure) {
            let fields = try RLP.decode(bytes).list("message", count: 2)
            self = try Message(tag: try fields[0].number64("message kind"), fields[1])
        } catch {
            throw .malformed(error)
        }
    }

    /// The message's one encoding.
    public var encoded: [UInt8] {
        RLP.encode(.list([.number(tag), body]))
    }

    private init(tag: UInt64, _ body: RLP.Value) throws(RLP.Failure) {
        switch tag {
        case 1: self = .vote(try Vote(body))
        case 2: self = .certificate(try Certificate(body))
        case 3: self = .proposal(try Proposal(body))
        case 4: self = .status(try Status(body))
        case 5: self = .statusRequest(try StatusRequest(body))
        case 6: self = .certificateRequest(try CertificateRequest(body))
        case 7:
            let limit = Limits.repliedCertificates
            let certificates = try body.elements("certificates", limit: limit)
            self = .certificateReply(
                try certificates.read { v throws(RLP.Failure) in try .init(v) })
        case 8: self = .blockRequest(try BlockRequest(body))
        case 9:
            let blocks = try body.elements("blocks", limit: Limits.requestedProposals)
            self = .blockReply(try blocks.read { v throws(RLP.Failure) in try .init(v) })
        case 10: self = .historyRequest(try HistoryRequest(body))
        case 11: self = .historyReply(try HistoryReply(body))
        default: throw .unexpected("message kind")
        }
    }

    private var tag: UInt64 {
        switch self {
        case .vote: 1
        case .certificate: 2
        case .proposal: 3
        case .status: 4
        case .statusRequest: 5
        case .certificateRequest: 6
        case .certificateReply: 7
        case .blockRequest: 8
        case .blockReply: 9
        case .historyRequest: 10
        case .historyReply: 11
        }
    }

    private var body: RLP.Value {
        switch self {
        case .vote(let vote): vote.rlp
        case .certificate(let certificate): certificate.rlp
        case .proposal(let proposal): proposal.rlp
        case .status(let status): status.rlp
        case .statusRequest(let request): request.rlp
        case .certificateRequest(let request): request.rlp
        case .certificateReply(let certificates): .list(certificates.map(\.rlp))
        case .blockRequest(let request): request.rlp
        case .blockReply(let blocks): .list(blocks.map(\.rlp))
        case .historyRequest(let request): request.rlp
        case .historyReply(let reply): reply.rlp
        }
    }
}

extension RLP.Value {
    /// The elements of a list, of which there may be so many.
    func elements(_ what: String, limit: Int) throws(RLP.Failure) -> [RLP.Value] {
        let elements = try list(what)
        guard elements.count <= limit else { throw .unexpected(what) }
        return elements
    }

    /// A place in a set of validators.
    func index(_ what: String) throws(RLP.Failure) -> Int {
        let number = try number64(what)
        guard number < UInt64(Limits.validators) else { throw .unexpected(what) }
        return Int(number)
    }

    /// A signature of 64 bytes.
    func signature(_ what: String) throws(RLP.Failure) -> VoteSignature {
        guard let signature = VoteSignature(try bytes(what, count: 64)) else {
            throw .unexpected(what)
        }
        return signature
    }

    /// A certificate, or `nil` for an empty list.
    func certificate() throws(RLP.Failure) -> Certificate? {
        self == .list([]) ? nil : try Certificate(self)
    }
}

extension [RLP.Value] {
    /// Reads each element.
    func read<T>(_ element: (RLP.Value) throws(RLP.Failure) -> T) throws(RLP.Failure) -> [T] {
        var result: [T] = []
        result.reserveCapacity(count)
        for value in self { result.append(try element(value)) }
        return result
    }
}
