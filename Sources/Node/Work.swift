internal import Index
internal import Ledger
public import Machine
internal import RPC

/// Something a node gives to workers: a pure function over what it is handed.
public struct Work: Job {
    let duty: Duty

    /// Whether all else goes first: blocks must be built and judged in time, the rest need not.
    public var isPatient: Bool {
        switch duty {
        case .build, .judge: false
        case .recover, .read, .recall, .index, .compare, .enquire, .verify: true
        }
    }

    /// Does the work.
    public func run() -> Answer { Answer(result: duty.run()) }

    /// What the work results in.
    public struct Answer: Sendable {
        let result: Result
    }
}

extension Work {
    /// What is to be done.
    enum Duty: Sendable {
        /// Decode transactions and recover who signed them, bundle by bundle.
        case recover([[[UInt8]]])
        /// Build a block.
        case build(BlockPlan)
        /// Decode a block and execute it.
        case judge(BlockClaim)
        /// Answer calls that read the chain.
        case read(ChainView, [ReadCall])
        /// Read final blocks for a peer.
        case recall(ChainView, height: UInt64, count: Int, bytes: Int)
        /// Make rows of the blocks after the one that the index ends with.
        case index(ChainView, after: IndexPoint?)
        /// Find the newest of some points that the chain has, too.
        case compare([IndexPoint], ChainView)
        /// Compare what a compiler made of a source with a contract's code.
        case verify(Enquiry, ProgramEnd, ChainView, Enquiry.Standing)
        /// Answer a request to the API from what the index found.
        case enquire(Enquiry, Found?, ChainView, Enquiry.Standing)
    }

    /// What came of it.
    enum Result: Sendable {
        /// The transactions in their places; the reason for those that are none.
        case recovered([[Recovery]])
        /// The block, executed, `nil` if none can be built; and what contracts said in it.
        case built(Overlay?, said: [String])
        /// What the block turned out to be.
        case judged(Judged)
        /// The answers in their places.
        case answered([Reply])
        /// Final blocks, from the height asked for on.
        case recalled([Recalled])
        /// The rows, or why there are none.
        case indexed(IndexBatch.Reading)
        /// The newest point that the chain has, too.
        case compared(IndexPoint?)
        /// The response.
        case responded(HTTPResponse)
        /// The response, and what is to be kept.
        case verified(HTTPResponse, Write?)
    }

    /// What a transaction's bytes turned out to be.
    typealias Recovery = Swift.Result<SignedTransaction, UnreadableTransaction>

    /// A final block out of the database.
    struct Recalled: Sendable {
        /// What consensus keeps beside it.
        let record: [UInt8]
        /// The block's bytes; `nil` once enough bytes are read.
        let value: [UInt8]?
    }

    /// What a block turned out to be.
    enum Judged: Sendable {
        /// It is valid, and executed.
        case valid(Overlay)
        /// It breaks a rule.
        case invalid(String)
        /// The bytes are not the block that the hash names, or not the one that was announced.
        case mismatched
        /// Its time has not come.
        case early
    }

    fileprivate static func recover(_ bytes: [UInt8]) -> Recovery {
        do throws(UnreadableTransaction) {
            return .success(try SignedTransaction(decoding: bytes))
        } catch {
            return .failure(error)
        }
    }

    fileprivate static func verified(_ answer: (HTTPResponse, Write?)) -> Result {
        .verified(answer.0, answer.1)
    }

    fileprivate static func recall(
        _ view: ChainView, _ height: UInt64, _ count: Int, _ limit: Int
    ) -> [Recalled] {
        var found: [Recalled] = []
        var size = 0
        var number = height
        while found.count < count, let record = view.certificate(number: number) {
            var value: [UInt8]?
            if size < limit, let block = view.block(number: number) {
                let bytes = block.encoded
                if found.isEmpty || size + bytes.count <= limit { value = bytes }
                size += bytes.count
            }
            found.append(Recalled(record: record, value: value))
            let (next, overflow) = number.addingReportingOverflow(1)
            guard !overflow else { break }
            number = next
        }
        return found
    }
}

extension Work.Duty {
    /// Does the work.
    func run() -> Work.Result {
        switch self {
        case .recover(let bundles):
            .recovered(bundles.map { $0.map(Work.recover) })
        case .build(let plan): plan.result()
        case .judge(let claim): .judged(claim.judge())
        case .read(let view, let calls): .answered(calls.map { $0.answer(on: view) })
        case .recall(let view, let height, let count, let bytes):
            .recalled(Work.recall(view, height, count, bytes))
        case .index(let view, let point): .indexed(IndexBatch.read(view, after: point))
        case .compare(let points, let view): .compared(IndexBatch.common(points, with: view))
        case .verify(let enquiry, let end, let view, let standing):
            Work.verified(enquiry.response(end, view, standing))
        case .enquire(let enquiry, let found, let view, let standing):
            .responded(enquiry.response(found, view, standing))
        }
    }
}
