import Encoding
import Identifiers
import Ledger
import Machine
import Primitives

/// A contract whose source is known: compiled here, and found to be the code that is there.
///
/// Vyper lays what a constructor fills in (immutables) behind the code, and tells how much that is;
/// what it says of itself stands in the code that creates a contract, not in the contract's.
struct Verification {
    /// The record, as it is kept and told.
    let record: JSON

    /// Reads a record that is kept; `nil` if the contract has other code now.
    init?(of address: Address, in view: ChainView) {
        guard let bytes = view.source(of: address), let record = try? JSON(decoding: bytes),
            let account = view.state.account(address),
            record["codeHash"]?.text == account.codeHash.description
        else { return nil }
        self.record = record
    }

    /// Compares what a compiler made of a source with a contract's code.
    init(
        _ submission: Submission, _ end: ProgramEnd, of address: Address, in view: ChainView
    ) throws(APIFailure) {
        let output = try Self.output(of: end)
        guard let account = view.state.account(address),
            account.codeHash != Account.emptyCodeHash
        else { throw APIFailure(.missing, "there is no contract with this address") }
        let code = view.state.code(account.codeHash)
        var nearest: String?
        for compiled in Self.contracts(in: output) {
            guard let difference = compiled.difference(from: code) else {
                record = Self.record(compiled, submission, output, account.codeHash)
                return
            }
            nearest = nearest ?? "\(compiled.name): \(difference)"
        }
        throw APIFailure(
            .mismatch, nearest ?? "the compiler made no code of these sources")
    }

    private static func record(
        _ compiled: Compiled, _ submission: Submission, _ output: JSON, _ codeHash: Hash32
    ) -> JSON {
        let sources = (submission.input["sources"]?.members ?? []).map { source -> JSON in
            [
                "name": .string(source.name),
                "content": .string(source.value["content"]?.text ?? ""),
            ]
        }
        return [
            "codeHash": .string(codeHash.description), "name": .string(compiled.name),
            "compiler": .string(output["compiler"]?.text ?? "vyper"),
            "immutables": .integer(compiled.immutables), "sources": .array(sources),
            "settings": submission.input["settings"] ?? [:], "abi": compiled.abi,
        ]
    }

    /// What a compiler said, if it made something.
    private static func output(of end: ProgramEnd) throws(APIFailure) -> JSON {
        switch end {
        case .missing(let reason): throw APIFailure(.noCompiler, "vyper: \(reason)")
        case .ended(126, _, let errors), .ended(127, _, let errors):
            throw APIFailure(.noCompiler, text(errors))
        case .exceeded(let reason):
            throw APIFailure(.mismatch, "the compiler was ended: \(reason)")
        case .ended(let code, let bytes, let errors):
            guard let output = try? JSON(decoding: bytes, depth: 64) else {
                throw APIFailure(
                    .mismatch, "the compiler ended with code \(code): \(text(errors))")
            }
            let faults = (output["errors"]?.elements ?? []).filter {
                $0["severity"]?.text == "error"
            }
            if let fault = faults.first {
                let words = fault["formattedMessage"]?.text ?? fault["message"]?.text
                throw APIFailure(.mismatch, String((words ?? "it does not compile").prefix(2_000)))
            }
            return output
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.suffix(500), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it said nothing"
    }

    /// The contracts that a compiler made, in its order.
    private static func contracts(in output: JSON) -> [Compiled] {
        (output["contracts"]?.members ?? []).flatMap { file in
            (file.value.members ?? []).compactMap { Compiled($0.name, $0.value) }
        }
    }
}

/// A contract as a compiler made it.
private struct Compiled {
    let name: String
    let abi: JSON
    let runtime: [UInt8]
    /// How many bytes behind the code the constructor fills in.
    let immutables: Int

    init?(_ name: String, _ output: JSON) {
        guard let text = output["evm"]?["deployedBytecode"]?["object"]?.text,
            let runtime = try? Hex.decode(text), !runtime.isEmpty, let abi = output["abi"]
        else { return nil }
        self.name = name
        self.abi = abi
        self.runtime = runtime
        immutables = output["layout"]?["code_layout"].map { Self.end(of: $0, depth: 0) } ?? 0
    }

    /// What is different from the code of a contract; `nil` if nothing is.
    func difference(from code: [UInt8]) -> String? {
        if let place = zip(runtime, code).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            return "byte \(place) is another one than on the chain"
        }
        guard code.count == runtime.count + immutables else {
            return "found \(code.count) bytes on the chain, expected \(runtime.count) and "
                + "\(immutables) that the constructor fills in"
        }
        return nil
    }

    /// Where the last of some immutables ends; those of modules stand under the module's name.
    private static func end(of layout: JSON, depth: Int) -> Int {
        guard depth < 8, let members = layout.members else { return 0 }
        if let offset = layout["offset"]?.integer, let length = layout["length"]?.integer {
            let (end, overflow) = offset.addingReportingOverflow(length)
            return overflow ? 1 << 20 : max(0, min(end, 1 << 20))
        }
        return members.reduce(0) { max($0, end(of: $1.value, depth: depth + 1)) }
    }
}
