import Encoding
public import Ledger
public import Machine

/// A request to the API: decoded once, asked of the index, answered from what it found and the chain.
public struct Enquiry: Sendable {
    let endpoint: Endpoint
    let query: Query

    /// Where the index stands, as far as the node knows.
    public struct Standing: Sendable {
        /// Whether the node keeps an index.
        public var isKept: Bool
        /// Where it ends.
        public var point: IndexPoint?
        /// Why it cannot be used.
        public var failure: String?

        /// The compiler that the node has, as far as it knows.
        public var compiler: Compiler

        /// Tells where an index stands.
        public init(
            isKept: Bool, point: IndexPoint? = nil, failure: String? = nil,
            compiler: Compiler = .missing
        ) {
            self.compiler = compiler
            self.isKept = isKept
            self.point = point
            self.failure = failure
        }
    }

    /// Whether there is a compiler.
    public enum Compiler: Hashable, Sendable {
        /// Nobody asked yet.
        case unknown
        /// There is none.
        case missing
        /// There is one, of this version.
        case version(String)

        /// Reads what a compiler said when it was asked for its version.
        public init(_ end: ProgramEnd) {
            guard case .ended(0, let output, _) = end else {
                self = .missing
                return
            }
            let words = String(decoding: output.prefix(80), as: UTF8.self)
            let line = words.split(whereSeparator: \.isNewline).first
            self = line.map { .version("vyper \($0)") } ?? .missing
        }
    }

    /// Whether a request is for the API.
    public static func isMeant(_ request: HTTPRequest) -> Bool {
        request.target == "/api" || request.target.hasPrefix("/api/")
            || request.target.hasPrefix("/api?")
    }

    /// Reads a request.
    public init(_ request: HTTPRequest) throws(APIFailure) {
        let parts = request.target.split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var query = Query()
        guard let endpoint = Endpoint.allCases.first(where: { $0.matches(segments) }) else {
            throw APIFailure(
                .missing, "no such path: /api/openapi.json describes those that there are")
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard method == endpoint.method else {
            throw APIFailure(.method, "expected \(endpoint.method)")
        }
        for (pattern, text) in zip(endpoint.segments, segments) {
            guard let parameter = APIParameter(segment: pattern) else { continue }
            try parameter.read(try Self.unescaped(text), into: &query)
        }
        if parts.count == 2 { try Self.read(parts[1], of: endpoint, into: &query) }
        if endpoint == .source { query.submission = try Submission(request.body) }
        guard endpoint != .search || !query.text.isEmpty else {
            throw APIFailure(.invalid, "q: expected \(APIParameter.text.summary)")
        }
        self.endpoint = endpoint
        self.query = query
    }

    private static func read(
        _ text: Substring, of endpoint: Endpoint, into query: inout Query
    ) throws(APIFailure) {
        var seen: [APIParameter] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try unescaped(parts[0])
            guard let parameter = APIParameter(rawValue: name), !parameter.isInPath,
                endpoint.parameters.contains(parameter)
            else { throw APIFailure(.invalid, "unknown parameter \"\(name.prefix(40))\"") }
            guard !seen.contains(parameter) else {
                throw APIFailure(.invalid, "\(name) is given twice")
            }
            seen.append(parameter)
            try parameter.read(parts.count == 2 ? try unescaped(parts[1]) : "", into: &query)
        }
    }

    /// A part of a target, its escapes resolved (RFC 3986, section 2.1).
    private static func unescaped(_ text: Substring) throws(APIFailure) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x25:
                guard let high = rest.popFirst().flatMap(Hex.value),
                    let low = rest.popFirst().flatMap(Hex.value)
                else { throw APIFailure(.invalid, "an escape is not two hexadecimal digits") }
                bytes.append(high << 4 | low)
            case 0x2b: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw APIFailure(.invalid, "a part of the address is not UTF-8")
        }
        return text
    }
}

extension Enquiry {
    /// What to ask the index; empty if nothing.
    public func statements(_ standing: Standing) throws(APIFailure) -> [Statement] {
        let wanted = try endpoint.statements(query)
        guard standing.isKept else {
            guard !endpoint.needsIndex(query) else {
                throw APIFailure(.noIndex, "this node keeps no index: start it with --index=on")
            }
            return []
        }
        return wanted.isEmpty ? [] : wanted + [IndexSchema.newest]
    }

    /// The program that must run before there is an answer; `nil` if none must.
    ///
    /// A source is compiled; and who asks for a contract is told whether there is a compiler.
    public func program(_ compiler: String, _ standing: Standing) -> Program? {
        if let submission = query.submission { return submission.program(compiler) }
        guard endpoint == .contract, standing.compiler == .unknown else { return nil }
        return Submission.version(compiler)
    }

    /// Whether it has a source compiled.
    public var isSubmission: Bool { query.submission != nil }

    /// Answers from what a compiler made of the source, with what is to be kept; for a job.
    public func response(
        _ end: ProgramEnd, _ view: ChainView, _ standing: Standing
    ) -> (HTTPResponse, Write?) {
        guard let submission = query.submission, let address = query.address else {
            return (APIFailure(.invalid, "expected a source").response, nil)
        }
        do throws(APIFailure) {
            let found = try Verification(submission, end, of: address, in: view)
            let json = EndpointAnswer(query, [], view, standing).contract(address, found)
            return (
                Self.response(json), ChainView.keeping(found.record.encoded(), for: address)
            )
        } catch {
            return (error.response, nil)
        }
    }

    private static func response(_ json: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                .init("content-type", "application/json"), .init("cache-control", "no-cache"),
            ], body: json.encoded())
    }

    /// Answers from what the index found and a view of the chain; for a job.
    public func response(
        _ found: Found?, _ view: ChainView, _ standing: Standing
    ) -> HTTPResponse {
        do throws(APIFailure) {
            return Self.response(try answer(found, view, standing))
        } catch {
            return error.response
        }
    }

    private func answer(
        _ found: Found?, _ view: ChainView, _ standing: Standing
    ) throws(APIFailure) -> JSON {
        let isNeeded = endpoint.needsIndex(query)
        var rows: [[[Cell]]] = []
        switch found {
        case .rows(let found): rows = found
        case .tooLong:
            throw APIFailure(.busy, "it took too long: ask for fewer blocks, or more precisely")
        case .lost(let reason), .failed(let reason):
            if isNeeded { throw APIFailure(.noIndex, "the index cannot be used now: \(reason)") }
        case nil: break
        }
        return try EndpointAnswer(query, rows, view, standing).json(endpoint)
    }
}

extension Endpoint {
    /// Whether a path is of this form.
    fileprivate func matches(_ path: ArraySlice<Substring>) -> Bool {
        let own = segments
        guard own.count == path.count else { return false }
        return zip(own, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") && !$1.isEmpty }
    }
}

extension APIParameter {
    /// The parameter that stands in a path as `{name}`.
    init?(segment: Substring) {
        guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return nil }
        self.init(rawValue: String(segment.dropFirst().dropLast()))
    }
}
