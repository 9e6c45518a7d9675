import Crypto
import EVM
public import Encoding
import Identifiers
import Ledger
import Primitives

/// What geth's `evm t8n` does: a state, a block's environment and transactions, and what follows.
///
/// Nothing is a chain here: the filler of tests says all that a block would know.
public struct StateTransition {
    /// The state afterwards, as `alloc` of a genesis file.
    public let alloc: JSON
    /// What came of the transactions, and the roots.
    public let result: JSON
    /// The RLP of the list of transactions that were taken.
    public let body: [UInt8]

    /// Carries the transactions out that can be; `reward` is in wei, negative for none at all.
    public init(
        alloc: JSON, env: JSON, txs: JSON, fork: String, chainID: UInt64, reward: Int64
    )
        throws
    {
        let input = try TransitionInput(env: env, fork: fork, chainID: chainID)
        let state = MemoryState(try Genesis.accounts(alloc))
        let (candidates, unread) = try TransitionInput.transactions(
            txs, chainID: chainID, isFrontier: input.environment.revision < .homestead)
        let building = try Execution.building(
            candidates.map(\.transaction), bytes: .max, withdrawals: input.withdrawals,
            in: input.environment, on: state)
        let execution = try Execution(
            of: building.included, withdrawals: input.withdrawals, in: input.environment,
            on: state,
            rootAfter: { diff in
                var after = state
                after.apply(diff)
                return after.root
            })
        var after = state
        after.apply(execution.diff)
        if reward >= 0 { input.pay(UInt256(UInt64(reward)), in: &after) }
        let rejected = unread + TransitionInput.rejected(candidates, building)
        self.alloc = Genesis.json(of: after.allocations)
        result =
            TransitionResult(
                input: input, included: building.included, execution: execution, root: after.root,
                rejected: rejected.sorted { $0.index < $1.index }
            ).json
        var writer = RLP.Writer()
        writer.list { list in
            for transaction in building.included {
                if transaction.transaction.kind == .legacy {
                    list.append(encoded: transaction.encoded)
                } else {
                    list.append(transaction.encoded)
                }
            }
        }
        body = writer.bytes
    }
}

/// A transaction that was not taken, and why.
struct RejectedTransaction {
    let index: Int
    let reason: String
}

/// What the filler says of the block.
struct TransitionInput {
    let environment: BlockEnvironment
    let withdrawals: [Withdrawal]
    /// Whether there are withdrawals at all, be it none.
    let hasWithdrawals: Bool
    private let ommers: [(delta: UInt64, address: Address)]

    init(env: JSON?, fork: String, chainID: UInt64) throws {
        var rules = try NetworkRules(fork, config: nil).rules
        rules.chainID = chainID
        rules.paysBlockRewards = false
        var header = Header()
        header.number = try env["currentNumber"].number64("currentNumber")
        header.timestamp = try env["currentTimestamp"].number64("currentTimestamp")
        header.beneficiary = try env["currentCoinbase"].address("currentCoinbase")
        header.gasLimit = try env["currentGasLimit"].number64("currentGasLimit")
        let revision = rules.revision(atNumber: header.number, timestamp: header.timestamp)
        let parent = try TransitionInput.parent(env, before: header)
        if revision >= .london {
            let given = env["currentBaseFee"]
            header.baseFeePerGas =
                given == nil ? parent.nextBaseFee : try given.number("currentBaseFee")
        }
        if revision >= .paris {
            header.mixHash = try env["currentRandom"].number("currentRandom").hash
        } else if env["currentDifficulty"] != nil {
            header.difficulty = try env["currentDifficulty"].number("currentDifficulty")
        } else {
            header.difficulty = parent.nextDifficulty(rules, timestamp: header.timestamp)
        }
        if revision >= .cancun {
            let given = env["currentExcessBlobGas"]
            header.excessBlobGas =
                given == nil
                ? parent.nextExcessBlobGas(rules, timestamp: header.timestamp)
                : try given.number64("currentExcessBlobGas")
            let root = env["parentBeaconBlockRoot"]
            header.parentBeaconBlockRoot = root == nil ? .zero : try root.hash("beacon root")
        }
        if revision >= .amsterdam {
            let slot = env["slotNumber"]
            header.slotNumber = slot == nil ? 0 : try slot.number64("slotNumber")
        }
        let hashes = try TransitionInput.blockHashes(env["blockHashes"])
        header.parentHash = hashes[header.number &- 1] ?? .zero
        environment = BlockEnvironment(header, rules: rules) { hashes[$0] ?? .zero }
        hasWithdrawals = revision >= .shanghai
        withdrawals = try env["withdrawals"].values.map { try Withdrawal($0) }
        ommers = try env["ommers"].values.map {
            (
                try JSON?($0)["delta"].number64("ommer.delta"),
                try JSON?($0)["address"].address("ommer.address")
            )
        }
    }

