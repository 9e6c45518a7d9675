@preconcurrency import Glibc
import Node

/// The program: finds the command, runs it, and turns what went wrong into a line and a code.
public enum Main {
    /// The commands, in the order of the help text.
    static var commands: [any Command.Type] {
        [
            Demo.self,
            Up.self,
            Init.self,
            NodeRun.self,
            Send.self,
            Status.self,
            Trace.self,
            Key.self,
            Simulate.self,
            Import.self,
            DatabaseStats.self,
            DatabaseCompact.self,
            DatabaseCheck.self,
            DatabaseRepair.self,
            EVMStateTest.self,
            EVMBlockTest.self,
            EVMTransactionTest.self,
            RPCTest.self,
            EVMTransition.self,
            EVMBlockBuilder.self,
            Conformance.self,
            EVMRun.self,
            Help.self,
        ]
    }

    /// Runs the command that the process was started with, and ends the process.
    public static func run() -> Never {
        let words = Array(CommandLine.arguments.dropFirst())
        setlinebuf(stdout)
        exit(run(words))
    }

    /// Runs a command; returns the exit code: 0 done, 1 failed, 2 not understood.
    package static func run(_ words: [String]) -> Int32 {
        guard let first = words.first, !["-h", "--help"].contains(first) else {
            print(Help.table)
            return words.isEmpty ? 2 : 0
        }
        guard first != "--version" else {
            print(Node.version)
            return 0
        }
        guard let (command, rest) = find(words) else {
            complain("unknown command: \(unknown(words)); martlet help lists them")
            return 2
        }
        if rest.contains("--help") || rest.contains("-h") {
            print(command.usage)
            return 0
        }
        do {
            var arguments = try Arguments(rest, spacedKeys: command.spacedKeys)
            let prepared = try command.init(&arguments)
            try arguments.finish()
            try prepared.run()
            return 0
        } catch let error as UsageError {
            complain("\(command.name): \(error); martlet help \(command.name) tells more")
            return 2
        } catch let failure as Failure {
            complain("\(command.name): \(failure)")
            return failure.code
        } catch {
            complain("\(command.name): \(error)")
            return 1
        }
    }

    /// The command whose name the words begin with, and the words after it; longest name first.
    static func find(_ words: [String]) -> (any Command.Type, [String])? {
        for count in [2, 1] where words.count >= count {
            let name = words.prefix(count).joined(separator: " ")
            if let command = commands.first(where: { $0.name == name }) {
                return (command, Array(words.dropFirst(count)))
            }
        }
        return nil
    }

    /// Words that call nothing, with what could be meant.
    static func unknown(_ words: [String]) -> String {
        let first = words.first ?? ""
        let family = commands.map { $0.name }.filter { $0.hasPrefix("\(first) ") }
        let given = words.prefix(family.isEmpty ? 1 : 2).joined(separator: " ")
        let names = family.isEmpty ? commands.map { $0.name } : family
        let near = nearest(to: given, among: names)
        let meant = (near.map { [$0] } ?? family).joined(separator: " or ")
        return meant.isEmpty ? given : "\(given) (did you mean \(meant)?)"
    }

    /// Says a line on standard error.
    static func complain(_ line: String) {
        fputs("martlet \(line)\n", stderr)
    }
}
