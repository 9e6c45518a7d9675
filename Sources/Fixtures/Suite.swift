public import EVM

/// A suite of official cases: where it lies, how it is run, and how many cases are known.
public struct Suite: Sendable {
    /// The archive's path, without its ending.
    public let archive: String
    /// What the paths of the suite's files begin with, below the archive.
    public let prefix: String
    /// How the files are run.
    public let kind: FixtureKind
    /// How code is run, where both ways are run.
    public let engine: Engine
    /// The chain that cases of JSON-RPC ask about.
    public let chain: SuiteChain?
    /// The cases whose answer is otherwise here, with the reason.
    public let rulings: [Ruling]
    /// How many cases there are, by fork.
    public let known: [(fork: String, count: Int)]

    init(
        _ archive: String, _ kind: FixtureKind, _ known: [(String, Int)], below prefix: String = "",
        engine: Engine = .tiered, chain: SuiteChain? = nil, rulings: [Ruling] = []
    ) {
        self.chain = chain
        self.rulings = rulings
        self.engine = engine
        self.archive = archive
        self.prefix = prefix
        self.kind = kind
        self.known = known.map { (fork: $0.0, count: $0.1) }
    }

    /// The suite's name in tables.
    public var name: String {
        let folders = archive.split(separator: "/").map { $0.prefix { $0 != "-" } }
        let rest = archive.split(separator: "/").last ?? ""
        let way = engine == .tiered ? "" : ", \(engine)"
        return "\(folders.first ?? "") \(prefix.isEmpty ? String(rest) : prefix)\(way)"
    }
}

extension Suite {
    /// Every suite that is run, in the order of the folders that they come in.
    public static let all = eest + amsterdam + tests + legacy + rpc + mainnet

    private static let states = [
        ("Frontier", 111), ("Homestead", 121), ("Byzantium", 186),
        ("ConstantinopleFix", 194), ("Istanbul", 299), ("Berlin", 476), ("London", 469),
        ("Paris", 511), ("Shanghai", 634), ("Cancun", 7417), ("Prague", 8063),
        ("Osaka", 8088),
    ]

    private static let eest = [
        Suite("01-eest-v5.4.0/state_tests", .state, states, engine: .plain),
        Suite("01-eest-v5.4.0/state_tests", .state, states, engine: .decoded),
        Suite(
            "01-eest-v5.4.0/blockchain_tests", .blockchain,
            [
                ("Frontier", 92), ("Homestead", 102), ("Byzantium", 126),
                ("ConstantinopleFix", 136), ("Istanbul", 173), ("Berlin", 226), ("London", 219),
                ("Paris", 265), ("Shanghai", 392), ("Cancun", 5208), ("Prague", 5775),
                ("Osaka", 5983), ("ShanghaiToCancunAtTime15k", 18),
                ("CancunToPragueAtTime15k", 22), ("PragueToOsakaAtTime15k", 5),
                ("OsakaToBPO1AtTime15k", 1),
            ]),
    ]

    /// A preview of the next fork, as the development networks of April 2026 ran it.
    private static let amsterdam = [("amsterdam", 7041), ("zkevm", 143)].map {
        Suite(
            "02-eest-amsterdam/blockchain_tests_\($0)", .blockchain, [("Amsterdam", $1)])
    }

    private static let tests =
        [
            Suite(
                "03-ethereum-tests/GeneralStateTests", .state,
                [
                    ("Frontier", 16), ("Homestead", 17), ("Byzantium", 33), ("Constantinople", 33),
                    ("ConstantinopleFix", 33), ("Istanbul", 34), ("Berlin", 35), ("London", 35),
                    ("Paris", 58), ("Shanghai", 163), ("Cancun", 18744),
                ]),
            Suite(
                "03-ethereum-tests/BlockchainTests", .blockchain, [("Cancun", 463)] + transitions),
            Suite(
                "03-ethereum-tests/TransactionTests", .transaction,
                [
                    ("Frontier", 177), ("Homestead", 177), ("EIP150", 177), ("EIP158", 177),
                    ("Byzantium", 177), ("Constantinople", 177), ("ConstantinopleFix", 177),
                    ("Istanbul", 177), ("Berlin", 177), ("London", 177), ("Paris", 177),
                    ("Shanghai", 176), ("Cancun", 176), ("Cancnun", 1), ("Prague", 177),
                ]),
            Suite("03-ethereum-tests/TransactionTests_eip7702", .transaction, [("Prague", 19)]),
        ] + small

