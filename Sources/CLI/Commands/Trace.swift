import Apps
import Encoding
import Linux
import Machine
import Primitives
import RPC

/// `martlet trace`: how a transaction ran, in words.
struct Trace: Command {
    static let name = "trace"
    static let summary = "show how a transaction ran: calls, events, and why it failed"
    static let usage = """
        martlet trace TX [--rpc=URL | --dir=DIR] [--abi=PATH,…] [--storage] [--json]

        Asks a node to run the transaction with the hash TX again, and prints its calls, one within
        the other, with what they took, returned and logged, what gas they used, and where and why
        one failed. Functions, events and errors are told by name where they are known: those of
        tokens, of OpenZeppelin's contracts and of the program's own, and those of --abi. The node
        must keep the state before the transaction still (--history).

          --rpc=URL    the JSON-RPC of the node to ask; if neither this nor a running network is
                       there, http://127.0.0.1:8545
          --dir=DIR    the local network's folder (.martlet)
          --abi=PATH   interfaces as compilers write them: a JSON file, or a folder of such; several
                       with commas
          --storage    tells what changed of balances, nonces, code and storage, too
          --json       prints the node's answers as they are (callTracer, prestateTracer)
        """

    private let hash: Hash32
    private let node: Endpoint
    private let interfaces: Interfaces
    private let showsStorage: Bool
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        let word = try arguments.positional("TX")
        guard let hash = JSON.string(word).hash else {
            throw .unusable("TX", word, "expected 0x and 64 hexadecimal digits")
        }
        self.hash = hash
        let url = try arguments.value("rpc", as: NodeURL.self)
        let directory = try arguments.value("dir", as: String.self)
        guard url == nil || directory == nil else { throw .conflicting("rpc", "dir") }
        let local = RunningNetwork(in: directory ?? ".martlet")?.rpc.first
        node = url?.endpoint ?? local ?? NodeClient.local
        let paths = try arguments.values("abi", as: String.self)
        do {
            interfaces = try Interfaces(files: paths)
        } catch {
            throw .file("\(error)")
        }
        showsStorage = try arguments.flag("storage")
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let client = NodeClient(node, timeout: .seconds(60))
        let receipt = try client.call("eth_getTransactionReceipt", .string("\(hash)"))
        guard !receipt.isNull else { throw Failure("no block holds a transaction \(hash)") }
        let calls = try client.call(
            "debug_traceTransaction", .string("\(hash)"),
            ["tracer": "callTracer", "tracerConfig": ["withLog": true]])
        let changes =
            showsStorage
            ? try client.call(
                "debug_traceTransaction", .string("\(hash)"),
                ["tracer": "prestateTracer", "tracerConfig": ["diffMode": true]]) : nil
        if isJSON {
            var members = [JSON.Member("calls", calls)]
            if let changes { members.append(.init("changes", changes)) }
            return print(String(decoding: JSON.object(members).encoded(.pretty), as: UTF8.self))
        }
        for line in heading(receipt) + CallLines(interfaces).lines(of: calls) { print(line) }
        if let changes { for line in ChangeLines.lines(of: changes) { print(line) } }
    }

    private func heading(_ receipt: JSON) -> [String] {
        let hasFailed = receipt["status"]?.quantity == 0
        let gas = receipt["gasUsed"]?.quantity ?? 0
        let number = receipt["blockNumber"]?.quantity ?? 0
        return [
            "transaction \(hash)",
            "block \(number), \(hasFailed ? "failed" : "done"), \(gas) gas,"
                + " from \(receipt["from"]?.text ?? "?")",
        ]
    }
}

/// The calls of a transaction as lines, each further in than the one that made it.
struct CallLines {
    private let interfaces: Interfaces

    init(_ interfaces: Interfaces) { self.interfaces = interfaces }

    /// The lines of a frame, and of those within it; iterative, for frames nest a thousand deep.
    func lines(of root: JSON) -> [String] {
        var lines: [String] = []
        var open: [(frame: JSON, depth: Int)] = [(root, 0)]
        while let (frame, depth) = open.popLast() {
            let margin = String(repeating: "  ", count: depth)
            guard frame["type"] != nil else {
                lines.append("\(margin)log \(event(frame))")
                continue
            }
            lines.append(margin + call(frame))
            if let reason = failure(frame) { lines.append("\(margin)  failed: \(reason)") }
            for inner in within(frame).reversed() { open.append((inner, depth + 1)) }
        }
        return lines
    }

