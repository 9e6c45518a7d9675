internal import CBLST

extension BLS12381 {
    /// Adds two points of 128 bytes each; they need not be in the group of prime order.
    public static func addG1(_ input: [UInt8]) throws(Failure) -> [UInt8] {
        guard input.count == 256 else { throw .count(found: input.count) }
        var left = try pointG1(input, at: 0, inGroup: false)
        var right = try pointG1(input, at: 128, inGroup: false)
        var (sum, first) = (blst_p1(), blst_p1())
        blst_p1_from_affine(&first, &left)
        blst_p1_add_or_double_affine(&sum, &first, &right)
        return bytes(&sum)
    }

    /// Adds up multiples: pairs of a point of 128 bytes and a number of 32.
    public static func sumG1(_ input: [UInt8]) throws(Failure) -> [UInt8] {
        let size = 160
        guard !input.isEmpty, input.count.isMultiple(of: size) else {
            throw .count(found: input.count)
        }
        var points: [blst_p1_affine] = []
        var scalars: [blst_scalar] = []
        for start in stride(from: 0, to: input.count, by: size) {
            var point = try pointG1(input, at: start, inGroup: true)
            // The sum of many takes no points at infinity.
            guard !blst_p1_affine_is_inf(&point) else { continue }
            points.append(point)
            scalars.append(scalar(input, at: start + 128))
        }
        var sum = multiplied(points, scalars)
        return bytes(&sum)
    }

    /// Maps a number of 64 bytes to a point of the group (RFC 9380, section 6.6.3).
    public static func mapToG1(_ input: [UInt8]) throws(Failure) -> [UInt8] {
        guard input.count == 64 else { throw .count(found: input.count) }
        var element = try field(input, at: 0)
        var point = blst_p1()
        blst_map_to_g1(&point, &element, nil)
        return bytes(&point)
    }

    /// Reads a point of the curve, and of the group of prime order if asked.
    static func pointG1(
        _ input: [UInt8], at start: Int, inGroup: Bool
    ) throws(Failure) -> blst_p1_affine {
        let x = try field(input, at: start)
        let y = try field(input, at: start + 64)
        var point = blst_p1_affine(x: x, y: y)
        if blst_p1_affine_is_inf(&point) { return point }
        guard blst_p1_affine_on_curve(&point) else { throw .curve(at: start) }
        guard !inGroup || blst_p1_affine_in_g1(&point) else { throw .group(at: start) }
        return point
    }

    private static func multiplied(
        _ points: [blst_p1_affine], _ scalars: [blst_scalar]
    ) -> blst_p1 {
        var sum = blst_p1()
        guard points.count > 1 else {
            guard var affine = points.first else { return sum }
            var point = blst_p1()
            blst_p1_from_affine(&point, &affine)
            withUnsafeBytes(of: scalars[0]) { scalar in
                blst_p1_mult(&sum, &point, scalar.bindMemory(to: UInt8.self).baseAddress, 255)
            }
            return sum
        }
        let size = blst_p1s_mult_pippenger_scratch_sizeof(points.count)
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { scratch in
            points.withUnsafeBufferPointer { points in
                scalars.withUnsafeBytes { scalars in
                    // A nil after the first pointer says that the rest lies behind it.
                    let starts = [points.baseAddress, nil]
                    let numbers = [scalars.bindMemory(to: UInt8.self).baseAddress, nil]
                    blst_p1s_mult_pippenger(
                        &sum, starts, points.count, numbers, 255,
                        scratch.bindMemory(to: limb_t.self).baseAddress)
                }
            }
        }
        return sum
    }

    private static func bytes(_ point: inout blst_p1) -> [UInt8] {
        var affine = blst_p1_affine()
        blst_p1_to_affine(&affine, &point)
        var output: [UInt8] = []
        output.reserveCapacity(128)
        write(affine.x, into: &output)
        write(affine.y, into: &output)
        return output
    }
}
