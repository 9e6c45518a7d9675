import EVM
import Encoding
import Ledger
import Machine
import Node
import Primitives
import RPC

/// A chain that was imported, behind the dispatcher that nodes serve: JSON-RPC without a node.
///
/// What a node would hand to its workers is answered at once, and what only it could tell about
/// consensus is refused. Who decided on the blocks is not asked.
public struct RPCDesk {
    private let chain: Chain
    private var dispatcher: Dispatcher
    private var pool: Pool
    private var head: Head
    private var requests: UInt64 = 0

    /// Whether its blocks were made here, so that their hashes are other than a fixture's.
    let hasOwnHashes: Bool

    /// Executes blocks after a genesis: those of a file, one after another in RLP, or planned ones.
    public init(genesis: [UInt8], blocks bytes: [UInt8]) throws {
        let plan = bytes.first == 0x7b ? try BlockPlan(JSON(decoding: bytes)) : nil
        let genesis = try Genesis(
            RPCDesk.completed(try JSON(decoding: genesis), plan == nil ? bytes : []))
        var chain = try Chain.open(NoDisk(), genesis: genesis).chain
        hasOwnHashes = plan != nil
        if let plan {
            try plan.extend(&chain)
        } else {
            try RPCDesk.importBlocks(bytes, into: &chain)
        }
        self.chain = chain
        var limits = Pool.Limits()
        // The cases send blobs: they are written for networks that spread them.
        limits.takesBlobs = true
        pool = Pool(rules: genesis.rules, head: chain.head, limits: limits)
        head = Head(chainID: genesis.rules.chainID, version: Node.version)
        head.follow(chain.head, genesis.rules)
        dispatcher = Dispatcher(head: head, seed: 0)
    }

    private static func importBlocks(_ bytes: [UInt8], into chain: inout Chain) throws {
        for item in try RLP.items(in: bytes, 0..<bytes.count) {
            let revision = chain.rules.revision(atNumber: chain.head.number, timestamp: 0)
            let block = try Block(
                decoding: Array(bytes[item.whole]), isFrontier: revision < .homestead)
            guard block.number > 0 else { continue }
            do {
                try chain.insert(try chain.view.validate(block))
            } catch {
                throw FixtureError("block \(block.number) is refused: \(error)")
            }
            _ = try chain.finalize(block.hash)
        }
    }

    /// A genesis file with what else is to be known of it.
    ///
    /// Some write `chainID`. The merge is where the blocks have no difficulty any more.
    private static func completed(_ genesis: JSON, _ blocks: [UInt8]) throws -> JSON {
        var config = genesis["config"]?.members ?? []
        if genesis["config"]?["chainId"] == nil {
            config.append(.init("chainId", genesis["config"]?["chainID"] ?? 1))
        }
        let merge = try RLP.items(in: blocks, 0..<blocks.count).lazy
            .map { try Block(decoding: Array(blocks[$0.whole]), isFrontier: true).header }
            .first { $0.difficulty.isZero }
        if let merge, merge.number > 1, genesis["config"]?["mergeNetsplitBlock"] == nil {
            config.append(.init("mergeNetsplitBlock", .integer(merge.number)))
        }
        let rest = (genesis.members ?? []).filter { $0.name != "config" }
        return .object(rest + [.init("config", .object(config))])
    }

    /// The hash of a block of the chain, by its number.
    func hash(number: UInt64) -> Hash32? { chain.view.hash(number: number) }

    /// The response to a request; empty if it asks for none.
    public mutating func reply(to body: [UInt8]) -> [UInt8] {
        requests += 1
        return respond(to: .received(.request(Ticket(requests), headers: []), body)).body
    }

    /// The response to a query in GraphQL.
    mutating func reply(toQuery body: [UInt8]) -> HTTPResponse {
        requests += 1
        return respond(to: .queried(Ticket(requests), headers: [], body, mayChange: true))
    }

    private mutating func respond(to input: Dispatcher.Input) -> HTTPResponse {
        var inputs = [input]
        while let input = inputs.popLast() {
            var outputs = Outbox<Dispatcher.Output>()
            dispatcher.handle(input, at: .start, into: &outputs)
            for output in outputs.drain() {
                switch output {
                case .reply(_, let response): return response
                case .send: continue
                case .read(let ticket, let calls):
                    inputs.append(.answered(ticket, calls.map { $0.answer(on: chain.view) }))
                case .submit(let ticket, let bytes):
                    inputs.append(.answered(ticket, [submit(bytes)]))
                    inputs.append(.headed(head))
                case .ask(let ticket, let call): inputs.append(answer(call, ticket))
                }
            }
        }
        return HTTPResponse(status: 500)
    }

    private mutating func submit(_ bytes: [UInt8]) -> Reply {
        do throws(UnreadableTransaction) {
            let transaction = try SignedTransaction(decoding: bytes)
            return admit(transaction)
        } catch {
            return Reply(RPCError.server("\(error)"))
        }
    }

    private mutating func admit(_ transaction: SignedTransaction) -> Reply {
        do throws(PoolRejection) {
            _ = try pool.admit(transaction, on: chain.view.state)
        } catch {
            return Reply(RPCError(error))
        }
        head.pending = pool.executableCount
        head.queued = pool.count - pool.executableCount
        return Reply(.string(transaction.hash.description))
    }

    private func answer(_ call: NodeCall, _ ticket: Ticket) -> Dispatcher.Input {
        let view = chain.view
        switch call {
        case .pendingNonce(let address):
            let nonce = pool.nextNonce(of: address) ?? view.state.account(address)?.nonce ?? 0
            return .answered(ticket, [Reply(.quantity(nonce))])
        case .pooled(let hash):
            guard let transaction = pool.transaction(hash) else { return .missed(ticket) }
            return .answered(ticket, [Reply(transaction.pendingJSON)])
        case .poolContent(let sender):
            return .answered(ticket, [Reply(pool.content(of: sender))])
        case .query(let query):
            let seeing = query.seeing(pool.waiting(limit: RPCLimits.graphWaiting))
            return .answered(ticket, [ReadCall.query(seeing).answer(on: view)])
        case .build(let request):
            let waiting = pool.select(
                on: view, baseFee: view.head.nextBaseFee, gas: view.head.gasLimit, bytes: 8 << 20)
            let filled = request.filled(with: waiting.map(\.encoded))
            return .answered(ticket, [ReadCall.build(filled).answer(on: view)])
        case .status, .validators, .isolate, .develop:
            return .answered(ticket, [Reply(RPCError.server("there is no node"))])
        }
    }
}
