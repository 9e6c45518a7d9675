internal import Crypto

/// Secret bytes drawn from thirty-two bytes of entropy, each of them once.
///
/// Every draw derives its bytes and the next state from the state, which is then gone: who learns
/// the state cannot tell what was drawn before.
struct Chance: Sendable {
    private var state: [UInt8]

    /// Takes entropy of any length, at least thirty-two bytes of which are unknown to all.
    init(entropy: [UInt8]) {
        state = HKDFSHA256.extract(entropy, salt: Array("martlet/network/chance/1".utf8))
    }

    /// Returns thirty-two bytes.
    mutating func draw() -> [UInt8] {
        let bytes = HKDFSHA256.expand(state, info: [], count: 64)
        state = Array(bytes.prefix(32))
        return Array(bytes.suffix(32))
    }
}
