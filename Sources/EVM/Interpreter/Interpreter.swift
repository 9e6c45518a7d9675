public import Identifiers
import Primitives

/// Runs code: the EVM itself, for one revision, over one host.
///
/// Calls do not nest on the native stack: the frames stand in an array, so that 1,024 of them
/// are safe on any thread. One interpreter runs the transactions of a block one after another and
/// keeps its frames for the next.
public final class Interpreter {
    /// The rules.
    public let revision: Revision
    /// What running code can ask about its block and transaction.
    public var environment: Environment
    /// Who is told of every step; `nil` costs nothing.
    public var tracer: (any Tracer)?

    /// The built-in contracts by address, where they are not those of the revision.
    public var precompiles: [Address: Precompile]?

    /// How code is run; what it leads to is the same.
    public let engine: Engine

    let host: any Host
    let schedule: GasSchedule
    let steps: StepTable
    /// The frames used so far, the outermost first.
    private var frames: [Frame] = []
    /// How many bytes of decoded programs there may still be: contracts choose what is decoded.
    var programSpace = 64 << 20
    /// The gas for what is added to the state (EIP-8037); all zero before Amsterdam.
    public var stateGas = StateGas()
    /// What it costs to add to the state.
    public let statePrices: StatePrices
    /// The index of the frame that runs.
    var depth = 0
    /// What the last call of the running frame returned (EIP-211).
    var returnData: [UInt8] = []

    /// How deep calls may nest: frame number 1,024 is the last.
    static let depthLimit = 1024
    /// The longest code (EIP-170, EIP-7954).
    static func codeLimit(_ revision: Revision) -> Int {
        revision >= .amsterdam ? 32768 : 24576
    }

    /// The longest initcode (EIP-3860, EIP-7954).
    public static func initcodeLimit(_ revision: Revision) -> Int { 2 * codeLimit(revision) }

    /// Creates an interpreter.
    public init(
        revision: Revision, environment: Environment, host: any Host, engine: Engine = .tiered
    ) {
        self.revision = revision
        self.environment = environment
        self.host = host
        self.engine = engine
        schedule = GasSchedule(revision)
        statePrices = StatePrices(gasLimit: environment.gasLimit)
        steps = StepTable(revision)
    }

    deinit {
        steps.deallocate()
    }

    /// Runs a transaction's call or creation to its end.
    ///
    /// The sender's nonce and the price of the gas are the caller's business; the recipient's code
    /// is found here, through a delegation if there is one (EIP-7702).
    public func run(_ message: Message) -> Outcome {
        message.input.withUnsafeBytes { input in
            guard message.value.isZero || host.balance(message.sender) >= message.value else {
                return Outcome(
                    status: .failed(.insufficientBalance), gasLeft: message.gas, output: [])
            }
            returnData = []
            depth = -1
            let step =
                message.createsContract
                ? create(
                    message.recipient, by: message.sender, value: message.value,
                    code: Code(input.bytes, hash: .zero), gas: message.gas)
                : call(
                    Call(
                        code: executableCode(message.recipient), codeAddress: message.recipient,
                        address: message.recipient, caller: message.sender, value: message.value,
                        transfers: true, input: input, gas: message.gas, isStatic: false,
                        target: 0..<0))
            switch step {
            case .done(let outcome): return outcome
            case .entered: return runFrames()
            }
        }
    }

    /// An account's code, or that of the account it delegates to (EIP-7702).
    func executableCode(_ address: Address) -> Code {
        let code = host.code(address)
        guard revision >= .prague, let delegate = code.delegate else { return code }
        return host.code(delegate)
    }

    /// Runs the innermost frame, and its callers after it, until the outermost ends.
    private func runFrames() -> Outcome {
        while true {
            let frame = frames[depth]
            let exit = tracer == nil ? runUntraced(frame) : runTraced(frame)
            guard exit != .entered else { continue }
            tracer?.halt(depth: depth, gas: frame.gas)
            let outcome = finish(frame, exit)
            tracer?.exit(depth: depth, outcome: outcome)
            depth -= 1
            if depth < 0 { return outcome }
            deliver(outcome, of: frame, to: frames[depth])
        }
    }

    /// The gas of the frame that runs; zero if none does.
    var callerGas: Int64 { depth < 0 ? 0 : frames[depth].gas }

    /// The frame one deeper than the one that runs, ready to be filled in; it runs next.
    func push() -> Frame {
        depth += 1
        if depth == frames.count { frames.append(Frame()) }
        return frames[depth]
    }
}

/// Why the loop of a frame was left.
enum Exit {
    /// Another frame is to run first.
    case entered
    /// It came to its end.
    case success
    /// It asked to take back what it did.
    case reverted
    /// It did what is not allowed; the frame says what.
    case failed
    /// It cannot come to the end of a block, and the loop over bytes is to find out where it fails.
    case handedOver
    /// It is in the loop over bytes, and its code runs long enough to be decoded.
    case warmed
    #if DEBUG
    /// It made one step, and its context says where the next is.
    case stepped
    #endif
}

/// What beginning a call or creation led to.
enum Opening {
    /// It is over already.
    case done(Outcome)
    /// Its frame is to run.
    case entered
}
