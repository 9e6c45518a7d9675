internal import CBLST
internal import Primitives

/// Proofs about blobs by polynomial commitments (EIP-4844): the check of one evaluation, by blst.
public enum KZG {
    /// How many field elements a blob has.
    public static let elementsPerBlob: UInt64 = 4096

    /// The order of the groups of BLS12-381, big-endian.
    public static let modulus: [UInt8] = [
        0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8,
        0x05, 0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
        0x00, 0x01,
    ]

    /// What can be wrong with a proof's parts.
    public enum Failure: Error, Hashable {
        /// A part has another number of bytes than it must have.
        case count
        /// The point or the value is not below the modulus.
        case scalar
        /// The commitment or the proof is no point of the group.
        case point
    }

    /// The setup's secret times the generator of the second group, compressed.
    ///
    /// From Ethereum's ceremony of 2023: the second entry of its powers in the second group. It is
    /// all of the setup that the check of an evaluation needs.
    private static let setup: [UInt8] = [
        0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3,
        0x89, 0x26, 0x18, 0x70, 0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a,
        0xc5, 0x3d, 0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4, 0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3,
        0x49, 0x9f, 0x72, 0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73, 0x44, 0x29, 0xb7,
        0xb3, 0x86, 0x08, 0xe2, 0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51,
        0x47, 0x7b, 0xa4, 0xc6, 0x0b, 0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e,
        0xda, 0xda, 0x20, 0xc1, 0xde, 0xf2,
    ]

    /// The setup's point, read once.
    private static let setupPoint: blst_p2_affine? = {
        var point = blst_p2_affine()
        guard blst_p2_uncompress(&point, setup) == BLST_SUCCESS, blst_p2_affine_in_g2(&point)
        else { return nil }
        return point
    }()

    /// Tells whether the committed polynomial has the value `y` at the point `z`.
    ///
    /// The check is e(C − y·G₁, G₂) = e(proof, (τ − z)·G₂) (EIP-4844, `verify_kzg_proof`).
    public static func verify(
        commitment: [UInt8], z: [UInt8], y: [UInt8], proof: [UInt8]
    ) throws(Failure) -> Bool {
        guard commitment.count == 48, proof.count == 48, z.count == 32, y.count == 32
        else { throw .count }
        let (z, y) = (try scalar(z), try scalar(y))
        var (left, right) = (try point(commitment), try point(proof))
        guard var setup = setupPoint else { preconditionFailure("the setup's point is one") }
        var shift: blst_p2 = negatedMultiple(z)
        var sum2 = blst_p2()
        blst_p2_add_or_double_affine(&sum2, &shift, &setup)
        var value: blst_p1 = negatedMultiple(y)
        var sum1 = blst_p1()
        blst_p1_add_or_double_affine(&sum1, &value, &left)
        blst_p1_to_affine(&left, &sum1)
        var second = blst_p2_affine()
        blst_p2_to_affine(&second, &sum2)
        var first = blst_p2_affine_generator().pointee
        var (a, b) = (miller(&left, &first), miller(&right, &second))
        return blst_fp12_finalverify(&a, &b)
    }

    private static func scalar(_ bytes: [UInt8]) throws(Failure) -> blst_scalar {
        guard bytes.lexicographicallyPrecedes(modulus) else { throw .scalar }
        var scalar = blst_scalar()
        blst_scalar_from_bendian(&scalar, bytes)
        return scalar
    }

    private static func point(_ bytes: [UInt8]) throws(Failure) -> blst_p1_affine {
        var point = blst_p1_affine()
        guard blst_p1_uncompress(&point, bytes) == BLST_SUCCESS, blst_p1_affine_in_g1(&point)
        else { throw .point }
        return point
    }

    /// Miller's function of a pair; one if either point is at infinity.
    private static func miller(
        _ p: inout blst_p1_affine, _ q: inout blst_p2_affine
    ) -> blst_fp12 {
        guard !blst_p1_affine_is_inf(&p), !blst_p2_affine_is_inf(&q) else {
            return blst_fp12_one().pointee
        }
        var value = blst_fp12()
        blst_miller_loop(&value, &q, &p)
        return value
    }

    private static func negatedMultiple(_ scalar: blst_scalar) -> blst_p1 {
        var point = blst_p1()
        withUnsafeBytes(of: scalar) {
            let bytes = $0.bindMemory(to: UInt8.self).baseAddress
            blst_p1_mult(&point, blst_p1_generator(), bytes, 255)
        }
        blst_p1_cneg(&point, true)
        return point
    }

    private static func negatedMultiple(_ scalar: blst_scalar) -> blst_p2 {
        var point = blst_p2()
        withUnsafeBytes(of: scalar) {
            let bytes = $0.bindMemory(to: UInt8.self).baseAddress
            blst_p2_mult(&point, blst_p2_generator(), bytes, 255)
        }
        blst_p2_cneg(&point, true)
        return point
    }
}
