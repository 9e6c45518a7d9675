@preconcurrency import Glibc
import Machine

/// The program: reads its words and runs one of five measurements.
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
                isGrowing: words.contains("--new"))
            do {
                print(try trial.run())
            } catch {
                fputs("load: \(error)\n", stderr)
                return 1
            }
        case "stages":
            do {
                var stages = try Stages(accounts: accounts, in: options["dir"] ?? ".")
                print(try stages.measured())
            } catch {
                fputs("load: \(error)\n", stderr)
                return 1
            }
        case "roots":
            do {
                let roots = try Roots(
                    entries: number("entries", 1_000_000), in: options["dir"] ?? ".")
                print(try roots.measured())
            } catch {
                fputs("load: \(error)\n", stderr)
                return 1
            }
        case "limits": print(Ceilings.measured(in: options["dir"] ?? "/tmp"))
        default:
            fputs("load: expected keys, run, stages, roots or limits\n", stderr)
            return 2
        }
        return 0
    }

    private static func endpoints(_ text: String) -> [Endpoint] {
        text.split(separator: ",").compactMap { part in
            let pieces = part.split(separator: ":")
            guard pieces.count == 2, let port = UInt16(pieces[1]) else { return nil }
            return Endpoint(host: String(pieces[0]), port: port)
        }
    }
}
