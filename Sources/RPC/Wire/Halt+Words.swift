import EVM

extension Halt {
    /// Why a frame was stopped, in the words of the network's other clients.
    var words: String {
        switch self {
        case .outOfGas: "out of gas"
        case .stackUnderflow: "stack underflow"
        case .stackOverflow: "stack limit reached 1024 (1023)"
        case .undefinedInstruction, .invalidInstruction: "invalid opcode"
        case .invalidJump: "invalid jump destination"
        case .staticViolation: "write protection"
        case .returnDataOverrun: "return data out of bounds"
        case .addressCollision: "contract address collision"
        case .codeTooLong: "max code size exceeded"
        case .codeReserved: "invalid code: must not begin with 0xef"
        case .precompile: "precompile failed"
        case .insufficientBalance: "insufficient balance for transfer"
        case .callDepth: "max call depth exceeded"
        case .nonceOverflow: "nonce uint64 overflow"
        case .storeSentry: "out of gas: not enough gas for reentrancy sentry"
        case .codeDeposit: "contract creation code storage out of gas"
        }
    }

    /// The same, with the instruction that was to run and the height of the stack before it.
    func words(at byte: UInt8, height: Int) -> String {
        switch self {
        case .stackUnderflow:
            "stack underflow (\(height) <=> \(Opcode(rawValue: byte)?.traits?.taken ?? 0))"
        case .stackOverflow: "stack limit reached 1024 (\(height))"
        case .invalidInstruction: "invalid opcode: INVALID"
        case .undefinedInstruction: "invalid opcode: " + Opcode.name(byte)
        default: words
        }
    }
}

extension Opcode {
    /// What a byte of code is called.
    static func name(_ byte: UInt8) -> String {
        Opcode(rawValue: byte)?.traits?.name ?? "opcode 0x\(String(byte, radix: 16)) not defined"
    }
}
