import Linux

/// Where a password comes from: the first line of a file, or the terminal without echo.
enum Password {
    /// The longest password that is read.
    static let limit = 4096

    /// Reads a password from a file, or asks on the terminal (twice for a new one).
    static func read(file: String?, prompt: String, isNew: Bool) throws(Failure) -> String {
        if let file {
            let bytes = try Files.read(file, limit: limit)
            let line = bytes.prefix { $0 != 0x0a && $0 != 0x0d }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw Failure("\(file) holds no text in utf-8")
            }
            return text
        }
        let password = try ask(prompt)
        guard isNew else { return password }
        guard !password.isEmpty else { throw Failure("an empty password protects nothing") }
        guard try ask("once more: ") == password else {
            throw Failure("the two passwords are not the same")
        }
        return password
    }

    private static func ask(_ prompt: String) throws(Failure) -> String {
        do {
            return try Terminal.askSilently(prompt, limit: limit)
        } catch {
            switch error {
            case .absent:
                throw Failure("no terminal to ask on: give the password with --password-file=FILE")
            case .cancelled: throw Failure("cancelled", code: 130)
            case .tooLong(let limit): throw Failure("a password has at most \(limit) bytes")
            }
        }
    }
}
