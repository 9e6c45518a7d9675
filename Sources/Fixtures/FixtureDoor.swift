import EVM
import Encoding
import Ledger
import Primitives

/// Reads bytes as every kind of fixture and every tool does, for fuzzers: what costs gas is not run.
public enum FixtureDoor {
    /// The kinds whose cases end soon, whatever is in them.
    private static let small: [FixtureKind] = [
        .transaction, .rlp, .trie, .neighbours, .path, .abi, .difficulty, .address, .signature,
        .cipher, .genesis, .prereleaseGenesis, .mainnetGenesis,
    ]

    /// Reads the bytes; what they are not is passed over.
    public static func read(_ bytes: [UInt8]) {
        for kind in small { _ = try? kind.run(bytes, from: "fuzz") }
        guard let json = try? JSON(decoding: bytes, size: 1 << 20) else { return }
        readTools(json)
        for test in json.members ?? [] {
            readStates(test.value)
            if let network = test.value["network"]?.text {
                _ = try? BlockchainFixture(test.value, network: network)
            }
        }
    }

    private static func readStates(_ test: JSON) {
        guard let state = try? MemoryState(Genesis.accounts(test["pre"])) else { return }
        for post in test["post"]?.members ?? [] {
            guard let revision = Revision(post.name) else { continue }
            for expected in JSON?(post.value).values {
                _ = try? StateFixture(
                    test, on: state, fork: post.name, revision: revision, expected)
            }
        }
    }

    private static func readTools(_ json: JSON) {
        for fork in ["Frontier", "London", "Osaka"] {
            _ = try? TransitionInput(env: json["env"], fork: fork, chainID: 1)
        }
        _ = try? TransitionInput.transactions(json["txs"] ?? .null, chainID: 1, isFrontier: false)
        _ = try? BlockAssembly(
            header: json["header"] ?? .null, transactions: json["txs"] ?? "0xc0",
            ommers: json["ommers"] ?? [], withdrawals: json["withdrawals"])
    }
}
