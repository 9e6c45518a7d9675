internal import Apps
internal import EVM
internal import Identifiers
internal import Index
internal import Ledger
internal import Machine
internal import Primitives
internal import RPC

extension FuzzTarget {
    /// What callers send to the door of the RPC.
    static let calls: [FuzzTarget] = [
        FuzzTarget("rpc", seeds: FuzzSeeds.calls) { bytes in
            var machine = Dispatcher(head: Head(chainID: 1, version: "fuzz"), seed: 1)
            var box = Outbox<Dispatcher.Output>()
            machine.handle(
                .received(.request(Ticket(1), headers: []), bytes), at: .start, into: &box)
            machine.handle(.received(.session(Session(1)), bytes), at: .start, into: &box)
            machine.handle(.disconnected(Session(1)), at: .start, into: &box)
            machine.wake(at: .start.advanced(by: .seconds(3600)), into: &box)
        },
        FuzzTarget("reading", seeds: FuzzSeeds.calls) { bytes in FuzzLedger.answer(bytes) },
        FuzzTarget("graphql", seeds: FuzzSeeds.queries) { bytes in FuzzLedger.query(bytes) },
        FuzzTarget("http", seeds: [Array("POST\n/\nhost: localhost\n".utf8)]) { bytes in
            _ = HTTPFace.judge(
                request(bytes), HTTPFace.Policy(origins: ["http://a.example"]))
        },
        FuzzTarget("enquiry", seeds: FuzzSeeds.enquiries) { bytes in
            guard let enquiry = try? Enquiry(request(bytes)) else { return }
            for isKept in [false, true] {
                _ = try? enquiry.statements(Enquiry.Standing(isKept: isKept))
            }
        },
        FuzzTarget("transfer", seeds: FuzzSeeds.transferLogs) { bytes in
            guard bytes.count > 128 else { return }
            let words = stride(from: 0, to: 128, by: 32).compactMap {
                Hash32(Array(bytes[$0..<$0 + 32]))
            }
            let topics = Array(words.prefix(Int(bytes[128] % 5)))
            let log = Log(address: .zero, topics: topics, data: Array(bytes.dropFirst(129)))
            let moved = TokenTransfer.all(in: log)
            precondition(moved.count <= log.data.count, "a log tells of what it holds")
        },
        FuzzTarget("control", seeds: FuzzSeeds.control) { bytes in
            let door = ControlDoor(token: "a1", consoles: [FuzzPeer.endpoint, FuzzPeer.endpoint])
            guard case .act(_, let index, _) = door.judge(request(bytes)) else { return }
            precondition((0..<2).contains(index), "an act is on a node that is there")
        },
    ]

    /// A request of which the bytes are the lines: method, target, header fields.
    private static func request(_ bytes: [UInt8]) -> HTTPRequest {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let headers = lines.dropFirst(2).map { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return HTTPRequest.Header(parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }
        return HTTPRequest(
            method: lines.first.map(String.init) ?? "",
            target: lines.count > 1 ? String(lines[1]) : "", headers: headers, body: [])
    }

    /// Code and inputs of built-in contracts, which anyone may send in a transaction.
    static let code: [FuzzTarget] = [
        FuzzTarget("precompile", seeds: FuzzSeeds.precompiles) { bytes in
            guard bytes.count > 1 else { return }
            let all = Precompile.allCases
            let contract = all[Int(bytes[0]) % all.count]
            let revision: Revision = bytes[1] & 1 == 0 ? .osaka : .byzantium
            _ = contract.run(Array(bytes.dropFirst(2)), gas: 300_000, revision: revision)
        },
        FuzzTarget("code", seeds: FuzzSeeds.code) { bytes in
            guard let first = bytes.first else { return }
            let revisions = Revision.allCases
            let revision = revisions[revisions.count - 1 - Int(first) % revisions.count]
            let (sender, recipient) = (Address(a: 1, b: 0, c: 1), Address(a: 2, b: 0, c: 2))
            let state = MemoryState([
                Allocation(address: sender, balance: .max >> 1),
                Allocation(address: recipient, nonce: 1, code: Array(bytes.dropFirst())),
            ])
            let gas: Int64 = 200_000
            let message = Message(sender: sender, recipient: recipient, input: bytes, gas: gas)
            func run(_ engine: Engine) -> (Outcome, StateDiff) {
                let journal = Journal(view: state, revision: revision)
                let interpreter = Interpreter(
                    revision: revision, environment: Environment(), host: journal, engine: engine)
                return (interpreter.run(message), journal.diff())
            }
            let (outcome, diff) = run(.plain)
            precondition((outcome, diff) == run(.decoded), "decoded code does what its bytes do")
            precondition(outcome.gasLeft >= 0 && outcome.gasLeft <= gas, "gas is only used up")
        },
    ]
}
