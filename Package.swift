// swift-tools-version: 6.3
import PackageDescription

/// What every target keeps to.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// The rules of logic: the common ones, and every unsafe expression is marked.
let rules = common + [.strictMemorySafety()]

/// The rules where C libraries are called line by line, and a mark on each would say nothing.
let foreignRules = common

/// What execution is built with: checks at run time that no two accesses to a class's field overlap
/// are left out (docs/decisions/0007-two-ways-to-run-code.md).
let unguarded: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// The interpreter runs 7 to 12 % faster without LLVM's SLP vectoriser.
let interpreterRules =
    foreignRules + unguarded + [.unsafeFlags(["-Xllvm", "-vectorize-slp=false"])]

/// Where `scripts/setup` puts the libraries that Debian does not have.
let built = "\(Context.packageDirectory)/.deps/lib"

let targets: [Target] = [
    // Libraries of the system, and one that set-up builds.
    .systemLibrary(name: "CSecp256k1"),
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CGMP"),
    .systemLibrary(name: "CLMDB"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CUV"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CXXHash"),
    .systemLibrary(name: "CBLST"),
    .target(
        name: "CHTTP",
        cxxSettings: [.unsafeFlags(["-std=c++17", "-O2"])],
        linkerSettings: [.linkedLibrary("pthread")]),
    .target(name: "CAssets", exclude: ["pages"]),
    .target(name: "CSealedPages", dependencies: ["CSQLite", "CXXHash"]),
    .target(name: "CKeccak", cSettings: [.unsafeFlags(["-O3"])]),

    // Floor 0 and 1.
    .target(name: "Primitives", swiftSettings: rules),
    .target(name: "Encoding", dependencies: ["Primitives"], swiftSettings: rules),
    .target(
        name: "Crypto",
        dependencies: ["Primitives", "CKeccak", "CSecp256k1", "COpenSSL", "CGMP", "CBLST"],
        swiftSettings: foreignRules,
        linkerSettings: [.unsafeFlags(["-L\(built)"])]),
    .target(name: "Machine", dependencies: ["Primitives"], swiftSettings: rules),

    // Floor 2.
    .target(
        name: "Identifiers", dependencies: ["Primitives", "Encoding", "Crypto", "Machine"],
        swiftSettings: rules),

    // Floor 3.
    .target(
        name: "EVM", dependencies: ["Primitives", "Encoding", "Crypto", "Identifiers"],
        swiftSettings: interpreterRules),
    .target(
        name: "Trie", dependencies: ["Primitives", "Encoding", "Crypto", "Identifiers"],
        swiftSettings: rules),
    .target(
        name: "Store", dependencies: ["Primitives", "Encoding", "Machine", "Identifiers"],
        swiftSettings: rules),

    // Floor 4.
    .target(
        name: "Ledger",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
        ],
        swiftSettings: rules + unguarded),
    .target(
        name: "Consensus",
        dependencies: ["Primitives", "Encoding", "Crypto", "Machine", "Identifiers"],
        swiftSettings: rules),
    .target(
        name: "Network",
        dependencies: ["Primitives", "Encoding", "Crypto", "Machine", "Identifiers"],
        swiftSettings: rules),

    // Floor 5.
    .target(
        name: "RPC",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger",
        ],
        swiftSettings: rules),
    .target(
        name: "Index",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Ledger",
        ],
        swiftSettings: rules),
    .target(
        name: "Apps", dependencies: ["Primitives", "Machine", "CAssets"], swiftSettings: rules),

    // Floor 6.
    .target(
        name: "Node",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "Consensus", "Network", "RPC", "Index", "Apps",
        ],
        swiftSettings: rules),

    // The drivers, beside the house.
    .target(
        name: "Linux",
        dependencies: [
            "Primitives", "Machine", "CUV", "CLMDB", "CSQLite", "CSealedPages", "CXXHash",
            "CMalloc", "CHTTP",
        ],
        swiftSettings: foreignRules),
    .target(name: "Simulation", dependencies: ["Primitives", "Machine"], swiftSettings: rules),

    // Floors 7 to 9.
    .target(
        name: "Scenarios",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "Consensus", "Network", "RPC", "Node", "Simulation",
        ],
        swiftSettings: rules),
    .target(
        name: "Fuzzing",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "Consensus", "Network", "RPC", "Index", "Apps", "Node", "Fixtures",
        ],
        swiftSettings: rules),
    .target(
        name: "Fixtures",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "RPC", "Node",
        ],
        swiftSettings: rules),
    .target(
        name: "CLI",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "Consensus", "Network", "RPC", "Index", "Apps", "Node", "Linux",
            "Simulation",
            "Scenarios", "Fixtures",
        ],
        swiftSettings: foreignRules),
    .executableTarget(name: "martlet", dependencies: ["CLI"], swiftSettings: rules),

    // What drives real nodes in Benchmarks/run.
    .executableTarget(
        name: "load",
        dependencies: [
            "Primitives", "Encoding", "Crypto", "Machine", "Identifiers", "EVM", "Trie", "Store",
            "Ledger", "RPC", "Linux", "Fixtures", "CLMDB", "CSecp256k1",
        ],
        path: "Benchmarks/Load", swiftSettings: foreignRules),
]

/// One test target for each folder of `Tests`; it may use whatever its own target may, and that.
@MainActor func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    let home = targets.first { $0.name == name.dropLast(5) }
    let own: [Target.Dependency] = home.map { [.byName(name: $0.name)] } ?? []
    let logic = (home?.dependencies ?? []).filter { dependency in
        guard case .byNameItem(let name, _) = dependency else { return true }
        return !targets.contains { $0.name == name && $0.type == .system }
    }
    return .testTarget(
        name: name, dependencies: own + logic + dependencies, swiftSettings: foreignRules)
}

let testTargets: [Target] = [
    tests("PrimitivesTests"), tests("EncodingTests"), tests("CryptoTests", ["Encoding"]),
    tests("IdentifiersTests"), tests("EVMTests"), tests("TrieTests"), tests("StoreTests"),
    tests("LedgerTests"), tests("ConsensusTests", ["Simulation"]),
    tests("NetworkTests", ["Simulation"]), tests("RPCTests"), tests("IndexTests", ["Linux"]),
    tests("NodeTests"),
    tests("LinuxTests", ["Network", "Identifiers", "Simulation"]), tests("SimulationTests"),
    tests("ScenariosTests"), tests("FuzzingTests"), tests("CLITests"), tests("AppsTests"),
    tests(
        "ConformanceTests",
        [
            "Primitives", "Encoding", "Crypto", "Identifiers", "EVM", "Trie", "Store", "Ledger",
            "Machine",
            "CLI",
        ]),
    tests("TidyTests"),
]

/// `MARTLET_ONLY=EVM,EVMTests` leaves out all that those targets do not need: a faster inner loop.
@MainActor func wanted(_ all: [Target]) -> [Target] {
    guard let only = Context.environment["MARTLET_ONLY"], !only.isEmpty else { return all }
    var names = Set(only.split(separator: ",").map(String.init))
    var size = 0
    while size != names.count {
        size = names.count
        for target in all where names.contains(target.name) {
            for case .byNameItem(let name, _) in target.dependencies { names.insert(name) }
        }
    }
    return all.filter { names.contains($0.name) }
}

let package = Package(
    name: "martlet",
    products: wanted(targets.filter { $0.name == "Fuzzing" }).map {
        .library(name: $0.name, targets: [$0.name])
    },
    targets: wanted(targets + testTargets),
    cxxLanguageStandard: .cxx17
)
