import EVM
import Encoding
import Ledger
import Primitives

/// The `trace_` space: how transactions of the chain ran, as Parity told it.
extension ChainView {
    /// Answers a call of the space; `nil` for what is not in the chain.
    func parity(_ call: ParityCall) throws(RPCError) -> JSON? {
        switch call {
        case .block(let selector):
            guard let block = try block(selector) else { return nil }
            return .array(try frames(of: block))
        case .transaction(let hash): return try run(hash, .frames)?.rows
        case .frame(let hash, let path):
            let address = JSON.array(path.map { .integer($0) })
            return try run(hash, .frames)?.rows.elements?.first { $0["traceAddress"] == address }
        case .filter(let filter): return .array(try search(filter))
        case .replayBlock(let selector, let kinds):
            guard let block = try block(selector) else {
                throw .invalidParameters("block not found")
            }
            return .array(
                try runs(of: block, kinds).enumerated().map { index, run in
                    run.report(of: block.transactions[index].hash)
                })
        case .replay(let hash, let kinds): return try run(hash, kinds)?.report(of: hash)
        case .call(let call, let block):
            let simulation = try Simulation(self, block, Overrides())
            return try simulation.run(call.request, call.kinds).report(of: nil)
        case .calls(let calls, let block):
            return try Simulation(self, block, Overrides()).run(calls)
        case .raw(let bytes, let kinds):
            return try Simulation(self, .latest, Overrides()).run(bytes, kinds).report(of: nil)
        }
    }

    private func run(_ hash: Hash32, _ kinds: ParityKinds) throws(RPCError) -> ParityRun? {
        guard let place = transaction(hash), let block = block(hash: place.block) else {
            return nil
        }
        var replay = try Replay(block, in: self)
        try replay.skip(to: place.index)
        return try replay.run(at: block.place(place.index), kinds)
    }

    /// What came of a block's transactions; nothing of the first block's.
    private func runs(of block: Block, _ kinds: ParityKinds) throws(RPCError) -> [ParityRun] {
        guard block.number > 0 else { return [] }
        var replay = try Replay(block, in: self)
        var runs: [ParityRun] = []
        var size = 0
        for index in block.transactions.indices {
            let run = try replay.run(at: block.place(index), kinds)
            size += run.size
            guard size <= RPCLimits.traceSize else { throw .responseTooLarge }
            runs.append(run)
        }
        return runs
    }

    /// The frames of a block that a search asks for, and what its maker was paid.
    private func frames(
        of block: Block, in filter: ParityFilter = ParityFilter()
    ) throws(RPCError) -> [JSON] {
        guard block.number > 0 else { return [] }
        let rows = try runs(of: block, .frames).enumerated().flatMap { index, run in
            run.trace.rows(at: block.place(index), where: filter.admits)
        }
        let rewards = environment(of: block.header).rewards(block.ommers)
        return rows + rewards.reversed().filter(filter.admits).map { $0.row(in: block) }
    }

    private func search(_ filter: ParityFilter) throws(RPCError) -> [JSON] {
        guard let first = number(filter.first), let last = number(filter.last) else {
            throw .headerNotFound
        }
        guard first <= last else { throw .invalidParameters("fromBlock is after toBlock") }
        guard last - first < RPCLimits.tracedBlocks else {
            throw .server("a search goes through at most \(RPCLimits.tracedBlocks) blocks")
        }
        var found: [JSON] = []
        var left = filter.skipped
        for number in first...last {
            guard let block = block(number: number) else { throw .headerNotFound }
            for row in try frames(of: block, in: filter) {
                guard left == 0 else {
                    left -= 1
                    continue
                }
                guard UInt64(found.count) < filter.count ?? .max else { return found }
                guard found.count < RPCLimits.tracedFrames else {
                    throw .server("more than \(RPCLimits.tracedFrames) frames are found")
                }
                found.append(row)
            }
        }
        return found
    }
}

extension BlockReward {
    /// The row of a payment, which is no transaction's.
    fileprivate func row(in block: Block) -> JSON {
        [
            "action": [
                "author": .data(recipient), "rewardType": isForOmmer ? "uncle" : "block",
                "value": .quantity(amount),
            ],
            "blockHash": .data(block.hash), "blockNumber": .integer(block.number),
            "result": .null, "subtraces": 0, "traceAddress": [], "transactionHash": .null,
            "transactionPosition": .null, "type": "reward",
        ]
    }
}

extension ParityFilter {
    /// Whether a frame is looked for.
    fileprivate func admits(_ frame: TracedFrame) -> Bool {
        (callers.isEmpty || callers.contains(frame.from))
            && (callees.isEmpty || callees.contains(frame.to))
    }

    /// Whether a payment is looked for, which nobody made.
    fileprivate func admits(_ reward: BlockReward) -> Bool {
        callers.isEmpty && (callees.isEmpty || callees.contains(reward.recipient))
    }
}
