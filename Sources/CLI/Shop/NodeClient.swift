import Encoding
import Linux
import Machine
import Primitives

/// Why a node did not do what it was asked.
enum NodeFailure: Error {
    /// It was not reached, or broke off.
    case unreachable(HTTPClientFailure)
    /// It answered something that is no JSON-RPC.
    case malformed(String)
    /// It refused, and says why.
    case refused(code: Int, message: String, data: String?)
}

extension NodeFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let failure): "\(failure)"
        case .malformed(let what): "the answer is no JSON-RPC: \(what)"
        case .refused(let code, let message, let data):
            "\(message) (code \(code)\(data.map { ", data \($0)" } ?? ""))"
        }
    }
}

/// Calls the JSON-RPC of one node.
final class NodeClient: CustomStringConvertible {
    /// A call: the method and its parameters.
    typealias Call = (method: String, parameters: [JSON])

    /// The node that a local network starts first.
    static let local = Endpoint(host: "127.0.0.1", port: 8_545)

    /// Where the node listens.
    let endpoint: Endpoint
    private let http: HTTPClient

    /// Creates a client of a node; nothing is sent yet.
    init(_ endpoint: Endpoint, timeout: Duration = .seconds(10)) {
        self.endpoint = endpoint
        http = HTTPClient(host: endpoint.host, port: endpoint.port, timeout: timeout)
    }

    /// The node's address, as a URL.
    var description: String { NodeURL(endpoint).description }

    /// The result of one call.
    func call(_ method: String, _ parameters: JSON...) throws(NodeFailure) -> JSON {
        let answer = try post(request(0, method, parameters))
        return try result(answer).get()
    }

    /// The most calls that nodes take in one request.
    static let most = 100

    /// The results of many calls, in their order.
    func batch(_ calls: [Call]) throws(NodeFailure) -> [Result<JSON, NodeFailure>] {
        var results: [Result<JSON, NodeFailure>] = []
        for start in stride(from: 0, to: calls.count, by: Self.most) {
            results += try request(Array(calls[start..<min(start + Self.most, calls.count)]))
        }
        return results
    }

    private func request(_ calls: [Call]) throws(NodeFailure) -> [Result<JSON, NodeFailure>] {
        let requests = calls.enumerated().map { request($0, $1.method, $1.parameters) }
        let answer = try post(.array(requests))
        guard let answers = answer.elements else { throw refusal(answer) }
        var results = [Result<JSON, NodeFailure>?](repeating: nil, count: calls.count)
        for answer in answers {
            guard let id = answer["id"]?.integer, results.indices.contains(id) else { continue }
            results[id] = result(answer)
        }
        return results.map { $0 ?? .failure(.malformed("an answer is missing")) }
    }

    private func request(_ id: Int, _ method: String, _ parameters: [JSON]) -> JSON {
        [
            "jsonrpc": "2.0", "id": .integer(id), "method": .string(method),
            "params": .array(parameters),
        ]
    }

    private func post(_ body: JSON) throws(NodeFailure) -> JSON {
        let response: HTTPResponse
        do throws(HTTPClientFailure) {
            response = try http.post("/", body.encoded())
        } catch {
            throw .unreachable(error)
        }
        do throws(JSON.Failure) {
            return try JSON(decoding: response.body)
        } catch {
            throw .malformed("status \(response.status), \(error)")
        }
    }

    private func result(_ answer: JSON) -> Result<JSON, NodeFailure> {
        if let result = answer["result"] { return .success(result) }
        return .failure(refusal(answer))
    }

    private func refusal(_ answer: JSON) -> NodeFailure {
        guard let error = answer["error"] else { return .malformed("neither result nor error") }
        return .refused(
            code: error["code"]?.integer ?? 0, message: error["message"]?.text ?? "no reason given",
            data: error["data"]?.text)
    }
}

extension JSON {
    /// The number that `0x…` text stands for; `nil` if this is none.
    var quantity: UInt64? { wideQuantity?.asUInt64 }

    /// The number of up to 256 bits that `0x…` text stands for; `nil` if this is none.
    var wideQuantity: UInt256? {
        guard let text, text.hasPrefix("0x"), text.utf8.count > 2 else { return nil }
        return UInt256(text)
    }

    /// The hash that `0x…` text stands for; `nil` if this is none.
    var hash: Hash32? {
        guard let text, let bytes = try? Hex.decode(text) else { return nil }
        return Hash32(bytes)
    }

    /// A number as `0x…` text.
    static func quantity(_ value: UInt64) -> JSON { .string("0x\(String(value, radix: 16))") }
}
