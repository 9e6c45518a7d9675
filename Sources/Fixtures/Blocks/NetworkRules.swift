import EVM
import Encoding
import Ledger
import Primitives

/// The rules that a blockchain test names, and the total difficulty that ends work, if one does.
struct NetworkRules {
    /// The rules; before the merge where that hangs on difficulty.
    let rules: ChainRules
    /// The rules after the merge, where that hangs on difficulty.
    let merged: ChainRules
    /// The total difficulty after which blocks need no work (EIP-3675).
    let terminalDifficulty: UInt256?

    /// Reads a name such as `Cancun`, `AToBAt5`, `AToBAtTime15k` or `AToBAtDiffC0000`.
    init(
        _ network: String, config: JSON?, paysForFailedState: Bool = false
    ) throws(FixtureError) {
        let (names, transition) = try NetworkRules.parts(network)
        let chainID = config == nil ? 1 : try config["chainid"].number64("chainid")
        var rules = ChainRules(chainID: chainID, forks: [])
        var activation = ChainRules.Activation.block(0)
        terminalDifficulty = if case .difficulty(let total) = transition { total } else { nil }
        merged = try NetworkRules.rules(chainID, names, config, later: .block(0))
        switch transition {
        case .block(let number): activation = .block(number)
        case .time(let time): activation = .time(time)
        case .difficulty: activation = .block(.max)
        }
        rules = try NetworkRules.rules(chainID, names, config, later: activation)
        rules.paysForFailedState = paysForFailedState
        self.rules = rules
    }

    private enum Transition {
        case block(UInt64)
        case time(UInt64)
        case difficulty(UInt256)
    }

    private static func parts(
        _ network: String
    ) throws(FixtureError) -> (names: [Substring], Transition) {
        guard let end = network.firstRange(of: "At"), let to = network.firstRange(of: "To"),
            to.upperBound < end.lowerBound
        else { return ([network[...]], .block(0)) }
        let names = [network[..<to.lowerBound], network[to.upperBound..<end.lowerBound]]
        let point = network[end.upperBound...]
        if point.hasPrefix("Diff"), let total = UInt256("0x\(point.dropFirst(4))") {
            return (names, .difficulty(total))
        }
        if point.hasPrefix("Time") {
            let digits = point.dropFirst(4)
            let isThousand = digits.hasSuffix("k")
            if let time = UInt64(digits.dropLast(isThousand ? 1 : 0)), time < 1 << 32 {
                return (names, .time(isThousand ? time * 1000 : time))
            }
        }
        guard let number = UInt64(point) else {
            throw FixtureError("unknown network \(network)")
        }
        return (names, .block(number))
    }

    /// The upgrades that only put off the difficulty bomb.
    private static let bombDelays: [Substring: UInt64] = [
        "MuirGlacier": 9_000_000, "ArrowGlacier": 10_700_000, "GrayGlacier": 11_400_000,
    ]

    /// The upgrades that only changed how many blobs there may be, as on the main chain (EIP-7892).
    private static let blobParameters: [Substring: BlobParameters] = [
        "BPO1": BlobParameters(target: 10, max: 15, baseFeeUpdateFraction: 8_346_193),
        "BPO2": BlobParameters(target: 14, max: 21, baseFeeUpdateFraction: 11_684_671),
    ]

    private static func rules(
        _ chainID: UInt64, _ names: [Substring], _ config: JSON?, later: ChainRules.Activation
    ) throws(FixtureError) -> ChainRules {
        var rules = ChainRules(chainID: chainID, forks: [])
        for (index, name) in names.enumerated() {
            let activation = index == 0 ? .block(0) : later
            if name == "Dao" {
                guard case .block(let number) = activation else { continue }
                rules.daoForkBlock = number
                continue
            }
            guard let revision = Revision(String(name)) else {
                throw FixtureError("unknown fork \(name)")
            }
            rules.forks.append(.init(revision, activation))
            if let blocks = bombDelays[name] {
                rules.bombDelays.append(.init(blocks, activation))
            }
            let named = try BlobParameters(config["blobSchedule"][String(name)])
            if let parameters = named ?? blobParameters[name] {
                rules.blobChanges.append(.init(parameters, activation))
            }
        }
        return rules
    }
}
