internal import Consensus
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Network
internal import Primitives
internal import RPC

extension Node {
    /// A validator that was silent for longer is counted as missing.
    private static let silence = Duration.seconds(6)

    /// What `martlet_status` tells.
    func status(at now: Instant) -> JSON {
        let present = validators.members.indices.filter { isPresent($0, at: now) }
        let power = present.reduce(UInt64(0)) { $0 + validators.members[$1].power }
        let missing = validators.members.indices.filter { !isPresent($0, at: now) }
        let needed = validators.total / 3 * 2 + validators.total % 3 * 2 / 3 + 1
        var members: [JSON.Member] = [
            .init("version", .string(Node.version)),
            .init("height", .quantity(chain.head.number)),
            .init("hash", .string(chain.headHash.description)),
            .init("stateRoot", .string(chain.head.stateRoot.description)),
            .init("view", .quantity(progress.view)),
            .init("leader", .quantity(UInt64(progress.leader))),
            .init("index", ownIndex.map { .quantity(UInt64($0)) } ?? .null),
            .init("peerId", .string(identity.peer.peer.description)),
            .init("validators", validatorsJSON(at: now)),
            .init("peers", .array(directory.all.map { .string($0.description) })),
            .init("missing", .array(missing.map { .quantity(UInt64($0)) })),
            .init(
                "quorum",
                .object([
                    .init("have", .quantity(power)), .init("need", .quantity(needed)),
                ])),
            .init(
                "pool",
                .object([
                    .init("pending", .quantity(UInt64(pool.executableCount))),
                    .init("queued", .quantity(UInt64(pool.count - pool.executableCount))),
                ])),
            .init("history", historyJSON),
            .init(
                "network",
                .object([
                    .init("chainId", .quantity(genesis.rules.chainID)),
                    .init("genesis", .string(chain.genesisHash.description)),
                    .init("isolated", .bool(progress.isIsolated)),
                ])),
        ]
        if let silence { members.append(.init("silent", .string(silence))) }
        if configuration.development, !configuration.control.isEmpty {
            members.append(
                .init(
                    "control",
                    .object([
                        .init("url", .string(configuration.control)),
                        .init("token", .string(configuration.token)),
                    ])))
        }
        return .object(members)
    }

    /// How much of the past is kept, and what is there.
    private var historyJSON: JSON {
        let view = chain.view
        return [
            "setting": .string("\(configuration.history)"),
            "oldestBlock": .quantity(view.oldestBlock), "oldestState": .quantity(view.oldestState),
        ]
    }

    /// What `martlet_validators` tells.
    func validatorsJSON(at now: Instant) -> JSON {
        .array(
            validators.members.indices.map { index in
                let validator = genesis.validators[index]
                let since = progress.heard[index].map { $0.duration(to: now) }
                return .object([
                    .init("index", .quantity(UInt64(index))),
                    .init("address", .string(validator.address.description)),
                    .init("power", .quantity(validator.power)),
                    .init("peerId", .string(validator.peerID)),
                    .init("connected", .bool(isConnected(index))),
                    .init("present", .bool(isPresent(index, at: now))),
                    .init(
                        "heardMillisecondsAgo",
                        since.map { .quantity(UInt64(max(0, $0 / .milliseconds(1)))) } ?? .null),
                ])
            })
    }

    private func isConnected(_ index: Int) -> Bool {
        index == ownIndex || peer(ofValidator: index).map { directory.contains($0) } ?? false
    }

    private func isPresent(_ index: Int, at now: Instant) -> Bool {
        if index == ownIndex { return silence == nil }
        guard isConnected(index), let heard = progress.heard[index] else { return false }
        return heard.duration(to: now) <= Node.silence
    }

    /// Tells the dispatcher what it keeps at hand.
    mutating func refreshHead(at now: Instant) {
        var head = Head(chainID: genesis.rules.chainID, version: Node.version)
        head.number = chain.head.number
        head.baseFee = pool.setBaseFee ?? chain.head.nextBaseFee
        head.coinbase =
            development?.record.settings.coinbase
            ?? ownIndex.map { genesis.validators[$0].feeAddress }
        if development != nil {
            head.accounts = DevelopmentAccounts.addresses
            // Tools look for the name before they use anvil's methods.
            head.version += "/anvil-compatible"
        }
        head.peerCount = directory.count
        head.pending = pool.executableCount
        head.queued = pool.count - pool.executableCount
        head.tip = pool.limits.minimumTip
        if let start = progress.syncStart {
            head.sync = Head.Sync(
                start: start, current: chain.head.number, highest: progress.highest)
        }
        tell(Dispatcher.Input.headed(head), at: now)
        followWithIndex(at: now)
    }
}
