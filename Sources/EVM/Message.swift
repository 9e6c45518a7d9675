public import Identifiers
public import Primitives

/// An order to run code: a transaction's, before any frame exists.
public struct Message: Sendable {
    /// Who gives it.
    public var sender: Address
    /// Whom it calls; the new contract's address if it creates one.
    public var recipient: Address
    /// Whether the input is the code that creates the recipient.
    public var createsContract: Bool
    /// What it pays, in wei.
    public var value: UInt256
    /// The input, or the code that creates.
    public var input: [UInt8]
    /// The gas it may use.
    public var gas: Int64

    /// Creates a message.
    public init(
        sender: Address, recipient: Address, createsContract: Bool = false,
        value: UInt256 = .zero, input: [UInt8] = [], gas: Int64
    ) {
        self.sender = sender
        self.recipient = recipient
        self.createsContract = createsContract
        self.value = value
        self.input = input
        self.gas = gas
    }
}

/// What came of running code.
public struct Outcome: Hashable, Sendable {
    /// How it ended.
    public let status: Status
    /// What is left of the gas.
    public let gasLeft: Int64
    /// What it returned, or the reason it gave for reverting.
    public let output: [UInt8]

    /// Creates an outcome.
    public init(status: Status, gasLeft: Int64, output: [UInt8]) {
        self.status = status
        self.gasLeft = gasLeft
        self.output = output
    }

    /// How a run ends.
    public enum Status: Hashable, Sendable {
        /// It came to its end.
        case success
        /// It took back what it had done, and keeps the rest of the gas.
        case reverted
        /// It did what is not allowed: all is taken back and the gas is gone.
        case failed(Halt)
    }

    /// Whether it came to its end.
    public var succeeded: Bool { status == .success }
}

/// Why a frame was stopped with the loss of its gas.
public enum Halt: String, Hashable, Sendable {
    /// An instruction cost more gas than was left.
    case outOfGas = "out of gas"
    /// An instruction needed more words than the stack had.
    case stackUnderflow = "stack underflow"
    /// The stack would have had more than 1,024 words.
    case stackOverflow = "stack overflow"
    /// The byte is no instruction of this revision.
    case undefinedInstruction = "undefined instruction"
    /// The designated invalid instruction (EIP-141).
    case invalidInstruction = "invalid instruction"
    /// A jump to where there is no jump target.
    case invalidJump = "invalid jump"
    /// A change of state within a static call (EIP-214).
    case staticViolation = "write in a static call"
    /// A copy of return data beyond its end (EIP-211).
    case returnDataOverrun = "read beyond the return data"
    /// The new contract's address is taken (EIP-684, EIP-7610).
    case addressCollision = "address taken"
    /// The new contract's code is longer than allowed (EIP-170).
    case codeTooLong = "code too long"
    /// The new contract's code begins with 0xef (EIP-3541).
    case codeReserved = "code begins with 0xef"
    /// A precompile refused its input.
    case precompile = "precompile failed"
    /// The sender has less than it sends.
    case insufficientBalance = "insufficient balance"
    /// The call would be the 1,025th around itself.
    case callDepth = "calls too deep"
    /// The creator has created as many contracts as can be counted.
    case nonceOverflow = "nonce too great"
    /// The new contract's code could not be paid for.
    case codeDeposit = "out of gas for the new code"
    /// So little gas was left that storage may not be written (EIP-2200).
    case storeSentry = "too little gas left to store"

    /// Whether more gas might have helped.
    public var isShortage: Bool {
        self == .outOfGas || self == .codeDeposit || self == .storeSentry
    }
}
