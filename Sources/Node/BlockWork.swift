internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Primitives

/// A block to be built: on what, for whom, of what.
struct BlockPlan: Sendable {
    let parent: ChainView
    let timestamp: UInt64
    let coinbase: Address
    let extraData: Hash32
    /// The gas that it may use.
    let gas: UInt64
    let candidates: [SignedTransaction]
    /// The base fee where it does not follow from the parent: development chains only.
    var baseFee: UInt256?
    /// The gas limit whatever the parent's is: development chains only.
    var gasLimit: UInt64?
    /// The randomness that contracts see; `nil` for consensus's.
    var randomness: Hash32?
}

/// A block that a peer proposed, to be found valid or not.
struct BlockClaim: Sendable {
    let parent: ChainView
    let hash: Hash32
    let bytes: [UInt8]
    let coinbase: Address
    let extraData: Hash32
    /// Transactions whose senders are known already.
    let known: Pool.Known
    /// The latest timestamp that is not in the future.
    let latest: UInt64
}
extension BlockPlan {
    /// Builds the block and executes it; `nil` if none can be built on this parent.
    private func build() -> Overlay? {
        var attributes = BlockAttributes(
            timestamp: timestamp, beneficiary: coinbase, gasLimit: parent.head.gasLimit,
            gas: gas,
            extraData: extraData.bytes, prevRandao: randomness ?? extraData,
            bytes: BlockPlan.byteLimit)
        attributes.baseFee = baseFee
        attributes.setGasLimit = gasLimit
        return try? parent.build(candidates, attributes).overlay
    }

    /// Builds the block, and says what came of it.
    func result() -> Work.Result {
        let overlay = build()
        return .built(overlay, said: said(in: overlay))
    }

    /// What contracts said by `console.log` in the block; on a development chain alone.
    private func said(in overlay: Overlay?) -> [String] {
        guard parent.rules.isDevelopment, let overlay, !overlay.block.transactions.isEmpty
        else { return [] }
        let log = ConsoleLog()
        let executor = Executor(parent.environment(of: overlay.header), on: parent.state)
        executor.tracer = log
        for transaction in overlay.block.transactions { _ = try? executor.execute(transaction) }
        return log.lines
    }

    /// How many bytes of transactions a block of ours holds at most.
    static let byteLimit = 1 << 20
}

extension BlockClaim {
    /// Decodes the block and executes it.
    ///
    /// What consensus and not Ethereum asks of a block is compared first: who made it, what it
    /// commits to, and that its fields without meaning here hold what they must.
    func judge() -> Work.Judged {
        let block: Block
        do throws(BlockWireError) {
            // No transaction costs less gas: more cannot be in a valid block.
            let most = Int(clamping: parent.head.gasLimit / 21_000)
            block = try Block(
                decoding: bytes, countLimit: most, known: known,
                isDevelopment: parent.rules.isDevelopment)
        } catch {
            return keccakOfHeader == hash ? .invalid("\(error)") : .mismatched
        }
        guard block.hash == hash, block.header.extraData == extraData.bytes else {
            return .mismatched
        }
        // On a development chain the clock and the fees' owner are the operator's.
        let isDevelopment = parent.rules.isDevelopment
        guard isDevelopment || block.header.timestamp <= latest else { return .early }
        guard isDevelopment || block.header.beneficiary == coinbase else {
            return .invalid("beneficiary")
        }
        guard block.header.mixHash == extraData else { return .invalid("prevRandao") }
        guard block.header.parentBeaconBlockRoot ?? .zero == .zero else {
            return .invalid("parent beacon block root")
        }
        guard block.header.gasLimit == parent.head.gasLimit, block.withdrawals ?? [] == [] else {
            return .invalid("gas limit or withdrawals")
        }
        do throws(InvalidBlock) {
            return .valid(try parent.validate(block, extraData: extraData.bytes))
        } catch {
            return .invalid("\(error)")
        }
    }

    /// The hash of the header that the bytes begin with; `nil` where there is none.
    private var keccakOfHeader: Hash32? {
        (try? RLP.elements(of: bytes, limit: 4)).flatMap { fields in
            fields.first.map { keccak256(Array(bytes[$0.whole])) }
        }
    }
}
