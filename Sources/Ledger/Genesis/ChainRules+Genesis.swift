import EVM
public import Encoding
import Primitives

extension ChainRules {
    /// The forks that begin with a block, and how genesis files call them, oldest first.
    static let byBlock: [(Revision, String)] = [
        (.homestead, "homesteadBlock"), (.tangerineWhistle, "eip150Block"),
        (.spuriousDragon, "eip158Block"), (.byzantium, "byzantiumBlock"),
        (.constantinople, "constantinopleBlock"), (.petersburg, "petersburgBlock"),
        (.istanbul, "istanbulBlock"), (.berlin, "berlinBlock"), (.london, "londonBlock"),
    ]

    /// The forks that begin at a time, oldest first.
    static let byTime: [(Revision, String)] = [
        (.shanghai, "shanghaiTime"), (.cancun, "cancunTime"), (.prague, "pragueTime"),
        (.osaka, "osakaTime"), (.amsterdam, "amsterdamTime"),
    ]

    /// The changes of blobs' parameters that a schedule can hold, oldest first.
    static let blobNames = [
        "cancun", "prague", "osaka", "bpo1", "bpo2", "bpo3", "bpo4", "bpo5",
        "amsterdam",
    ]

    /// The forks that only put off the difficulty bomb (EIP-2384, EIP-4345, EIP-5133).
    static let glaciers: [(blocks: UInt64, name: String)] = [
        (9_000_000, "muirGlacierBlock"), (10_700_000, "arrowGlacierBlock"),
        (11_400_000, "grayGlacierBlock"),
    ]

    /// Reads the `config` of a genesis file, which stands by itself.
    public init(config json: JSON?) throws(GenesisError) {
        try self.init(genesis: GenesisField(name: "config", value: json))
    }

    /// Reads the `config` of a genesis file.
    init(genesis config: GenesisField) throws(GenesisError) {
        var forks = [Fork(.frontier, .block(0))]
        for (revision, name) in ChainRules.byBlock where config[name].isThere {
            forks.append(Fork(revision, .block(try config[name].number())))
        }
        if let merge = try ChainRules.merge(config) { forks.append(Fork(.paris, merge)) }
        for (revision, name) in ChainRules.byTime where config[name].isThere {
            forks.append(Fork(revision, .time(try config[name].number())))
        }
        self.init(
            chainID: try config["chainId"].number(), forks: forks,
            blobChanges: try ChainRules.blobChanges(config))
        for (blocks, name) in ChainRules.glaciers where config[name].isThere {
            bombDelays.append(BombDelay(blocks, .block(try config[name].number())))
        }
        if config["depositContractAddress"].isThere {
            depositContract = try config["depositContractAddress"].address()
        }
        if config["daoForkBlock"].isThere, config["daoForkSupport"].value?.truth == true {
            daoForkBlock = try config["daoForkBlock"].number()
        }
    }

    /// When the merge is: at once if no difficulty has to be reached first (EIP-3675).
    private static func merge(_ config: GenesisField) throws(GenesisError) -> Activation? {
        let difficulty = config["terminalTotalDifficulty"]
        if difficulty.isThere, try difficulty.number256().isZero { return .block(0) }
        let split = config["mergeNetsplitBlock"]
        return split.isThere ? .block(try split.number()) : nil
    }

    private static func blobChanges(_ config: GenesisField) throws(GenesisError) -> [BlobChange] {
        let schedule = config["blobSchedule"]
        guard schedule.isThere else { return [] }
        var changes: [BlobChange] = []
        for name in blobNames where schedule[name].isThere {
            guard config["\(name)Time"].isThere else { continue }
            let parameters = BlobParameters(
                target: try schedule[name]["target"].number(),
                max: try schedule[name]["max"].number(),
                baseFeeUpdateFraction: try schedule[name]["baseFeeUpdateFraction"].number())
            guard parameters.baseFeeUpdateFraction > 0 else {
                throw schedule[name]["baseFeeUpdateFraction"].wrong("more than zero")
            }
            changes.append(BlobChange(parameters, .time(try config["\(name)Time"].number())))
        }
        return changes
    }
}
