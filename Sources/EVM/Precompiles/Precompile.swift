public import Identifiers
internal import Primitives

/// A contract that every node has built in, at a fixed address (Yellow Paper, appendix E).
public enum Precompile: UInt16, CaseIterable, Sendable {
    /// Recovers the address that made a signature (Yellow Paper, appendix E.1.1).
    case recover = 0x01
    /// SHA-256.
    case sha256 = 0x02
    /// RIPEMD-160.
    case ripemd160 = 0x03
    /// Copies its input.
    case identity = 0x04
    /// Powers modulo a number (EIP-198).
    case modularPower = 0x05
    /// Adds points of alt_bn128 (EIP-196).
    case bn254Add = 0x06
    /// Multiplies a point of alt_bn128 (EIP-196).
    case bn254Multiply = 0x07
    /// Checks pairings on alt_bn128 (EIP-197).
    case bn254Pairing = 0x08
    /// BLAKE2b's compression function (EIP-152).
    case blake2F = 0x09
    /// Checks one evaluation of a blob's polynomial (EIP-4844).
    case pointEvaluation = 0x0a
    /// Adds points of BLS12-381's first group (EIP-2537).
    case bls12G1Add = 0x0b
    /// Adds multiples of points of BLS12-381's first group (EIP-2537).
    case bls12G1Sum = 0x0c
    /// Adds points of BLS12-381's second group (EIP-2537).
    case bls12G2Add = 0x0d
    /// Adds multiples of points of BLS12-381's second group (EIP-2537).
    case bls12G2Sum = 0x0e
    /// Checks pairings on BLS12-381 (EIP-2537).
    case bls12Pairing = 0x0f
    /// Maps a number to BLS12-381's first group (EIP-2537).
    case bls12MapToG1 = 0x10
    /// Maps a number to BLS12-381's second group (EIP-2537).
    case bls12MapToG2 = 0x11
    /// Verifies a signature on P-256 (EIP-7951).
    case p256Verify = 0x100

    /// The revision that brought it.
    public var since: Revision {
        switch self {
        case .recover, .sha256, .ripemd160, .identity: .frontier
        case .modularPower, .bn254Add, .bn254Multiply, .bn254Pairing: .byzantium
        case .blake2F: .istanbul
        case .pointEvaluation: .cancun
        case .bls12G1Add, .bls12G1Sum, .bls12G2Add, .bls12G2Sum, .bls12Pairing, .bls12MapToG1,
            .bls12MapToG2:
            .prague
        case .p256Verify: .osaka
        }
    }

    /// The address at which it stands.
    public var address: Address { Address(a: 0, b: 0, c: UInt32(rawValue)) }

    /// Returns the contract built in at an address in a revision, if there is one.
    public static func at(_ address: Address, in revision: Revision) -> Precompile? {
        guard address.a | address.b == 0, address.c <= 0x100,
            let contract = Precompile(rawValue: UInt16(address.c)), contract.since <= revision
        else { return nil }
        return contract
    }

    /// The addresses that are warm from the start of a transaction (EIP-2929), in order.
    public static func addresses(in revision: Revision) -> [Address] {
        allCases.filter { $0.since <= revision }.map(\.address)
    }

    /// Runs the contract; all gas is lost if it refuses its input or gas does not suffice.
    public func run(_ input: [UInt8], gas: UInt64, revision: Revision) -> PrecompileResult {
        let cost = cost(input, revision)
        guard cost <= gas, let output = output(input, revision) else { return .failure }
        return .success(output: output, gasUsed: cost)
    }

    private func output(_ input: [UInt8], _ revision: Revision) -> [UInt8]? {
        switch self {
        case .recover: Self.recover(input)
        case .sha256, .ripemd160: hash(input)
        case .identity: input
        case .modularPower: ModularPowerInput(input).output(revision)
        case .bn254Add, .bn254Multiply, .bn254Pairing: bn254(input)
        case .blake2F: Self.blake2F(input)
        case .pointEvaluation: Self.pointEvaluation(input)
        case .bls12G1Add, .bls12G1Sum, .bls12G2Add, .bls12G2Sum, .bls12Pairing, .bls12MapToG1,
            .bls12MapToG2:
            bls12(input)
        case .p256Verify: Self.p256Verify(input)
        }
    }
}

/// How a built-in contract ended.
public enum PrecompileResult: Hashable, Sendable {
    /// It answered.
    case success(output: [UInt8], gasUsed: UInt64)
    /// It refused, and all gas given to it is lost.
    case failure
}