    /// Calls and logs of a frame in the order in which they came.
    private func within(_ frame: JSON) -> [JSON] {
        let calls = frame["calls"]?.elements ?? []
        var logs = (frame["logs"]?.elements ?? [])[...]
        var found: [JSON] = []
        for index in 0...calls.count {
            while let log = logs.first, log["position"]?.quantity ?? 0 <= UInt64(index) {
                found.append(log)
                logs.removeFirst()
            }
            if index < calls.count { found.append(calls[index]) }
        }
        return found + logs
    }

    private func call(_ frame: JSON) -> String {
        let input = bytes(frame["input"])
        let kind = frame["type"]?.text ?? "?"
        let creates = kind.hasPrefix("CREATE")
        let name =
            creates
            ? "\(input.count) bytes of code"
            : interfaces.call(input)
                ?? (input.isEmpty
                    ? "" : "\(Hex.encode(Array(input.prefix(4))))(\(input.count) bytes)")
        let output = bytes(frame["output"])
        var text =
            "\(kind) \(frame["to"]?.text ?? "")\(name.isEmpty ? "" : creates ? " " : ".")\(name)"
        if let value = frame["value"]?.wideQuantity, !value.isZero { text += " with \(value) wei" }
        if frame["error"] == nil, !creates, !output.isEmpty {
            text += " → \(interfaces.result(output, of: input) ?? short(output))"
        }
        return text + "  [\(frame["gasUsed"]?.quantity ?? 0) gas]"
    }

    private func failure(_ frame: JSON) -> String? {
        guard let error = frame["error"]?.text else { return nil }
        let output = bytes(frame["output"])
        guard error == "execution reverted" else { return error }
        return interfaces.reason(output)
            ?? (output.isEmpty ? "reverted without a reason" : "reverted with \(short(output))")
    }

    private func event(_ log: JSON) -> String {
        let topics = (log["topics"]?.elements ?? []).compactMap(\.hash)
        let data = bytes(log["data"])
        return interfaces.event(topics: topics, data: data)
            ?? "\(topics.map { "\($0)" }.joined(separator: " ")) \(short(data))"
    }

    private func bytes(_ json: JSON?) -> [UInt8] {
        json?.text.flatMap { try? Hex.decode($0) } ?? []
    }

    private func short(_ bytes: [UInt8]) -> String {
        bytes.count <= 64
            ? Hex.encode(bytes) : Hex.encode(Array(bytes.prefix(64))) + "… (\(bytes.count) bytes)"
    }
}

/// What a transaction changed of accounts, as lines.
enum ChangeLines {
    static func lines(of json: JSON) -> [String] {
        let (before, after) = (json["pre"], json["post"])
        var names = (before?.members ?? []).map(\.name)
        for member in after?.members ?? [] where !names.contains(member.name) {
            names.append(member.name)
        }
        return names.flatMap { name in
            ["changed \(name)"] + fields(before?[name], after?[name], isGone: after?[name] == nil)
        }
    }

    private static func fields(_ before: JSON?, _ after: JSON?, isGone: Bool) -> [String] {
        guard !isGone else { return ["  gone"] }
        var lines: [String] = []
        for field in ["balance", "nonce", "code"] {
            guard let new = after?[field] else { continue }
            let old = before?[field].map(text) ?? "0"
            lines.append("  \(field): \(old) → \(text(new))")
        }
        let (old, new) = (before?["storage"], after?["storage"])
        var slots = (old?.members ?? []).map(\.name)
        for member in new?.members ?? [] where !slots.contains(member.name) {
            slots.append(member.name)
        }
        return lines
            + slots.sorted().map { slot in
                "  slot \(slot): \(old?[slot]?.text ?? "0") → \(new?[slot]?.text ?? "0")"
            }
    }

    private static func text(_ json: JSON) -> String {
        guard let text = json.text else { return String(decoding: json.encoded(), as: UTF8.self) }
        if text.utf8.count > 66 { return "\((text.utf8.count - 2) / 2) bytes" }
        return json.wideQuantity.map { "\($0)" } ?? text
    }
}

extension Interfaces {
    /// What is known, with the interfaces in files and folders, and those of the program.
    init(files paths: [String]) throws {
        self.init()
        for path in paths {
            for file in try Files.paths(at: path, ending: ".json") {
                let json = try JSON(decoding: try Files.read(file, limit: 64 << 20))
                // In a folder of a compiler's there may be other files, too.
                guard let abi = json["abi"] ?? (json.elements == nil ? nil : json),
                    let entries = try? ABI.interface(abi)
                else {
                    guard file != path else { throw Failure("\(path) holds no interface") }
                    continue
                }
                add(entries)
            }
        }
        for name in ["Dollar", "Orders", "Disperse"] {
            guard let asset = Asset.named("/contracts/\(name).json"),
                let abi = try JSON(decoding: asset.bytes)["abi"]
            else { continue }
            add(try ABI.interface(abi))
        }
        add(Interfaces.known)
    }
}
