internal import Consensus
internal import RPC
public import Ledger
public import Primitives

/// What whoever runs a node may read of it between two steps.
extension Node {
    /// Replies with the reasons of reverts in words, where the interfaces that are known have them.
    func explained(_ replies: [Reply]) -> [Reply] {
        replies.map { $0.explained(by: interfaces) }
    }

    /// A final block, by what two nodes must agree on.
    public struct FinalPoint: Hashable, Sendable {
        /// Its number.
        public let height: UInt64
        /// Its hash.
        public let hash: Hash32
        /// The root of the state after it.
        public let stateRoot: Hash32
    }

    /// The newest final block.
    public var finalPoint: FinalPoint {
        FinalPoint(
            height: chain.head.number, hash: chain.headHash, stateRoot: chain.head.stateRoot)
    }

    /// The number of the newest final block.
    public var finalHeight: UInt64 { chain.head.number }

    /// The final block with a number; `nil` if there is none.
    public func finalPoint(at height: UInt64) -> FinalPoint? {
        let view = chain.view
        guard let header = view.header(number: height), let hash = view.hash(number: height) else {
            return nil
        }
        return FinalPoint(height: height, hash: hash, stateRoot: header.stateRoot)
    }

    /// A view of the newest final block, to read accounts and transactions in.
    public var finalView: ChainView { chain.view }

    /// Why the node signs nothing; `nil` while it does.
    public var silence: String? {
        progress.silence
            ?? consensus.silentBelow.map { "its log was lost: it signs again from view \($0) on" }
    }

    /// What a new data folder's log begins with (W4).
    public static func firstLog(of genesis: Genesis) -> [UInt8] {
        Consensus::Consensus.birth(
            of: Instance(chainID: genesis.rules.chainID, genesisHash: genesis.hash))
    }
}

extension Node {
    /// Where the node stands, in a line for whoever looks for the reason of a standstill.
    public func standing(at now: Instant) -> String {
        let summary = consensus.summary(at: now)
        return "height \(finalHeight), view \(summary.view), final view \(summary.finalView), "
            + "committed \(summary.committed), syncing \(summary.isSyncing), "
            + "peers \(directory.count), pool \(pool.executableCount) of \(pool.count), "
            + "jobs \(jobs.count), silence \(silence ?? "none")"
    }
}
