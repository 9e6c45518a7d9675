import EVM
import Encoding
import Ledger
import Primitives

/// The cases of a difficulty test: a parent, a time, and the difficulty that follows.
enum DifficultyFixture {
    static func run(_ test: JSON.Member, in path: String) -> CaseResult {
        CaseResult(name: test.name) {
            let fields: JSON? = test.value
            var parent = Header()
            parent.timestamp = try fields["parentTimestamp"].number64("parentTimestamp")
            parent.difficulty = try fields["parentDifficulty"].number("parentDifficulty")
            parent.number = try fields["currentBlockNumber"].number64("currentBlockNumber") &- 1
            if fields["parentUncles"] != nil {
                parent.ommersHash = try fields["parentUncles"].hash("parentUncles")
            }
            let time = try fields["currentTimestamp"].number64("currentTimestamp")
            let found = parent.nextDifficulty(rules(path), timestamp: time)
            let expected = try fields["currentDifficulty"].number("currentDifficulty")
            return found == expected ? nil : "difficulty \(found), expected \(expected)"
        }
    }

    /// The chain that a file's name tells.
    private static func rules(_ path: String) -> ChainRules {
        if path.contains("Homestead") { return ChainRules(chainID: 1, revision: .homestead) }
        guard path.contains("Ropsten") else {
            // The times are of any size: what begins at a time is left out.
            var rules = ChainRules.mainnet
            rules.forks = rules.forks.filter {
                if case .block = $0.activation { true } else { false }
            }
            return rules
        }
        return ChainRules(
            chainID: 3,
            forks: [
                .init(.homestead, .block(0)), .init(.tangerineWhistle, .block(0)),
                .init(.spuriousDragon, .block(10)), .init(.byzantium, .block(1_700_000)),
                .init(.constantinople, .block(4_230_000)),
            ])
    }
}
