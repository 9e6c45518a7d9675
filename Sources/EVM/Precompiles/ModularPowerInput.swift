internal import Crypto
internal import Primitives

/// The input of the precompile for modular powers: three counts, then three numbers (EIP-198).
struct ModularPowerInput {
    /// How many bytes each number may have since Osaka (EIP-7823).
    static let sizeLimit: UInt64 = 1024

    private let input: [UInt8]

    /// How many bytes the numbers have; `UInt64.max` stands for all greater counts.
    private let baseSize, exponentSize, modulusSize: UInt64

    init(_ input: [UInt8]) {
        self.input = input
        func size(_ index: Int) -> UInt64 {
            UInt256(bigEndian: input.padded(from: 32 * index, count: 32))?.asUInt64 ?? .max
        }
        baseSize = size(0)
        exponentSize = size(1)
        modulusSize = size(2)
    }

    /// The power; `nil` where a number is longer than the revision allows.
    func output(_ revision: Revision) -> [UInt8]? {
        let largest = max(baseSize, exponentSize, modulusSize)
        guard revision < .osaka || largest <= Self.sizeLimit else { return nil }
        // Whoever could pay for an empty modulus may give any exponent, for it is never read.
        guard modulusSize > 0 else { return [] }
        guard let base = Int(exactly: baseSize), let exponent = Int(exactly: exponentSize),
            let modulus = Int(exactly: modulusSize), largest < 1 << 28
        else { return nil }
        return ModularPower.compute(
            base: input.padded(from: 96, count: base),
            exponent: input.padded(from: 96 + base, count: exponent),
            modulus: input.padded(from: 96 + base + exponent, count: modulus))
    }

    /// The price, by EIP-198, EIP-2565 or EIP-7883.
    func cost(_ revision: Revision) -> UInt64 {
        if revision >= .osaka { return max(500, product(complexity7883, iterations(16))) }
        if revision >= .berlin {
            return max(200, product(words(squared: 1), iterations(8)) / 3)
        }
        return product(complexity198, iterations(8)) / 20
    }

    private var longest: UInt64 { max(baseSize, modulusSize) }

    /// The square of the longer size in words of eight bytes, times a factor.
    private func words(squared factor: UInt64) -> UInt64 {
        let words = longest / 8 + (longest % 8 == 0 ? 0 : 1)
        return product(product(words, words), factor)
    }

    private var complexity7883: UInt64 { longest <= 32 ? 16 : words(squared: 2) }

    private var complexity198: UInt64 {
        let x = longest
        if x <= 64 { return x * x }
        if x <= 1024 { return x * x / 4 + 96 * x - 3072 }
        guard x < 1 << 31 else { return .max }
        return x * x / 16 + 480 * x - 199_680
    }

    /// How many squarings the exponent needs, by its size and its first thirty-two bytes.
    private func iterations(_ factor: UInt64) -> UInt64 {
        let count = Int(min(exponentSize, 32))
        let start = Int(exactly: baseSize).map { min($0, input.count) + 96 } ?? input.count
        let head = UInt256(bigEndian: input.padded(from: start, count: count)) ?? .zero
        let bits = UInt64(max(head.bitWidth, 1) - 1)
        let rest = product(exponentSize > 32 ? exponentSize - 32 : 0, factor)
        let (sum, overflow) = rest.addingReportingOverflow(bits)
        return overflow ? .max : max(sum, 1)
    }

    /// The product, or the greatest number if that is less.
    private func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}
