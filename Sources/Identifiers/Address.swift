internal import Crypto
public import Encoding
public import Primitives

/// The twenty bytes that name an account on the ledger.
@frozen
public struct Address: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The bytes as words, big-endian: eight, eight and four.
    public let a, b: UInt64
    /// The last four bytes.
    public let c: UInt32

    /// The account that no key opens.
    @inlinable
    public static var zero: Address { Address(a: 0, b: 0, c: 0) }

    /// Creates an address from its words.
    @inlinable
    public init(a: UInt64, b: UInt64, c: UInt32) {
        self.a = a
        self.b = b
        self.c = c
    }

    /// Creates an address from the low twenty bytes of a word, as the EVM does.
    @inlinable
    public init(_ word: UInt256) {
        a = word.w2 << 32 | word.w1 >> 32
        b = word.w1 << 32 | word.w0 >> 32
        c = UInt32(truncatingIfNeeded: word.w0)
    }

    /// Creates an address from the low twenty bytes of a hash.
    @inlinable
    public init(_ hash: Hash32) {
        self.init(UInt256(hash))
    }

    /// Creates an address from exactly twenty bytes; `nil` for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 20, let word = UInt256(bigEndian: bytes) else { return nil }
        self.init(word)
    }

    /// The address as a word, its upper twelve bytes zero.
    @inlinable
    public var word: UInt256 {
        UInt256(b << 32 | UInt64(c), a << 32 | b >> 32, a >> 32, 0)
    }

    /// The twenty bytes.
    @inlinable
    public var bytes: [UInt8] { Array(word.bytes.dropFirst(12)) }

    /// Orders addresses as their bytes.
    @inlinable
    public static func < (left: Address, right: Address) -> Bool {
        (left.a, left.b, left.c) < (right.a, right.b, right.c)
    }
}

extension Address: CustomStringConvertible {
    /// Reads an address from forty hexadecimal digits, with or without `0x`.
    public init(hex text: some StringProtocol) throws(Hex.Failure) {
        let bytes = try Hex.decode(text)
        guard let address = Address(bytes) else {
            throw .count(found: bytes.count, expected: 20)
        }
        self = address
    }

    /// The bytes in lower-case hexadecimal, with `0x`.
    public var description: String { Hex.encode(bytes) }
}

extension Address {
    /// The address in hexadecimal, its letters' cases a checksum (EIP-55).
    public var checksummed: String {
        let digits = Hex.encode(bytes, prefix: false)
        let check = keccak256(Array(digits.utf8)).bytes
        let cased = digits.enumerated().map { index, digit in
            let nibble = check[index / 2] >> (index % 2 == 0 ? 4 : 0) & 15
            return nibble >= 8 ? digit.uppercased() : String(digit)
        }
        return "0x" + cased.joined()
    }
}
