internal import CBLST

/// The pairing-friendly curve BLS12-381 as the EVM offers it (EIP-2537), by blst.
///
/// Numbers of the field have 64 bytes, the upper sixteen zero; points have 128 or 256 bytes, all
/// zero for the point at infinity.
public enum BLS12381 {
    /// What can be wrong with the bytes.
    public enum Failure: Error, Hashable {
        /// The count of bytes is not what the operation takes.
        case count(found: Int)
        /// A number is not below the modulus, or its upper bytes are not zero.
        case field(at: Int)
        /// A point is not on the curve.
        case curve(at: Int)
        /// A point is not in the group of prime order.
        case group(at: Int)
    }

    /// The modulus of the field, big-endian.
    private static let modulus: [UInt8] = [
        0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6, 0x43, 0x4b, 0xac,
        0xd7, 0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf, 0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0,
        0xf6, 0x24, 0x1e, 0xab, 0xff, 0xfe, 0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff,
        0xff, 0xaa, 0xab,
    ]

    /// Reads a number of the field.
    static func field(_ input: [UInt8], at start: Int) throws(Failure) -> blst_fp {
        let bytes = Array(input[start + 16..<start + 64])
        guard input[start..<start + 16].allSatisfy({ $0 == 0 }),
            bytes.lexicographicallyPrecedes(modulus)
        else { throw .field(at: start) }
        var number = blst_fp()
        blst_fp_from_bendian(&number, bytes)
        return number
    }

    /// Reads an element of the quadratic extension, the real part first.
    static func field2(_ input: [UInt8], at start: Int) throws(Failure) -> blst_fp2 {
        blst_fp2(fp: (try field(input, at: start), try field(input, at: start + 64)))
    }

    /// Writes a number of the field.
    static func write(_ number: blst_fp, into output: inout [UInt8]) {
        var number = number
        var bytes = [UInt8](repeating: 0, count: 48)
        blst_bendian_from_fp(&bytes, &number)
        output += [UInt8](repeating: 0, count: 16) + bytes
    }

    /// Reads a number of thirty-two bytes and reduces it by the order of the groups.
    static func scalar(_ input: [UInt8], at start: Int) -> blst_scalar {
        var scalar = blst_scalar()
        _ = blst_scalar_from_be_bytes(&scalar, Array(input[start..<start + 32]), 32)
        return scalar
    }

    /// Tells whether the pairings of the pairs, 384 bytes each, multiply to one.
    public static func pairingsMultiplyToOne(_ input: [UInt8]) throws(Failure) -> Bool {
        guard !input.isEmpty, input.count.isMultiple(of: 384) else {
            throw .count(found: input.count)
        }
        var product = blst_fp12_one().pointee
        for start in stride(from: 0, to: input.count, by: 384) {
            var p = try pointG1(input, at: start, inGroup: true)
            var q = try pointG2(input, at: start + 128, inGroup: true)
            guard !blst_p1_affine_is_inf(&p), !blst_p2_affine_is_inf(&q) else { continue }
            var value = blst_fp12()
            blst_miller_loop(&value, &q, &p)
            var next = blst_fp12()
            blst_fp12_mul(&next, &product, &value)
            product = next
        }
        var result = blst_fp12()
        blst_final_exp(&result, &product)
        return blst_fp12_is_one(&result)
    }
}
