@preconcurrency import Glibc
import Machine

/// The program: reads its words and runs one of its measurements.
enum Load {
    static func run(_ words: [String]) -> Int32 {
        let options = Dictionary(
            words.dropFirst().compactMap { word -> (String, String)? in
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                return parts.count == 2 ? (String(parts[0].dropFirst(2)), parts[1]) : nil
            }, uniquingKeysWith: { $1 })
        func number(_ name: String, _ usual: Int) -> Int {
            options[name].flatMap { Int($0) } ?? usual
        }
        let accounts = number("accounts", 2_000)
        switch words.first {
        case "keys":
            print(Sender.all(accounts).map { "\($0.address)" }.joined(separator: ","))
        case "run":
            let trial = Trial(
                nodes: endpoints(options["rpc"] ?? "127.0.0.1:8545"), senders: Sender.all(accounts),
                rate: number("rate", 100), seconds: number("seconds", 10),
                targets: words.contains("--new")
                    ? .strangers : number("among", 0) > 0 ? .among(number("among", 0)) : .eachOther)
            do {
                print(try trial.run())
            } catch {
                fputs("load: \(error)\n", stderr)
                return 1
            }
        case "replay", "calls", "recovery", "stages", "roots", "grow", "state", "database":
            do {
                try measure(words[0], options, number)
            } catch {
                fputs("load: \(error)\n", stderr)
                return 1
            }
        case "limits": print(Ceilings.measured(in: options["dir"] ?? "/tmp"))
        default:
            fputs(
                "load: expected keys, run, replay, calls, recovery, stages, roots, grow, state, database or limits\n",
                stderr)
            return 2
        }
        return 0
    }

    private static func measure(
        _ what: String, _ options: [String: String], _ number: (String, Int) -> Int
    ) throws {
        let directory = options["dir"] ?? "."
        let accounts = number("accounts", 2_000)
        switch what {
        case "stages":
            var stages = try Stages(accounts: accounts, in: directory)
            print(try stages.measured())
        case "calls":
            var calls = try Calls(genesis: options["genesis"] ?? "", data: directory)
            let body = bytes(of: options["body"] ?? "")
            print(try calls.measured(body: body, seconds: Double(number("seconds", 3))))
        case "replay":
            let file = options["file"] ?? ""
            print(
                options["seconds"] == "0"
                    ? try Replay.steps(file: file)
                    : try Replay.measured(file: file, seconds: 0.3))
        case "recovery": print(try Recovery(cores: number("cores", 2)).measured())
        case "roots":
            print(try Roots(entries: number("entries", 1_000_000), in: directory).measured())
        case "database":
            print(try BareDatabase.measured(data: directory, accounts: accounts))
        default:
            let state = try LargeState(genesis: options["genesis"] ?? "", data: directory)
            if what == "grow" { try state.grow(from: number("from", 0), to: accounts) }
            if what == "state" { print(try state.measured(accounts: accounts)) }
        }
    }

    /// What a file holds.
    static func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private static func endpoints(_ text: String) -> [Endpoint] {
        text.split(separator: ",").compactMap { part in
            let pieces = part.split(separator: ":")
            guard pieces.count == 2, let port = UInt16(pieces[1]) else { return nil }
            return Endpoint(host: String(pieces[0]), port: port)
        }
    }
}
