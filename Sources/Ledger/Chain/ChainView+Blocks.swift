import EVM
import Primitives
import Trie

/// Making and judging blocks: pure work for a job, on the view of the parent.
extension ChainView {
    /// Builds the next block of those transactions that can be part of it.
    ///
    /// The block is executed already: give it to ``Chain/insert(_:)``.
    public func build(
        _ candidates: [SignedTransaction], _ attributes: BlockAttributes
    ) throws(InvalidBlock) -> BuiltBlock {
        var header = nextHeader(attributes)
        let environment = environment(of: header)
        let building: Building
        do {
            building = try Execution.building(
                candidates, gas: attributes.gas, bytes: attributes.bytes,
                withdrawals: attributes.withdrawals,
                in: environment, on: state)
        } catch {
            throw .body(error)
        }
        let layer = try layer(of: building.execution.diff)
        header.transactionsRoot = Block.transactionsRoot(building.included)
        let results = Results(building.execution, layer, environment.revision)
        results.fill(&header)
        let block = Block(
            header: header, transactions: building.included,
            withdrawals: header.withdrawalsRoot == nil ? nil : attributes.withdrawals)
        return BuiltBlock(
            overlay: overlay(block, building.execution, layer), passed: building.passed,
            requests: building.execution.requests)
    }

    /// Judges a block that says it comes next: executes it, and compares all that it claims.
    ///
    /// `extraData` is what its maker must have written there, if that is known.
    public func validate(
        _ block: Block, extraData: [UInt8]? = nil
    ) throws(InvalidBlock) -> Overlay {
        let header = block.header
        try header.check(
            after: head, hash: headHash, rules, timesMayRepeat: timesMayRepeat)
        guard extraData == nil || extraData == header.extraData else { throw .extraData }
        try checkBody(block)
        let environment = environment(of: header)
        let state = state
        let execution: Execution
        do {
            execution = try Execution(
                of: block.transactions, withdrawals: block.withdrawals ?? [],
                ommers: block.ommers, in: environment, on: state,
                rootAfter: { try? self.layer(of: $0).root })
        } catch {
            throw .body(error)
        }
        let layer = try layer(of: execution.diff)
        try Results(execution, layer, environment.revision).check(header)
        return overlay(block, execution, layer)
    }

    /// The chain with one more block, which nobody decided on: its body was executed on this view.
    ///
    /// The header is filled in with what came of the body.
    public func appending(
        _ header: Header, _ transactions: [SignedTransaction], withdrawals: [Withdrawal],
        _ execution: Execution
    ) throws(InvalidBlock) -> (view: ChainView, overlay: Overlay) {
        let layer = try layer(of: execution.diff)
        let revision = rules.revision(atNumber: header.number, timestamp: header.timestamp)
        var header = header
        header.transactionsRoot = Block.transactionsRoot(transactions)
        header.withdrawalsRoot =
            revision >= .shanghai ? Block.withdrawalsRoot(withdrawals) : nil
        Results(execution, layer, revision).fill(&header)
        let block = Block(
            header: header, transactions: transactions,
            withdrawals: revision >= .shanghai ? withdrawals : nil)
        let overlay = overlay(block, execution, layer)
        return (self.next(overlay), overlay)
    }

    /// The chain up to one of its blocks; only of one whose state is no history.
    public func upTo(_ number: UInt64) -> ChainView? {
        guard number < self.number else { return self }
        guard number + 1 >= blocksOnDisk, let header = header(number: number),
            let hash = hash(number: number)
        else { return nil }
        return ChainView(
            rules: rules, head: header, headHash: hash, finalized: min(finalized, number),
            history: history, timesMayRepeat: timesMayRepeat,
            layers: layers.filter { $0.number <= number }, snapshot: snapshot,
            blocksOnDisk: blocksOnDisk)
    }

    private func next(_ overlay: Overlay) -> ChainView {
        ChainView(
            rules: rules, head: overlay.header, headHash: overlay.hash, finalized: finalized,
            history: history, timesMayRepeat: timesMayRepeat,
            layers: [overlay] + layers, snapshot: snapshot, blocksOnDisk: blocksOnDisk)
    }

    /// What execution needs to know of a block that comes next.
    public func environment(of header: Header) -> BlockEnvironment {
        let view = self
        return BlockEnvironment(header, rules: rules) { number in
            view.hash(number: number) ?? .zero
        }
    }

