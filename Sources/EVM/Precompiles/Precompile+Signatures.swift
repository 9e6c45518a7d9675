internal import Crypto
internal import Primitives

extension Precompile {
    /// The address that made a signature, or nothing if none did (Yellow Paper, appendix E.1.1).
    static func recover(_ input: [UInt8]) -> [UInt8] {
        let input = input.padded(count: 128)
        guard let digest = Hash32(input.span.extracting(0..<32)),
            let v = UInt256(bigEndian: input.span.extracting(32..<64)), v == 27 || v == 28,
            let r = Hash32(input.span.extracting(64..<96)),
            let s = Hash32(input.span.extracting(96..<128)),
            let signature = Secp256k1.Signature(r: r, s: s, recoveryID: v == 28 ? 1 : 0),
            let key = Secp256k1.recover(signature, of: digest)
        else { return [] }
        return [UInt8](repeating: 0, count: 12) + key.addressHash.bytes.suffix(20)
    }

    /// One in thirty-two bytes if a signature on P-256 is right, else nothing (EIP-7951).
    static func p256Verify(_ input: [UInt8]) -> [UInt8] {
        guard input.count == 160, let digest = Hash32(input.span.extracting(0..<32)),
            let r = Hash32(input.span.extracting(32..<64)),
            let s = Hash32(input.span.extracting(64..<96)),
            let x = Hash32(input.span.extracting(96..<128)),
            let y = Hash32(input.span.extracting(128..<160)),
            P256.verify(r: r, s: s, of: digest, x: x, y: y)
        else { return [] }
        return UInt256.one.bytes
    }
}
