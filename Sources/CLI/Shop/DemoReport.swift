import Encoding
import Glibc

/// What a demonstration says while it runs: one line for each step, with its figure and its time.
final class DemoReport {
    private let isJSON: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    private var steps: [JSON] = []
    private var lastProgress = ContinuousClock.now
    private var isLineOpen = false

    /// Creates a report; as JSON it is printed at the end, and lines go to standard error.
    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// Runs a step and says what it came to.
    func step<Result>(
        _ name: String, _ body: () throws -> (Result, figure: String)
    ) throws -> Result {
        let begin = ContinuousClock.now
        progress("…", of: name, always: true)
        let (result, figure) = try body()
        let seconds = Self.seconds(ContinuousClock.now - begin)
        clear()
        say("\(Table.padded(name, to: 12)) \(figure)  [\(seconds) s]")
        steps.append([
            "step": .string(name), "figure": .string(figure), "seconds": .number(seconds),
        ])
        return result
    }

    /// Says something that is no step of its own.
    func note(_ text: String) {
        clear()
        say("\(Table.padded("", to: 12)) \(text)")
        steps.append(["note": .string(text)])
    }

    /// Says something that is part of no step.
    func tell(_ text: String) {
        clear()
        say(text)
    }

    /// Shows how far a step is, on a terminal; a few times a second at most.
    func progress(_ text: String, of name: String, always: Bool = false) {
        let now = ContinuousClock.now
        guard isTerminal, always || now - lastProgress > .milliseconds(200) else { return }
        lastProgress = now
        isLineOpen = true
        Self.put("\r\u{1b}[K\(Table.padded(name, to: 12)) \(text)", on: STDERR_FILENO)
    }

    /// Ends the report.
    func finish(_ outcome: String) {
        let seconds = Self.seconds(ContinuousClock.now - start)
        clear()
        say("\(Table.padded("done", to: 12)) \(outcome)  [\(seconds) s in all]")
        guard isJSON else { return }
        let whole: JSON = [
            "outcome": .string(outcome), "seconds": .number(seconds), "steps": .array(steps),
        ]
        print(String(decoding: whole.encoded(.pretty), as: UTF8.self))
    }

    /// Takes an unfinished line away, so that what follows begins on a clean one.
    func clear() {
        guard isLineOpen else { return }
        Self.put("\r\u{1b}[K", on: STDERR_FILENO)
        isLineOpen = false
    }

    /// Says a line on standard error, past an unfinished one: from the thread of signals.
    static func interrupt(_ line: String) {
        let clearing = isatty(STDERR_FILENO) == 1 ? "\r\u{1b}[K" : ""
        Self.put("\(clearing)\(line)\n", on: STDERR_FILENO)
    }

    private func say(_ line: String) {
        Self.put(line + "\n", on: isJSON ? STDERR_FILENO : STDOUT_FILENO)
    }

    private static func put(_ text: String, on file: Int32) {
        let bytes = Array(text.utf8)
        _ = write(file, bytes, bytes.count)
    }

    /// A time in seconds with one decimal.
    static func seconds(_ duration: Duration) -> String {
        let tenths = duration / .milliseconds(100)
        return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
    }
}

/// A number with commas between thousands.
package func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, index in
        if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
        text.append(digits[index])
    }
}

/// Cents as dollars.
package func dollars(_ cents: UInt64) -> String {
    let rest = cents % 100
    return "$\(grouped(cents / 100)).\(rest < 10 ? "0" : "")\(rest)"
}
