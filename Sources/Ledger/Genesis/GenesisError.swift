public import Encoding

/// What can be wrong with a genesis file.
public enum GenesisError: Error, Hashable, Sendable {
    /// The text is no JSON.
    case json(JSON.Failure)
    /// A field that must be there is missing.
    case missing(String)
    /// A field is not what it must be.
    case invalid(field: String, expected: String)
}

extension GenesisError: CustomStringConvertible {
    /// What is wrong, and in which field.
    public var description: String {
        switch self {
        case .json(let failure): "genesis is no JSON: \(failure)"
        case .missing(let field): "genesis field \(field) is missing"
        case .invalid(let field, let expected): "genesis field \(field) must be \(expected)"
        }
    }
}
