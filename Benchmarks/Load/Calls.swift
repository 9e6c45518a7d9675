import Encoding
import Ledger
import Linux
import Machine
import Primitives
import RPC

/// Calls of JSON-RPC answered in this process: the work of a node without what is around it.
struct Calls {
    private let view: ChainView
    private var dispatcher: Dispatcher
    private var requests: UInt64 = 0

    /// Opens the chain of a node that does not run.
    init(genesis: String, data: String) throws {
        let genesis = try Genesis(decoding: Load.bytes(of: genesis))
        view = try Chain.open(try Database(directory: data), genesis: genesis).chain.view
        var head = Head(chainID: genesis.rules.chainID, version: "")
        head.follow(view.head, genesis.rules)
        dispatcher = Dispatcher(head: head, seed: 0)
    }

    /// How many calls of one body one thread answers a second: a line of JSON.
    mutating func measured(body: [UInt8], seconds: Double) throws -> String {
        let first = reply(to: body)
        let start = LargeState.clock
        var count = 0
        while LargeState.clock - start < seconds {
            guard reply(to: body).count == first.count else { throw Unsteady() }
            count += 1
        }
        let took = LargeState.clock - start
        return JSON.object([
            JSON.Member("milliHertz", .integer(Int(1000 * Double(count) / took))),
            JSON.Member("bytes", .integer(first.count)),
        ]).line
    }

    /// The same call had two answers.
    private struct Unsteady: Error {}

    private mutating func reply(to body: [UInt8]) -> [UInt8] {
        requests += 1
        var inputs = [Dispatcher.Input.received(.request(Ticket(requests), headers: []), body)]
        while let input = inputs.popLast() {
            var outputs = Outbox<Dispatcher.Output>()
            dispatcher.handle(input, at: .start, into: &outputs)
            for output in outputs.drain() {
                switch output {
                case .reply(_, let response): return response.body
                case .read(let ticket, let calls):
                    inputs.append(.answered(ticket, calls.map { $0.answer(on: view) }))
                case .send, .submit, .ask: continue
                }
            }
        }
        return []
    }
}
