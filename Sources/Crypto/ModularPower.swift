internal import CGMP

/// Powers of great numbers modulo another (EIP-198), by GMP.
public enum ModularPower {
    /// Returns `base` to the power `exponent` modulo `modulus`, in as many bytes as the modulus has.
    ///
    /// All numbers are big-endian. A modulus of zero gives zero, as the EVM defines it.
    public static func compute(
        base: [UInt8], exponent: [UInt8], modulus: [UInt8]
    ) -> [UInt8] {
        let size = modulus.count
        guard modulus.contains(where: { $0 != 0 }) else {
            return [UInt8](repeating: 0, count: size)
        }
        var (b, e, m, result) = (mpz_t(), mpz_t(), mpz_t(), mpz_t())
        read(&b, base)
        read(&e, exponent)
        read(&m, modulus)
        __gmpz_init(&result)
        defer {
            __gmpz_clear(&b)
            __gmpz_clear(&e)
            __gmpz_clear(&m)
            __gmpz_clear(&result)
        }
        __gmpz_powm(&result, &b, &e, &m)
        let count = (__gmpz_sizeinbase(&result, 2) + 7) / 8
        var output = [UInt8](repeating: 0, count: size)
        output.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress, count <= size else { return }
            _ = __gmpz_export(start + (size - count), nil, 1, 1, 1, 0, &result)
        }
        return output
    }

    private static func read(_ number: inout mpz_t, _ bytes: [UInt8]) {
        __gmpz_init(&number)
        __gmpz_import(&number, bytes.count, 1, 1, 1, 0, bytes)
    }
}