    /// The chains that go from one fork to the next; both older suites have the same.
    private static let transitions = [
        ("FrontierToHomesteadAt5", 6), ("HomesteadToDaoAt5", 4), ("EIP158ToByzantiumAt5", 1),
        ("ByzantiumToConstantinopleFixAt5", 1), ("BerlinToLondonAt5", 2),
        ("ArrowGlacierToParisAtDiffC0000", 2),
    ]

    private static let small = [
        ("RLPTests", FixtureKind.rlp, 51), ("TrieTests/hex", .trie, 3),
        ("TrieTests/trieany", .trie, 12),
        ("TrieTests/trietestnextprev", .neighbours, 1), ("TrieTests/trietest.json", .trie, 3),
        ("TrieTests/trietest_secureTrie", .trie, 3),
        ("ABITests", .abi, 2), ("KeyStoreTests", .keystore, 4), ("PoWTests", .work, 2),
        ("GenesisTests", .genesis, 3), ("BasicTests/difficulty", .difficulty, 4284),
        ("BasicTests/hexencodetest", .path, 11), ("BasicTests/keyaddrtest", .address, 2),
        ("BasicTests/txtest", .signature, 2), ("BasicTests/crypto", .cipher, 1),
        ("BasicTests/blockgenesistest", .prereleaseGenesis, 3),
        ("BasicTests/genesishashestest", .mainnetGenesis, 3),
    ].map { Suite("03-ethereum-tests/small", $1, [("", $2)], below: $0) }

    private static let legacy = [
        Suite(
            "04-legacytests/Cancun_GeneralStateTests", .state,
            [
                ("Frontier", 113), ("Homestead", 200), ("EIP150", 184), ("EIP158", 184),
                ("Byzantium", 254), ("Constantinople", 268), ("ConstantinopleFix", 269),
                ("Istanbul", 11304), ("Berlin", 12341), ("London", 16195), ("Paris", 16034),
                ("Shanghai", 16105), ("Cancun", 16736),
            ]),
        Suite(
            "04-legacytests/Cancun_BlockchainTests", .blockchain,
            [
                ("Frontier", 1), ("Homestead", 1), ("EIP150", 1), ("EIP158", 1), ("Byzantium", 1),
                ("Constantinople", 1), ("ConstantinopleFix", 1), ("Istanbul", 257),
                ("Berlin", 259), ("London", 270), ("Paris", 445), ("Shanghai", 459),
                ("Cancun", 462),
            ] + transitions),
        Suite(
            "04-legacytests/Constantinople_GeneralStateTests", .state,
            [
                ("Frontier", 914), ("Homestead", 1808), ("EIP150", 998), ("EIP158", 1122),
                ("Byzantium", 4276), ("Constantinople", 9056), ("ConstantinopleFix", 9049),
                ("Istanbul", 1),
            ]),
        Suite(
            "04-legacytests/Constantinople_BlockchainTests", .blockchain,
            [
                ("Frontier", 326), ("Homestead", 202), ("EIP150", 197), ("EIP158", 183),
                ("Byzantium", 207), ("Constantinople", 231), ("ConstantinopleFix", 232),
            ]),
    ]

    private static let mainnet = [
        Suite(
            "07-mainnet/mainnet-blocks", .mainnetBlock,
            [
                ("Frontier", 3), ("Homestead", 1), ("DAO", 2), ("TangerineWhistle", 2),
                ("SpuriousDragon", 3), ("Byzantium", 6), ("ConstantinopleFix", 4), ("Istanbul", 1),
                ("MuirGlacier", 6), ("Berlin", 4), ("London", 2), ("ArrowGlacier", 2),
                ("GrayGlacier", 3), ("Paris", 6), ("Shanghai", 5), ("Cancun", 10),
            ]),
        Suite("07-mainnet/era1", .era1, [("", 16384)]),
    ]
}
