internal import Crypto
internal import Primitives

extension Precompile {
    /// Addition, multiplication and pairings on alt_bn128 (EIP-196, EIP-197).
    func bn254(_ input: [UInt8]) -> [UInt8]? {
        switch self {
        case .bn254Add: BN254.add(input.padded(count: 128))
        case .bn254Multiply: BN254.multiply(input.padded(count: 96))
        default: BN254.pairingsMultiplyToOne(input).map(Self.truth)
        }
    }

    /// The operations on BLS12-381 (EIP-2537).
    func bls12(_ input: [UInt8]) -> [UInt8]? {
        switch self {
        case .bls12G1Add: try? BLS12381.addG1(input)
        case .bls12G1Sum: try? BLS12381.sumG1(input)
        case .bls12G2Add: try? BLS12381.addG2(input)
        case .bls12G2Sum: try? BLS12381.sumG2(input)
        case .bls12MapToG1: try? BLS12381.mapToG1(input)
        case .bls12MapToG2: try? BLS12381.mapToG2(input)
        default: (try? BLS12381.pairingsMultiplyToOne(input)).map(Self.truth)
        }
    }

    /// The check of a blob's evaluation: versioned hash, z, y, commitment, proof (EIP-4844).
    static func pointEvaluation(_ input: [UInt8]) -> [UInt8]? {
        guard input.count == 192 else { return nil }
        let commitment = Array(input[96..<144])
        guard [0x01] + SHA256.hash(commitment).dropFirst() == input[0..<32] else { return nil }
        let valid = try? KZG.verify(
            commitment: commitment, z: Array(input[32..<64]), y: Array(input[64..<96]),
            proof: Array(input[144..<192]))
        return valid == true ? UInt256(KZG.elementsPerBlob).bytes + KZG.modulus : nil
    }

    /// One or zero in thirty-two bytes.
    private static func truth(_ value: Bool) -> [UInt8] {
        (value ? UInt256.one : .zero).bytes
    }
}
