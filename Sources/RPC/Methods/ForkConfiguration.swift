import EVM
import Encoding
import Ledger
import Primitives

/// The rules that hold, those that come next, and the last that are known (EIP-7910, `eth_config`).
///
/// What holds is what holds at the newest block.
struct ForkConfiguration {
    private let view: ChainView

    init(_ view: ChainView) {
        self.view = view
    }

    /// The object that the method answers with.
    var json: JSON {
        let times = view.rules.changeTimes
        let now = view.head.timestamp
        let next = times.first { $0 > now }
        return [
            "current": configuration(at: times.last { $0 <= now } ?? 0),
            "next": next.map(configuration) ?? .null,
            "last": next.flatMap { _ in times.last }.map(configuration) ?? .null,
        ]
    }

    private func configuration(at time: UInt64) -> JSON {
        let rules = view.rules
        let number = view.head.number
        let revision = rules.revision(atNumber: number, timestamp: time)
        let blobs = rules.blobParameters(atNumber: number, timestamp: time)
        let birth = view.header(number: 0)?.timestamp ?? 0
        let hash = rules.forkHash(
            genesis: view.hash(number: 0) ?? .zero, bornAt: birth, atNumber: number,
            timestamp: time)
        let digits = String(hash, radix: 16)
        return [
            "activationTime": .integer(time), "blobSchedule": blobs?.json ?? .null,
            "chainId": .quantity(rules.chainID),
            "forkId": .string("0x" + String(repeating: "0", count: 8 - digits.count) + digits),
            "precompiles": ForkConfiguration.precompiles(revision),
            "systemContracts": systemContracts(revision),
        ]
    }

    private static func precompiles(_ revision: Revision) -> JSON {
        .object(
            zip(names, Precompile.allCases).filter { $1.since <= revision }
                .map { .init($0, .data($1.address)) })
    }

    /// What EIP-7910 calls the built-in contracts, by their addresses.
    private static let names = [
        "ECREC", "SHA256", "RIPEMD160", "ID", "MODEXP", "BN254_ADD", "BN254_MUL", "BN254_PAIRING",
        "BLAKE2F", "KZG_POINT_EVALUATION", "BLS12_G1ADD", "BLS12_G1MSM", "BLS12_G2ADD",
        "BLS12_G2MSM", "BLS12_PAIRING_CHECK", "BLS12_MAP_FP_TO_G1", "BLS12_MAP_FP2_TO_G2",
        "P256VERIFY",
    ]

    private func systemContracts(_ revision: Revision) -> JSON {
        var members: [JSON.Member] = []
        if revision >= .cancun {
            members.append(.init("BEACON_ROOTS_ADDRESS", .data(SystemContract.beaconRoots)))
        }
        if revision >= .prague {
            members += [
                .init(
                    "CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS",
                    .data(SystemContract.consolidations)),
                .init("DEPOSIT_CONTRACT_ADDRESS", .data(view.rules.depositContract)),
                .init("HISTORY_STORAGE_ADDRESS", .data(SystemContract.blockHashes)),
                .init("WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS", .data(SystemContract.withdrawals)),
            ]
        }
        return .object(members)
    }
}

extension BlobParameters {
    fileprivate var json: JSON {
        [
            "target": .integer(target), "max": .integer(max),
            "baseFeeUpdateFraction": .integer(baseFeeUpdateFraction),
        ]
    }
}
