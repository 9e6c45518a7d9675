/// `martlet help`: the table of commands, or one command's text.
struct Help: Command {
    static let name = "help"
    static let summary = "show this table, or the help text of one command"
    static let usage = """
        martlet help [COMMAND]

        Shows the table of commands, or what one command does and which options it takes.
        """

    private let words: [String]

    init(_ arguments: inout Arguments) throws(UsageError) {
        words = arguments.rest()
    }

    func run() throws {
        guard !words.isEmpty else { return print(Help.table) }
        let family = Main.commands.filter { $0.name.hasPrefix("\(words.joined(separator: " ")) ") }
        guard family.isEmpty else {
            return print(family.map { $0.usage }.joined(separator: "\n\n"))
        }
        guard let (command, rest) = Main.find(words), rest.isEmpty else {
            throw Failure("no such command: \(Main.unknown(words))", code: 2)
        }
        print(command.usage)
    }

    /// The table of commands.
    static var table: String {
        let width = Main.commands.map { $0.name.count }.max() ?? 0
        let rows = Main.commands.map { command in
            let gap = String(repeating: " ", count: width - command.name.count)
            return "  \(command.name)\(gap)  \(command.summary)"
        }
        return """
            martlet: a whole node of a network that runs distributed applications

            martlet COMMAND [--key=value] [--flag] [WORD …]

            \(rows.joined(separator: "\n"))

            martlet help COMMAND tells more, martlet --version which this is. Results go to standard output, all else to standard
            error. Exit code: 0 done, 1 failed, 2 not understood.
            """
    }
}
