import EVM
import Encoding
import Glibc
import Identifiers
import Ledger
import Primitives

/// `martlet evm run`: runs code on an empty state, and tells how long it took.
struct EVMRun: Command {
    static let name = "evm run"
    static let summary = "run EVM code from a file, and time it"
    static let usage = """
        martlet evm run --code=FILE [--input=FILE] [--gas=N] [--bench] [--json] …

        Runs code in one frame on an otherwise empty state. Files hold hexadecimal digits;
        - is standard input.

          --code=FILE       the code, as it stands in an account
          --input=FILE      the call's input; empty if not given
          --gas=N           how much gas the frame may use (10000000000)
          --fork=NAME       the rules (Osaka)
          --sender=ADDRESS  who calls
          --value=WEI       what it is paid (0)
          --engine=NAME     plain, decoded or tiered: how code is run (tiered)
          --bench           run it again and again for a second, and tell the median time
          --json            write {output, gasUsed, success, error,
                            medianNanoseconds, leastNanoseconds, runs}

        Gas is that of the frame alone: nothing is charged for a transaction. The time is the
        processor's for the execution alone: reading files and marking jump targets is done before.
        """

    private let code: String
    private let input: String?
    private let gas: Int64
    private let revision: Revision
    private let sender: Address
    private let value: UInt256
    private let engine: Engine
    private let isBench: Bool
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        guard let code: String = try arguments.value("code") else { throw .missing("--code=FILE") }
        self.code = code
        input = try arguments.value("input")
        gas = try arguments.value("gas", in: 0...Int64.max) ?? 10_000_000_000
        revision = try arguments.value("fork") ?? .latest
        sender = try arguments.value("sender", as: AddressText.self)?.address ?? EVMRun.caller
        value = try arguments.value("value") ?? .zero
        engine = try arguments.value("engine") ?? .tiered
        isBench = try arguments.flag("bench")
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let message = Message(
            sender: sender, recipient: EVMRun.recipient, value: value,
            input: try EVMRun.hex(input), gas: gas)
        let state = MemoryState([
            Allocation(address: message.sender, balance: .max >> 1),
            Allocation(address: message.recipient, nonce: 1, code: try EVMRun.hex(code)),
        ])
        var environment = Environment()
        environment.number = 1
        environment.timestamp = 1
        environment.gasLimit = UInt64(gas)
        environment.origin = message.sender
        let journal = Journal(view: state, revision: revision)
        let interpreter = Interpreter(
            revision: revision, environment: environment, host: journal,
            engine: engine)
        // As in a transaction, both ends of the call are warm; and the code is made ready.
        _ = (journal.warm(message.sender), journal.warm(message.recipient))
        _ = journal.code(message.recipient)
        let start = journal.checkpoint()
        var times: [Int64] = []
        var total: Int64 = 0
        while true {
            let begin = EVMRun.processorTime
            let outcome = interpreter.run(message)
            let time = EVMRun.processorTime - begin
            times.append(time)
            total += time
            guard isBench, total < 1_000_000_000 || times.count < 3 else {
                return report(outcome, times: times.sorted())
            }
            journal.rollback(to: start)
        }
    }

    /// Who calls, unless another is named.
    private static let caller = Address(
        a: 0xa94f_5374_fce5_edbc, b: 0x8e2a_8697_c153_3167, c: 0x7e6e_bf0b)

    /// Where the code stands.
    private static let recipient = Address(a: 0, b: 0x1000, c: 0)

    private static func hex(_ path: String?) throws -> [UInt8] {
        guard let path else { return [] }
        let text = String(decoding: try Files.read(path, limit: 1 << 30), as: UTF8.self)
        guard let bytes = try? Hex.decode(text.filter { !$0.isWhitespace }) else {
            throw Failure("\(path) is not hexadecimal: expected two digits for each byte")
        }
        return bytes
    }

    private func report(_ outcome: Outcome, times: [Int64]) {
        let nanoseconds = times[times.count / 2]
        let used = gas - outcome.gasLeft
        let error: String? =
            switch outcome.status {
            case .success: nil
            case .reverted: "execution reverted"
            case .failed(let halt): halt.rawValue
            }
        guard isJSON else {
            print(Hex.encode(outcome.output))
            if let error { print("error: \(error)") }
            print("gas used: \(used)")
            return print("median time: \(nanoseconds) ns of \(times.count) runs")
        }
        var members = [
            JSON.Member("output", .string(Hex.encode(outcome.output))),
            JSON.Member("gasUsed", .integer(used)),
            JSON.Member("success", .bool(outcome.succeeded)),
        ]
        if let error { members.append(JSON.Member("error", .string(error))) }
        members.append(JSON.Member("medianNanoseconds", .integer(nanoseconds)))
        members.append(JSON.Member("leastNanoseconds", .integer(times[0])))
        members.append(JSON.Member("runs", .integer(times.count)))
        print(String(decoding: JSON.object(members).encoded(), as: UTF8.self))
    }

    /// The nanoseconds that this thread had of a processor: other work on the machine adds none.
    private static var processorTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