    /// The header of the next block, as far as it is known before execution.
    public func nextHeader(_ attributes: BlockAttributes) -> Header {
        var header = Header()
        header.parentHash = headHash
        header.number = head.number + 1
        let least = timesMayRepeat ? head.timestamp : head.timestamp &+ 1
        header.timestamp = max(attributes.timestamp, least)
        header.beneficiary = attributes.beneficiary
        header.gasLimit =
            attributes.setGasLimit ?? head.nextGasLimit(toward: attributes.gasLimit)
        header.extraData = Array(attributes.extraData.prefix(Header.extraDataLimit))
        header.mixHash = attributes.prevRandao
        let revision = rules.revision(atNumber: header.number, timestamp: header.timestamp)
        if revision >= .london { header.baseFeePerGas = attributes.baseFee ?? head.nextBaseFee }
        if revision >= .shanghai {
            header.withdrawalsRoot = Block.withdrawalsRoot(attributes.withdrawals)
        }
        if revision >= .cancun {
            header.excessBlobGas = head.nextExcessBlobGas(rules, timestamp: header.timestamp)
            header.parentBeaconBlockRoot = attributes.parentBeaconBlockRoot
        }
        // No clock of a beacon chain counts slots here: each block has the next.
        if revision >= .amsterdam { header.slotNumber = (head.slotNumber ?? head.number) + 1 }
        return header
    }

    private func checkBody(_ block: Block) throws(InvalidBlock) {
        let header = block.header
        let root = Block.transactionsRoot(block.transactions)
        guard root == header.transactionsRoot else {
            throw .transactionsRoot(found: header.transactionsRoot, expected: root)
        }
        guard Block.ommersHash(block.ommers) == header.ommersHash else { throw .ommers }
        try check(block.ommers, of: header)
        guard block.withdrawals.map({ Block.withdrawalsRoot($0) }) == header.withdrawalsRoot
        else { throw .withdrawals }
        let revision = rules.revision(atNumber: header.number, timestamp: header.timestamp)
        // The exact size is counted only where it is near the limit.
        let size = block.transactions.reduce(0) { $0 + $1.encoded.count }
        if revision >= .osaka, size > Header.blockSizeLimit - (1 << 20) {
            let exact = block.encoded.count
            guard exact <= Header.blockSizeLimit else {
                throw .size(found: exact, limit: Header.blockSizeLimit)
            }
        }
    }

    private func layer(of diff: StateDiff) throws(InvalidBlock) -> StateLayer {
        do {
            return try StateLayer(
                of: diff, on: state, root: stateRoot, number: head.number + 1,
                keepsNames: rules.isDevelopment)
        } catch {
            throw .ledger(.trie(error))
        }
    }

    private func overlay(
        _ block: Block, _ execution: Execution, _ layer: StateLayer
    ) -> Overlay {
        Overlay(
            block: block, receipts: execution.receipts, state: layer,
            pruning: pruning(for: block.number, changes: layer.accounts.count))
    }
}

/// A block that the own node made.
public struct BuiltBlock: Sendable {
    /// The block with all that it changed.
    public let overlay: Overlay
    /// The transactions that could not be part of it.
    public let passed: [Building.Passed]
    /// The requests to the consensus layer (EIP-7685).
    public let requests: [[UInt8]]
}

/// What execution gives for the fields of a header.
private struct Results {
    let stateRoot: Hash32
    let receiptsRoot: Hash32
    let logsBloom: Bloom
    let gasUsed: UInt64
    let blobGasUsed: UInt64?
    let requestsHash: Hash32?
    let accessList: BlockAccessList?

    init(_ execution: Execution, _ layer: StateLayer, _ revision: Revision) {
        stateRoot = layer.root
        receiptsRoot = Block.receiptsRoot(execution.receipts)
        var bloom = Bloom.empty
        for receipt in execution.receipts where !receipt.logs.isEmpty {
            bloom.formUnion(receipt.bloom)
        }
        logsBloom = bloom
        gasUsed = execution.gasUsed
        blobGasUsed = revision >= .cancun ? execution.blobGasUsed : nil
        requestsHash = revision >= .prague ? execution.requestsHash : nil
        accessList = execution.accessList
    }

    func fill(_ header: inout Header) {
        header.stateRoot = stateRoot
        header.receiptsRoot = receiptsRoot
        header.logsBloom = logsBloom
        header.gasUsed = gasUsed
        header.blobGasUsed = blobGasUsed
        header.requestsHash = requestsHash
        header.blockAccessListHash = accessList?.hash
    }

    func check(_ header: Header) throws(InvalidBlock) {
        guard header.gasUsed == gasUsed else {
            throw .gasUsed(found: header.gasUsed, expected: gasUsed)
        }
        guard header.blobGasUsed == blobGasUsed else {
            throw .blobGasUsed(found: header.blobGasUsed, expected: blobGasUsed)
        }
        guard header.requestsHash == requestsHash else {
            throw .requestsHash(found: header.requestsHash, expected: requestsHash)
        }
        try accessList?.check(header)
        guard header.logsBloom == logsBloom else { throw .logsBloom }
        guard header.receiptsRoot == receiptsRoot else {
            throw .receiptsRoot(found: header.receiptsRoot, expected: receiptsRoot)
        }
        guard header.stateRoot == stateRoot else {
            throw .stateRoot(found: header.stateRoot, expected: stateRoot)
        }
    }
}
