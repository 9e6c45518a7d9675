package import Encoding
package import Identifiers
package import Primitives

/// What the operator of a development chain has set, as the database keeps it.
///
/// It is written with every commit, so that a node that was killed goes on with it.
package struct DevelopmentRecord: Hashable, Sendable {
    /// What a snapshot keeps, and what coming back to it restores.
    package struct Settings: Hashable, Sendable {
        /// How many seconds the chain's clock is before the wall's, if it is.
        package var ahead: UInt64 = 0
        /// How many seconds the chain's clock is behind the wall's, if it is.
        package var behind: UInt64 = 0
        /// The time of the next block, where it was set.
        package var nextTimestamp: UInt64?
        /// The base fee of the next block, where it was set.
        package var nextBaseFee: UInt256?
        /// Who gets the fees, where it was set.
        package var coinbase: Address?
        /// Whose transactions are taken without their keys, sorted.
        package var impersonated: [Address] = []
        /// Whether everybody's are.
        package var impersonatesAll = false
        /// The gas limit of the next block, where it was set.
        package var nextGasLimit: UInt64?
        /// The randomness of the next block, where it was set.
        package var nextRandomness: Hash32?
        /// How many seconds each block is after the one before, where it was set.
        package var step: UInt64?

        /// Creates the settings of a new chain.
        package init() {}
    }

    /// A moment to come back to.
    package struct Snapshot: Hashable, Sendable {
        /// Its number.
        package let id: UInt64
        /// How many commits there were.
        package let commits: UInt64
        /// What was set.
        package let settings: Settings
    }

    /// What is set.
    package var settings = Settings()
    /// Whether each transaction gets a block at once.
    package var automines = true
    /// How many milliseconds lie between blocks that nobody asked for; zero for none.
    package var interval: UInt64 = 0
    /// How often the chain began anew.
    package var resets: UInt64 = 0
    /// How many commits were made that can be taken back.
    package var commits: UInt64 = 0
    /// The moments to come back to, oldest first.
    package var snapshots: [Snapshot] = []
    /// How many snapshots there were.
    package var snapshotCount: UInt64 = 0
    /// Whether the log is of blocks that are taken back: then a start passes over it.
    package var isLogStale = false

    /// Creates the record of a new chain.
    package init() {}
}

extension DevelopmentRecord.Settings {
    /// Sets the chain's clock, by the wall's.
    mutating func setClock(_ seconds: UInt64, wall: UInt64) {
        ahead = seconds > wall ? seconds - wall : 0
        behind = seconds > wall ? 0 : wall - seconds
    }

    /// The chain's clock in seconds, by the wall's.
    func clock(wall: UInt64) -> UInt64 {
        let (sum, overflow) = wall.addingReportingOverflow(ahead)
        return overflow ? .max : sum - min(sum, behind)
    }
}

extension DevelopmentRecord {
    /// The bytes in the database (docs/protocols/store-format.md).
    package var encoded: [UInt8] {
        RLP.encode(
            .list([
                settings.fields, .number(UInt64(automines ? 1 : 0)), .number(interval),
                .number(resets),
                .number(commits), .number(snapshotCount), .number(UInt64(isLogStale ? 1 : 0)),
                .list(
                    snapshots.map {
                        .list([.number($0.id), .number($0.commits), $0.settings.fields])
                    }),
            ]))
    }

    /// Reads the bytes.
    package init(decoding bytes: [UInt8]) throws(RLP.Failure) {
        let fields = try RLP.decode(bytes).list("development record", count: 8)
        settings = try Settings(fields[0])
        automines = try fields[1].number64("automines") == 1
        interval = try fields[2].number64("interval")
        resets = try fields[3].number64("resets")
        commits = try fields[4].number64("commits")
        snapshotCount = try fields[5].number64("snapshot count")
        isLogStale = try fields[6].number64("stale log") == 1
        for element in try fields[7].list("snapshots") {
            let parts = try element.list("snapshot", count: 3)
            snapshots.append(
                Snapshot(
                    id: try parts[0].number64("snapshot id"),
                    commits: try parts[1].number64("snapshot commits"),
                    settings: try Settings(parts[2])))
        }
    }
}

extension DevelopmentRecord.Settings {
    fileprivate var fields: RLP.Value {
        .list([
            .number(ahead), .number(behind),
            .list(nextTimestamp.map { [.number($0)] } ?? []),
            .list(nextBaseFee.map { [.number($0)] } ?? []),
            .list(coinbase.map { [.bytes($0.bytes)] } ?? []),
            .list(impersonated.map { .bytes($0.bytes) }),
            .number(UInt64(impersonatesAll ? 1 : 0)),
            .list(nextGasLimit.map { [.number($0)] } ?? []),
            .list(nextRandomness.map { [.bytes($0.bytes)] } ?? []),
            .list(step.map { [.number($0)] } ?? []),
        ])
    }

    fileprivate init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("settings")
        guard fields.count == 7 || fields.count == 10 else { throw .unexpected("settings") }
        ahead = try fields[0].number64("clock ahead")
        behind = try fields[1].number64("clock behind")
        nextTimestamp = try fields[2].list("time").first?.number64("time")
        nextBaseFee = try fields[3].list("base fee").first?.number("base fee")
        coinbase = try fields[4].list("coinbase").first.map { (value) throws(RLP.Failure) in
            try Self.address(value)
        }
        for element in try fields[5].list("impersonated") {
            impersonated.append(try Self.address(element))
        }
        impersonatesAll = try fields[6].number64("impersonates all") == 1
        // What follows was not there at first.
        guard fields.count == 10 else { return }
        nextGasLimit = try fields[7].list("gas limit").first?.number64("gas limit")
        nextRandomness = try fields[8].list("randomness").first.flatMap {
            (value) throws(RLP.Failure) in Hash32(try value.bytes("randomness", count: 32))
        }
        step = try fields[9].list("step").first?.number64("step")
    }

    private static func address(_ value: RLP.Value) throws(RLP.Failure) -> Address {
        guard let address = Address(try value.bytes("address", count: 20)) else {
            throw .unexpected("address")
        }
        return address
    }
}
