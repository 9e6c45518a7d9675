import Encoding
public import Machine

/// Why a request to the API has no answer: a status of HTTP, a word for programs, a sentence.
public struct APIFailure: Error, Hashable {
    /// What sort of failure it is.
    public enum Code: String, CaseIterable, Sendable {
        /// The request cannot be understood.
        case invalid
        /// What is asked for is not there.
        case missing = "not_found"
        /// The path allows another method.
        case method = "method_not_allowed"
        /// The request's body is longer than it may be.
        case tooLarge = "too_large"
        /// What was sent does not agree with the chain.
        case mismatch
        /// The node has no compiler.
        case noCompiler = "no_compiler"
        /// The node keeps no index, or cannot use it now.
        case noIndex = "no_index"
        /// Too many requests wait, or this one took too long.
        case busy

        /// The status of the response (RFC 9110, section 15).
        var status: UInt16 {
            switch self {
            case .invalid: 400
            case .missing: 404
            case .method: 405
            case .tooLarge: 413
            case .mismatch: 422
            case .noIndex, .noCompiler, .busy: 503
            }
        }
    }

    /// What sort of failure it is.
    public let code: Code
    /// What is wrong, for a person.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Too many requests wait.
    public static let busy = APIFailure(.busy, "too many requests wait: try again later")

    /// The response that says it.
    public var response: HTTPResponse {
        let body: JSON = ["error": ["code": .string(code.rawValue), "message": .string(message)]]
        return HTTPResponse(
            status: code.status, headers: [.init("content-type", "application/json")],
            body: body.encoded())
    }
}
