public import Primitives

/// The contract ABI: how arguments, results, events and errors are laid out in bytes.
///
/// It follows the Solidity documentation's "Contract ABI Specification", strict mode: a decoder takes
/// only what an encoder of the same kinds could have written.
public enum ABI {
    /// The kind of a value.
    public indirect enum Kind: Hashable, Sendable {
        /// An unsigned number of so many bits: `uint256`.
        case uint(Int)
        /// A number with sign of so many bits: `int256`.
        case int(Int)
        /// Twenty bytes that name an account: `address`.
        case address
        /// A truth: `bool`.
        case bool
        /// So many bytes, at most 32: `bytes4`.
        case fixedBytes(Int)
        /// Bytes of any count: `bytes`.
        case bytes
        /// Text in UTF-8: `string`.
        case string
        /// So many values of one kind, or any number of them: `T[3]`, `T[]`.
        case array(Kind, count: Int?)
        /// Values of several kinds: `(T, U)`.
        case tuple([Kind])
    }

    /// A value with as much of its kind as its layout needs.
    public indirect enum Value: Hashable, Sendable {
        /// An unsigned number of any width.
        case uint(UInt256)
        /// A number with sign of any width, in two's complement of 256 bits.
        case int(UInt256)
        /// Twenty bytes.
        case address([UInt8])
        /// A truth.
        case bool(Bool)
        /// At most 32 bytes, laid out from the left.
        case fixedBytes([UInt8])
        /// Bytes of any count.
        case bytes([UInt8])
        /// Text.
        case string(String)
        /// An array of any count: its count is laid out before it.
        case array([Value])
        /// A tuple, or an array of fixed count: the two are laid out alike.
        case tuple([Value])
    }

    /// What can be wrong with bytes or with the name of a kind; offsets count bytes.
    public enum Failure: Error, Hashable {
        /// The bytes end before the values do.
        case truncated(at: Int, needed: Int)
        /// An offset or count is greater than the bytes could hold.
        case tooLarge(at: Int)
        /// A value does not fit its kind, or its padding is not zero.
        case unfitting(Kind, at: Int)
        /// A string is not UTF-8.
        case notUTF8(at: Int)
        /// Offsets point at the same bytes so often that the values outgrow them.
        case aliased(at: Int)
        /// This is not the name of a kind, or nested deeper than it may be.
        case unknownKind(String)
    }

    /// The first four bytes of a signature's hash; the caller brings Keccak-256.
    public static func selector(
        _ signature: String, keccak256: ([UInt8]) -> Hash32
    ) -> [UInt8] {
        Array(keccak256(Array(signature.utf8)).bytes.prefix(4))
    }
}

extension ABI.Kind {
    /// Whether a value's bytes stand elsewhere and only their offset in its place.
    public var isDynamic: Bool {
        switch self {
        case .uint, .int, .address, .bool, .fixedBytes: false
        case .bytes, .string: true
        case .array(let kind, let count): count == nil || kind.isDynamic
        case .tuple(let kinds): kinds.contains(where: \.isDynamic)
        }
    }

    /// How many bytes a value takes up in its place.
    var headSize: Int {
        guard !isDynamic else { return 32 }
        switch self {
        case .array(let kind, let count): return kind.headSize * (count ?? 0)
        case .tuple(let kinds): return kinds.reduce(0) { $0 + $1.headSize }
        default: return 32
        }
    }
}

extension ABI.Value {
    /// Whether the value's bytes stand elsewhere and only their offset in its place.
    var isDynamic: Bool {
        switch self {
        case .uint, .int, .address, .bool, .fixedBytes: false
        case .bytes, .string, .array: true
        case .tuple(let values): values.contains(where: \.isDynamic)
        }
    }

    /// The number; `nil` if this is none.
    public var number: UInt256? {
        switch self {
        case .uint(let number), .int(let number): number
        default: nil
        }
    }
}
