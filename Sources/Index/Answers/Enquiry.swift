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

        /// Tells where an index stands.
        public init(isKept: Bool, point: IndexPoint? = nil, failure: String? = nil) {
            self.isKept = isKept
            self.point = point
            self.failure = failure
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
        guard request.method == "GET" || request.method == "HEAD" else {
            throw APIFailure(.method, "expected GET")
        }
        for (pattern, text) in zip(endpoint.segments, segments) {
            guard let parameter = APIParameter(segment: pattern) else { continue }
            try parameter.read(try Self.unescaped(text), into: &query)
        }
        if parts.count == 2 { try Self.read(parts[1], of: endpoint, into: &query) }
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

    /// Answers from what the index found and a view of the chain; for a job.
    public func response(
        _ found: Found?, _ view: ChainView, _ standing: Standing
    ) -> HTTPResponse {
        do throws(APIFailure) {
            let json = try answer(found, view, standing)
            return HTTPResponse(
                status: 200,
                headers: [
                    .init("content-type", "application/json"), .init("cache-control", "no-cache"),
                ], body: json.encoded())
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
