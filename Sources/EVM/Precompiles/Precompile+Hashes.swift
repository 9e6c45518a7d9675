internal import Crypto
internal import Primitives

extension Precompile {
    /// SHA-256, or RIPEMD-160 after twelve zero bytes.
    func hash(_ input: [UInt8]) -> [UInt8] {
        self == .sha256
            ? SHA256.hash(input) : [UInt8](repeating: 0, count: 12) + RIPEMD160.hash(input)
    }

    /// BLAKE2b's compression function (EIP-152).
    static func blake2F(_ input: [UInt8]) -> [UInt8]? { Blake2F.compress(input) }
}

extension [UInt8] {
    /// So many bytes from an offset on, zeros where there are none left.
    func padded(from start: Int = 0, count: Int) -> [UInt8] {
        let part = self[Swift.min(start, self.count)..<Swift.min(start + count, self.count)]
        return part + [UInt8](repeating: 0, count: count - part.count)
    }
}
