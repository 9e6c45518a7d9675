import Crypto
import EVM
import Encoding
import Identifiers
import Ledger
import Primitives
import Trie

/// The small suites of a few cases each: proof of work, first blocks, paths, arguments.
enum SmallFixture {
    /// A header's hash and nonce, and the work that they are.
    static func work(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            let fields: JSON? = test.value
            let nonce = try fields["nonce"].bytes("nonce").reduce(0) { $0 << 8 | UInt64($1) }
            let work = Ethash(epoch: 0).work(try fields["header_hash"].hash("hash"), nonce: nonce)
            let mix = try fields["mixHash"].hash("mixHash")
            if work.mix != mix { return "mix \(work.mix), expected \(mix)" }
            let result = try fields["result"].hash("result")
            return work.result == result ? nil : "result \(work.result), expected \(result)"
        }
    }

    /// What a genesis file of Frontier's days says, and the block's bytes.
    static func genesis(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            // They say `wei` for balance, and nothing for zero.
            let members = (test.value.members ?? []).compactMap { member -> JSON.Member? in
                if member.value == "0x", member.name != "extraData" { return nil }
                guard member.name == "alloc" else { return member }
                let accounts = (member.value.members ?? []).map { account in
                    JSON.Member(
                        account.name,
                        .object(
                            (account.value.members ?? []).map {
                                JSON.Member($0.name == "wei" ? "balance" : $0.name, $0.value)
                            }))
                }
                return JSON.Member("alloc", .object(accounts))
            }
            let genesis = try Genesis(
                .object(members), rules: ChainRules(chainID: 1, revision: .frontier))
            let expected = try test.value["result"].bytes("result")
            return genesis.block.encoded == expected ? nil : "block \(genesis.hash) is another"
        }
    }

    /// The first block of the main chain, by hash, by state and by bytes.
    static func mainnetGenesis(_ json: JSON) -> [CaseResult] {
        let encoded = (try? json["genesis_rlp_hex"].bytes("rlp")) ?? []
        let block = try? Block(decoding: encoded)
        return (json.members ?? []).map { member in
            CaseResult(name: member.name) {
                let expected = try JSON?(member.value).bytes(member.name)
                let found =
                    switch member.name {
                    case "genesis_rlp_hex": block?.encoded
                    case "genesis_state_root": block?.header.stateRoot.bytes
                    default: block?.hash.bytes
                    }
                return found == expected ? nil : "another value"
            }
        }
    }

    /// Nibbles, whether they end a key, and their bytes.
    static func path(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            var path = NodePath()
            for nibble in test.value["seq"].values {
                path.append(UInt8(clamping: nibble.integer ?? 0) & 15)
            }
            let bytes = path.compact(isLeaf: test.value["term"]?.truth ?? false)
            let expected = try test.value["out"].bytes("out")
            return bytes == expected ? nil : "found \(Hex.encode(bytes))"
        }
    }

    /// Arguments of a call, and their bytes.
    static func arguments(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            var values: [ABI.Value] = []
            for (kind, value) in zip(test.value["types"].values, test.value["args"].values) {
                let number: JSON? = value
                switch kind.text {
                case "uint256": values.append(.uint(try number.number("argument")))
                case "address": values.append(.address(try number.bytes("argument")))
                default: throw FixtureError("unknown kind \(kind.text ?? "")")
                }
            }
            let expected = try test.value["result"].bytes("result")
            let kinds = try test.value["types"].values.map { try ABI.Kind($0.text ?? "") }
            if ABI.encode(values) != expected { return "found \(Hex.encode(ABI.encode(values)))" }
            return try ABI.decode(expected, as: kinds) == values ? nil : "comes back changed"
        }
    }
}
