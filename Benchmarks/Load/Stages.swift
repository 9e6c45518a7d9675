import Crypto
import EVM
import Encoding
import Glibc
import Identifiers
import Ledger
import Linux
import Machine
import Primitives

/// What a transfer costs a validator, stage by stage, by one thread and with nothing else running.
struct Stages {
    private let senders: [Sender]
    private let genesis: Genesis
    private let database: Database
    private var chain: Chain
    private var pool: Pool
    private var nonce: UInt64 = 0
    private var times: [(stage: String, seconds: [Double])] = []

    /// How many blocks are measured; the median counts.
    private static let rounds = 9

    /// A chain of its own in a directory, with accounts that each send one transfer a block.
    init(accounts: Int, in directory: String) throws {
        senders = Sender.all(accounts)
        var header = Header()
        header.gasLimit = 200_000_000
        header.baseFeePerGas = 1_000_000_000
        let validator = GenesisValidator(address: .zero, publicKey: [], feeAddress: .zero)
        let allocations = senders.map {
            Allocation(address: $0.address, balance: UInt256(1_000_000_000) &* 1_000_000_000_000)
        }
        genesis = Genesis(
            rules: ChainRules(chainID: 7), header: header,
            accounts: allocations + Genesis.systemContracts, validators: [validator])
        database = try Database(directory: directory)
        let (opened, writes) = try Chain.open(database, genesis: genesis)
        chain = opened
        try database.commit([writes])
        chain.committed(genesis.hash)
        pool = Pool(rules: genesis.rules, head: chain.head)
    }

    /// Measures some blocks; a line of JSON with the nanoseconds of each stage for one transfer.
    mutating func measured() throws -> String {
        for _ in 0..<Stages.rounds { try round() }
        var members: [(String, JSON)] = [("transfers", .integer(senders.count))]
        for (stage, seconds) in times {
            let median = seconds.sorted()[seconds.count / 2]
            members.append((stage, .integer(Int(median / Double(senders.count) * 1e9))))
        }
        let json = JSON.object(members.map { JSON.Member($0.0, $0.1) })
        return json.line
    }

    private mutating func round() throws {
        let wire = senders.map { sender -> [UInt8] in
            var sender = sender
            sender.nonce = nonce
            return sender.transfer(to: sender.stranger, chainID: 7).bytes
        }
        nonce += 1
        let signed = try time("recovery") { _ in
            try wire.map { try SignedTransaction(decoding: $0) }
        }
        try time("admission") { stages in
            let state = stages.chain.view.state
            for transaction in signed { _ = try stages.pool.admit(transaction, on: state) }
        }
        let view = chain.view
        let selected = time("selection") { stages in
            stages.pool.select(
                on: view, baseFee: view.head.nextBaseFee, gas: view.head.gasLimit, bytes: 1 << 20)
        }
        let attributes = BlockAttributes(
            timestamp: view.head.timestamp + 1, beneficiary: .zero,
            gasLimit: view.head.gasLimit, bytes: 1 << 20)
        let built = try time("building") { _ in try view.build(selected, attributes).overlay }
        guard built.block.transactions.count == senders.count else { throw Unfit() }
        let bytes = time("encoding") { _ in built.block.encoded }
        let known = pool.known
        let block = try time("decoding") { _ in try Block(decoding: bytes, known: known) }
        let overlay = try time("judging") { _ in try view.validate(block) }
        try chain.insert(overlay)
        let finalization = try time("finality") { stages in
            let finalization = try stages.chain.finalize(overlay.hash)
            _ = stages.pool.advance(
                to: overlay.header, changing: overlay.changedAccounts,
                state: stages.chain.view.state)
            return finalization
        }
        try time("commit") { stages in try stages.database.commit([finalization.writes]) }
        chain.committed(overlay.hash)
    }

    /// A transfer was left out of its block: the figures would be of something else.
    private struct Unfit: Error {}

    private mutating func time<Value>(
        _ stage: String, _ body: (inout Stages) throws -> Value
    ) rethrows -> Value {
        let start = Stages.clock
        let value = try body(&self)
        let seconds = Stages.clock - start
        if let index = times.firstIndex(where: { $0.stage == stage }) {
            times[index].seconds.append(seconds)
        } else {
            times.append((stage, [seconds]))
        }
        return value
    }

    /// The processor's time that this thread used: others on the machine do not count.
    static var clock: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
