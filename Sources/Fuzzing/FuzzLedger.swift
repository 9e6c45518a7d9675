internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC

/// A chain of one block, on which transactions, blocks and calls from outside are tried.
enum FuzzLedger {
    /// A disk with nothing on it: what the chain holds is all in memory.
    private struct EmptyDisk: Disk, Snapshot {
        func snapshot() -> any Snapshot { self }
        func value(_ key: [UInt8], in table: Table) -> [UInt8]? { nil }
        func entries(from start: [UInt8], in table: Table, limit: Int) -> [Entry] { [] }
        func last(in table: Table) -> Entry? { nil }
    }

    /// Whoever pays for what is tried.
    static let rich = Address(UInt256(0xaaaa))

    /// The state of the chain's first block; two of its accounts call each other.
    static let view: ChainView = {
        var header = Header()
        header.gasLimit = 30_000_000
        let code: [UInt8] = [
            0x5f, 0x35, 0x5f, 0x55, 0x60, 0x20, 0x5f, 0xa0, 0x5f, 0x54, 0x5f, 0x52,
        ]
        var accounts = FuzzChain.keys.map {
            Allocation(address: Address($0.publicKey.addressHash), balance: .max >> 8)
        }
        accounts.append(Allocation(address: rich, balance: .max >> 8))
        accounts.append(
            Allocation(
                address: Address(UInt256(0xcccc)), nonce: 1, balance: 5,
                code: code + [0x60, 0x20, 0x5f, 0xf3], storage: [0: 7]))
        let genesis = Genesis(rules: ChainRules(chainID: 1), header: header, accounts: accounts)
        guard let opened = try? Chain.open(EmptyDisk(), genesis: genesis) else {
            preconditionFailure("an empty disk takes any chain")
        }
        return opened.chain.view
    }()

    /// What the maker of the next block decides.
    static let attributes = BlockAttributes(
        timestamp: 12, beneficiary: .zero, gasLimit: 30_000_000)

    /// Executes a transaction as if the rich account had sent it, and offers it to a pool.
    static func execute(_ transaction: Transaction) {
        let signed = SignedTransaction(transaction, sender: rich)
        let header = view.nextHeader(attributes)
        _ = try? Executor(view.environment(of: header), on: view.state).execute(signed)
        var pool = Pool(rules: view.rules, head: view.head)
        _ = try? pool.admit(signed, on: view.state)
    }

    /// Builds a block of a transaction; what was built must be judged to be good.
    static func build(_ transactions: [SignedTransaction]) -> Block? {
        guard let built = try? view.build(transactions, attributes) else { return nil }
        let block = built.overlay.block
        precondition((try? view.validate(block)) != nil, "what was built is valid")
        return block
    }

    /// Answers a message of the RPC as a node would, readings at once.
    static func answer(_ bytes: [UInt8]) {
        answer(.received(.request(Ticket(1), headers: []), bytes))
    }

    /// Answers a query in GraphQL: a text, which the door wraps.
    static func query(_ bytes: [UInt8]) {
        let query = JSON.object([
            .init("query", .string(String(decoding: bytes, as: UTF8.self)))
        ])
        answer(.queried(Ticket(1), headers: [], query.encoded(), mayChange: true))
    }

    private static func answer(_ input: Dispatcher.Input) {
        var machine = Dispatcher(head: Head(chainID: 1, version: "fuzz"), seed: 1)
        var box = Outbox<Dispatcher.Output>()
        machine.handle(input, at: .start, into: &box)
        for _ in 0..<4 {
            for output in box.drain() {
                switch output {
                case .read(let ticket, let calls):
                    let replies = calls.map { $0.answer(on: view) }
                    machine.handle(.answered(ticket, replies), at: .start, into: &box)
                case .ask(let ticket, .query(let query)):
                    let reply = ReadCall.query(query).answer(on: view)
                    machine.handle(.answered(ticket, [reply]), at: .start, into: &box)
                case .reply, .send, .submit, .ask: continue
                }
            }
        }
    }
}
