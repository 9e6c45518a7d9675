import Crypto
public import Identifiers
public import Primitives

/// Code made ready to run: padded so that no read goes past its end, its jump targets marked.
///
/// Made once for each code hash and kept by whoever executes; making it costs about a
/// nanosecond a byte.
public final class Code {
    /// How many bytes it has.
    public let count: Int
    /// Its Keccak-256, which names it; zero for code that is run but not kept.
    public let hash: Hash32
    /// Whose code runs in its place, if it is the mark of a delegation (EIP-7702).
    public let delegate: Address?
    /// The bytes, with zeros after them.
    let start: UnsafeMutablePointer<UInt8>
    /// One bit for each byte: set where a jump may land.
    let targets: UnsafeMutablePointer<UInt8>
    /// How many of them are set.
    private(set) var targetCount = 0
    /// What it was decoded to, once it proved to run long.
    var program: Program?
    /// How much gas it may still use between jumps before it is decoded.
    ///
    /// To run eight gas takes about as long as to decode a byte.
    var patience: Int64

    /// Zeros after the end: a push may reach 32 bytes beyond, and then there must be a stop.
    static let padding = 40

    /// Code that has no bytes.
    public static var empty: Code { Code([], hash: emptyHash) }

    /// Keccak-256 of nothing.
    public static let emptyHash = keccak256([])

    /// What the mark of a delegation begins with (EIP-7702).
    public static let delegationPrefix: [UInt8] = [0xef, 0x01, 0x00]

    /// Makes code ready to run.
    public convenience init(_ bytes: [UInt8], hash: Hash32) {
        self.init(bytes.span.bytes, hash: hash)
    }

    /// Makes code ready to run.
    init(_ bytes: RawSpan, hash: Hash32) {
        count = bytes.byteCount
        self.hash = hash
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Code.padding)
        copy.initialize(repeating: 0, count: count + Code.padding)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress {
                UnsafeMutableRawPointer(copy).copyMemory(from: base, byteCount: source.count)
            }
        }
        start = copy
        let size = count / 8 + 1
        targets = .allocate(capacity: size)
        targets.initialize(repeating: 0, count: size)
        patience = 128 + 8 * Int64(count)
        delegate = Code.delegate(in: UnsafeBufferPointer(start: start, count: count))
        markTargets()
    }

    deinit {
        start.deallocate()
        targets.deallocate()
    }

    /// The bytes.
    public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// The bytes, where they stand.
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The hash that names code.
    public static func hash(of bytes: [UInt8]) -> Hash32 { keccak256(bytes) }

    /// The mark of a delegation to an account.
    public static func delegation(to address: Address) -> [UInt8] {
        delegationPrefix + address.bytes
    }

    private static func delegate(in bytes: UnsafeBufferPointer<UInt8>) -> Address? {
        guard bytes.count == 23, bytes.starts(with: delegationPrefix) else { return nil }
        return Address(Array(bytes[3...]))
    }

    private func markTargets() {
        var index = 0
        while index < count {
            let byte = start[index]
            if byte == 0x5b {
                targets[index >> 3] |= 1 << UInt8(index & 7)
                targetCount += 1
            }
            // The bytes that a push carries are no code.
            if byte >= 0x60, byte <= 0x7f { index += Int(byte) - 0x5f }
            index += 1
        }
    }
}
