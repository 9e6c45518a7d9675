import Encoding
import Identifiers
public import Ledger
import Primitives

extension ReadCall {
    /// Answers a call from a view of the chain; for a job, since it reads the disk and may execute.
    public func answer(on view: ChainView) -> Reply {
        Reply { () throws(RPCError) in try result(view) }
    }

    /// What a call comes to.
    func result(_ view: ChainView) throws(RPCError) -> JSON {
        switch self {
        case .balance(let address, let block):
            return .quantity(try view.account(address, block)?.balance ?? .zero)
        case .nonce(let address, let block):
            return .quantity(try view.account(address, block)?.nonce ?? 0)
        case .code(let address, let block):
            let state = try view.state(block)
            return .data(state.account(address).map { state.code($0.codeHash) } ?? [])
        case .storage(let address, let key, let block):
            return .data(try view.state(block).storage(address, key.slot).hash)
        case .storageValues(let requests, let block):
            return try view.storageValues(requests, block)
        case .proof(let address, let keys, let block): return try view.proof(address, keys, block)
        case .call(let request, let block, let overrides):
            return try Simulation(view, block, overrides).call(request)
        case .estimateGas(let request, let block, let overrides):
            return try Simulation(view, block, overrides, isLater: true).estimateGas(request)
        case .feeHistory(let count, let newest, let percentiles):
            return try FeeHistory(view, count: count, newest: newest, percentiles).json
        case .logs(let query): return .array(try view.logs(query).map(\.json))
        case .accessList(let request, let block, let overrides):
            return try Simulation(view, block, overrides).accessList(request)
        case .imagine(let request, let block):
            var chain = try ImaginedChain(view, block, request)
            return try chain.answer()
        case .trace(let hash, let options): return try view.trace(hash, options)
        case .traceBlock(let block, let options): return try view.traceBlock(block, options)
        case .traceCall(let request, let block, let overrides, let options):
            return try Simulation(view, block, overrides).trace(request, options)
        case .changedAccounts(let first, let last):
            return try view.changedAccounts(first, last)
        case .parity(let call): return try view.parity(call) ?? .null
        case .build(let request): return try view.build(request)
        case .query(let query):
            var run = GraphRun(query, on: view)
            return run.response()
        case .capabilities: return view.capabilities
        case .configuration: return ForkConfiguration(view).json
        default: return try blockResult(view) ?? .null
        }
    }

    /// Answers the calls about blocks and transactions, whose answer to the unknown is `null`.
    private func blockResult(_ view: ChainView) throws(RPCError) -> JSON? {
        switch self {
        case .transaction(let hash):
            return view.transaction(hash).flatMap { place in
                view.block(hash: place.block)?.transaction(place.index)
            }
        case .transactionAt(let block, let index):
            guard let block = try view.block(block), index < block.transactions.count else {
                return nil
            }
            return block.transaction(Int(index))
        case .receipt(let hash):
            guard let place = view.transaction(hash), let block = view.block(hash: place.block),
                let receipts = view.receipts(hash: place.block), place.index < receipts.count
            else { return nil }
            return block.receipt(place.index, of: receipts, view.rules)
        case .block(let block, let full): return try view.block(block)?.json(full: full)
        case .transactionCount(let block):
            return try view.block(block).map { .quantity($0.transactions.count) }
        case .receipts(let block):
            return try view.block(block).flatMap { block in
                view.receipts(hash: block.hash).map { .array(block.receipts($0, view.rules)) }
            }
        case .ommerCount(let block):
            return try view.block(block).map { .quantity($0.ommers.count) }
        case .ommer(let block, let index):
            guard let block = try view.block(block), index < block.ommers.count else { return nil }
            return block.ommer(Int(index))
        default: return try rawResult(view)
        }
    }

    /// Answers the calls for bytes as they are hashed.
    private func rawResult(_ view: ChainView) throws(RPCError) -> JSON? {
        switch self {
        case .rawHeader(let block): return .data(try view.known(block).header.encoded)
        case .rawBlock(let block): return .data(try view.known(block).encoded)
        case .rawReceipts(let block):
            let receipts = view.receipts(hash: try view.known(block).hash) ?? []
            return .array(receipts.map { .data($0.encoded) })
        case .rawTransaction(let hash):
            let place = view.transaction(hash)
            let block = place.flatMap { view.block(hash: $0.block) }
            return .data(place.flatMap { block?.transactions[$0.index].encoded } ?? [])
        default: return nil
        }
    }
}