    /// What is told of the parent, for what follows from it.
    private static func parent(_ env: JSON?, before header: Header) throws -> Header {
        var parent = Header()
        parent.number = header.number &- 1
        func number(_ name: String) throws -> UInt64? {
            env[name] == nil ? nil : try env[name].number64(name)
        }
        parent.timestamp = try number("parentTimestamp") ?? 0
        parent.gasUsed = try number("parentGasUsed") ?? 0
        parent.gasLimit = try number("parentGasLimit") ?? 0
        parent.excessBlobGas = try number("parentExcessBlobGas")
        parent.blobGasUsed = try number("parentBlobGasUsed")
        if env["parentBaseFee"] != nil {
            parent.baseFeePerGas = try env["parentBaseFee"].number("parentBaseFee")
        }
        if env["parentDifficulty"] != nil {
            parent.difficulty = try env["parentDifficulty"].number("parentDifficulty")
        }
        if env["parentUncleHash"] != nil {
            let hash = try env["parentUncleHash"].hash("parentUncleHash")
            if !hash.isZero { parent.ommersHash = hash }
        }
        return parent
    }

    private static func blockHashes(_ json: JSON?) throws -> [UInt64: Hash32] {
        var hashes: [UInt64: Hash32] = [:]
        for member in json?.members ?? [] {
            let number = try JSON?(.string(member.name)).number64("block number")
            hashes[number] = try JSON?(member.value).hash("block hash")
        }
        return hashes
    }

    /// Pays the makers of the block and of its ommers (Yellow Paper, 11.3).
    func pay(_ reward: UInt256, in state: inout MemoryState) {
        let journal = Journal(view: state, revision: environment.revision)
        for ommer in ommers {
            let eighths = UInt256(8 - min(ommer.delta, 8))
            journal.credit(ommer.address, reward &* eighths / 8)
        }
        let share = reward / 32 &* UInt256(UInt64(ommers.count))
        journal.credit(environment.coinbase, reward &+ share)
        journal.endTransaction()
        state.apply(journal.diff())
    }

    /// Why candidates are not in the block; those after the last are there for want of gas.
    static func rejected(
        _ candidates: [(index: Int, transaction: SignedTransaction)], _ building: Building
    ) -> [RejectedTransaction] {
        var reasons: [Hash32: String] = [:]
        for passed in building.passed { reasons[passed.hash] = passed.reason.description }
        // In order, since the same transaction may be there twice.
        var included = building.included[...]
        return candidates.compactMap { index, transaction in
            guard included.first?.hash != transaction.hash else {
                included.removeFirst()
                return nil
            }
            return RejectedTransaction(
                index: index, reason: reasons[transaction.hash] ?? "the block has no gas left")
        }
    }

    /// Reads the transactions: a list of objects, or the RLP of a list as text.
    static func transactions(
        _ txs: JSON, chainID: UInt64, isFrontier: Bool
    ) throws -> ([(index: Int, transaction: SignedTransaction)], [RejectedTransaction]) {
        var taken: [(index: Int, transaction: SignedTransaction)] = []
        var rejected: [RejectedTransaction] = []
        func add(_ index: Int, _ read: () throws -> SignedTransaction) throws {
            do {
                taken.append((index, try read()))
            } catch let refusal as Refusal {
                rejected.append(RejectedTransaction(index: index, reason: "\(refusal)"))
            }
        }
        guard let text = txs.text else {
            for (index, parts) in (txs.elements ?? []).enumerated() {
                try add(index) { try signed(parts, chainID: chainID, isFrontier: isFrontier) }
            }
            return (taken, rejected)
        }
        for (index, value) in try RLP.decode(try Hex.decode(text)).list("txs").enumerated() {
            let bytes = if case .bytes(let bytes) = value { bytes } else { RLP.encode(value) }
            try add(index) { try SignedTransaction.decoded(bytes, isFrontier: isFrontier) }
        }
        return (taken, rejected)
    }

    /// One transaction of a list: signed, or with the key that signs it.
    private static func signed(
        _ parts: JSON?, chainID: UInt64, isFrontier: Bool
    ) throws -> SignedTransaction {
        var transaction = try Transaction(parts: parts, chainID: chainID)
        if parts["chainId"] != nil {
            transaction.chainID = try parts["chainId"].number64("chainId")
        }
        if parts["secretKey"] != nil {
            guard let key = Secp256k1.SecretKey(try parts["secretKey"].bytes("secretKey")) else {
                throw FixtureError("secretKey is no key")
            }
            let isBound = parts["protected"]?.truth ?? true
            if transaction.kind == .legacy, !isBound { transaction.chainID = nil }
            return SignedTransaction(signing: transaction, with: key)
        }
        try transaction.readSignature(parts)
        let sender =
            isFrontier ? transaction.recoverFrontierSender() : transaction.recoverSender()
        guard let sender else { throw Refusal.unsigned }
        return SignedTransaction(transaction, sender: sender)
    }
}
