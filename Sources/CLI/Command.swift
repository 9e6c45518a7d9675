/// One command of the program: reads its words, then runs.
///
/// Results go to standard output, all else to standard error. A command that fails throws a
/// ``Failure``, or any error whose text says what is wrong and what to do.
public protocol Command {
    /// The word, or words, that call it.
    static var name: String { get }
    /// One line for the table of commands.
    static var summary: String { get }
    /// The whole help text.
    static var usage: String { get }

    /// The options whose value may be the next word, since other programs write them so.
    static var spacedKeys: [String] { get }

    /// Reads the words after the name.
    init(_ arguments: inout Arguments) throws(UsageError)

    /// Does what the command is for.
    func run() throws
}

extension Command {
    /// None: an option and its value are one word.
    public static var spacedKeys: [String] { [] }
}

/// What a command says when it cannot do what was asked.
public struct Failure: Error, CustomStringConvertible {
    /// One line: what is wrong, and what to do.
    public let description: String
    /// The process's exit code.
    public let code: Int32

    /// Creates a failure.
    public init(_ description: String, code: Int32 = 1) {
        self.description = description
        self.code = code
    }
}
