/// Key derivation by HMAC-SHA-256 (RFC 5869).
public enum HKDFSHA256 {
    /// The most bytes that one derivation gives: 255 blocks (RFC 5869, section 2.3).
    public static let outputLimit = 255 * SHA256.size

    /// Returns the pseudorandom key in the input (RFC 5869, section 2.2).
    public static func extract(_ input: [UInt8], salt: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate(input, key: salt)
    }

    /// Returns so many bytes of output, at most `outputLimit` (RFC 5869, section 2.3).
    public static func expand(_ key: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= outputLimit, "hkdf gives at most 255 blocks")
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 0
        while output.count < count {
            counter += 1
            block = HMACSHA256.authenticate(block + info + [counter], key: key)
            output += block
        }
        return Array(output.prefix(count))
    }

    /// Extracts a key from the input and expands it.
    public static func derive(
        _ input: [UInt8], salt: [UInt8], info: [UInt8], count: Int
    ) -> [UInt8] {
        expand(extract(input, salt: salt), info: info, count: count)
    }
}
