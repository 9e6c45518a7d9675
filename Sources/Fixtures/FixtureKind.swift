import Encoding

/// Something of a file that can be run by itself: one case, or several that are soon run.
public typealias FixtureCase = @Sendable () -> [CaseResult]

/// What a file of fixtures holds, and so how its cases are run.
public enum FixtureKind: Sendable {
    /// One transaction on a given state.
    case state
    /// Blocks to import or to refuse.
    case blockchain
    /// The bytes of one transaction.
    case transaction
    /// Values and their RLP, or bytes that are none.
    case rlp
    /// Entries and the root of their trie.
    case trie
    /// Keys of a trie, and which come before and after others.
    case neighbours
    /// Nibbles and their bytes.
    case path
    /// Arguments and their ABI.
    case abi
    /// Parents and the difficulty that follows.
    case difficulty
    /// Keys and their addresses.
    case address
    /// Keys and what they signed.
    case signature
    /// Bytes that are enciphered for a key.
    case cipher
    /// Files that a password opens.
    case keystore
    /// Headers and their work.
    case work
    /// Genesis files and their blocks.
    case genesis
    /// Accounts and the first block that had them before there was a main chain.
    case prereleaseGenesis
    /// The main chain's first block.
    case mainnetGenesis
    /// One transaction and what geth's tracers tell of it.
    case tracer
    /// A request of JSON-RPC and its response, asked of a chain.
    case exchange
    /// A block of the main chain with the state that it reads.
    case mainnetBlock
    /// An archive of blocks from before the merge.
    case era1

    /// What the names of the files end in.
    public var ending: String { self == .era1 ? ".era1" : ".json" }

    /// Runs the cases of a file that the filter lets through; some kinds go by the file's name.
    public func run(
        _ bytes: [UInt8], from path: String, _ filter: CaseFilter = CaseFilter()
    ) throws -> [CaseResult] {
        try cases(bytes, from: path, filter).flatMap { $0() }
    }

    /// The cases of a file that the filter lets through, in order, to be run by anyone.
    public func cases(
        _ bytes: [UInt8], from path: String, _ filter: CaseFilter = CaseFilter()
    ) throws -> [FixtureCase] {
        if self == .era1 { return done(try Era1Fixture.run(bytes)) }
        let json = try JSON(decoding: bytes)
        switch self {
        case .address: return done(listed(json, KeyFixture.address))
        case .signature: return done(listed(json, KeyFixture.transaction))
        case .prereleaseGenesis: return done(listed(json, PrereleaseGenesis.run))
        case .mainnetGenesis: return done(SmallFixture.mainnetGenesis(json))
        case .mainnetBlock: return done([try MainnetFixture.run(json)])
        case .tracer: return done([TracerFixture.run(json, from: path)])
        default: break
        }
        guard let tests = json.members else { throw FixtureError("no object of tests") }
        return try tests.filter { filter.admits(name: $0.name) }.flatMap { test in
            switch self {
            case .state: try StateFixture.cases(test, filter)
            case .blockchain: try BlockchainFixture.cases(test, filter)
            case .transaction: done(try TransactionFixture.run(test, filter))
            default: done([try single(test, path)])
            }
        }
    }

    private func done(_ results: [CaseResult]) -> [FixtureCase] { [{ results }] }

    private func single(_ test: JSON.Member, _ path: String) throws(FixtureError) -> CaseResult {
        switch self {
        case .rlp: RLPFixture.run(test)
        case .trie: TrieFixture.run(test, in: path)
        case .neighbours: TrieFixture.neighbours(test)
        case .path: SmallFixture.path(test)
        case .abi: SmallFixture.arguments(test)
        case .difficulty: DifficultyFixture.run(test, in: path)
        case .cipher: ECIESFixture.run(test)
        case .keystore: KeyFixture.keystore(test)
        case .work: SmallFixture.work(test)
        case .genesis: SmallFixture.genesis(test)
        default: throw FixtureError("not a kind of single cases")
        }
    }

    private func listed(
        _ json: JSON, _ run: (JSON?, _ name: String) -> CaseResult
    ) -> [CaseResult] {
        (json.elements ?? []).enumerated().map { run($1, "\($0)") }
    }
}
