/// The words after a command's name, taken out one by one; what is left over is an error.
///
/// Only `--key=value`, `--flag` and positional words exist. `--key value`, repeated keys and
/// single-letter options do not: each makes an operator's mistake easier. Where other programs
/// call a command, and write `--key value`, the keys for which it is so are named.
public struct Arguments: ~Copyable {
    private var options: [(key: String, value: String?)] = []
    private var positionals: [String] = []
    private var asked: Set<String> = []

    /// Sorts words into options and positionals; the value of a spaced key may be the next word.
    public init(_ words: [String], spacedKeys: [String] = []) throws(UsageError) {
        var words = words[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                continue
            }
            guard word.hasPrefix("--"), word.count > 2 else { throw .malformed(word) }
            let parts = word.dropFirst(2)
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            guard !options.contains(where: { $0.key == key }) else { throw .repeated(key) }
            var value = parts.count == 2 ? String(parts[1]) : nil
            if value == nil, spacedKeys.contains(key) { value = words.popFirst() }
            options.append((key, value))
        }
    }

    /// Takes a flag out: true when it was given.
    public mutating func flag(_ key: String) throws(UsageError) -> Bool {
        asked.insert(key)
        guard let index = options.firstIndex(where: { $0.key == key }) else { return false }
        let option = options.remove(at: index)
        guard option.value == nil else { throw .unexpectedValue(key) }
        return true
    }

    /// Takes an option's value out, read as the type asked for; empty only where that can be meant.
    public mutating func value<Value: LosslessStringConvertible>(
        _ key: String, as type: Value.Type = Value.self, orEmpty: Bool = false
    ) throws(UsageError) -> Value? {
        asked.insert(key)
        guard let index = options.firstIndex(where: { $0.key == key }) else { return nil }
        guard let text = options.remove(at: index).value, orEmpty || !text.isEmpty
        else {
            throw .missingValue(key)
        }
        guard let value = Value(text) else {
            throw .unusable(key, text, "expected \(Self.form(of: type))")
        }
        return value
    }

    /// Takes out the values of an option that may have several, with commas between.
    public mutating func values<Value: LosslessStringConvertible>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(UsageError) -> [Value] {
        guard let text = try value(key, as: String.self) else { return [] }
        var values: [Value] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Value(String(part)) else {
                throw .unusable(
                    key, text, "expected \(Self.form(of: type)), or several with commas")
            }
            values.append(value)
        }
        return values
    }

    /// Takes out the value of an option that has bounds.
    public mutating func value<Value: FixedWidthInteger & LosslessStringConvertible>(
        _ key: String, in bounds: ClosedRange<Value>
    ) throws(UsageError) -> Value? {
        guard let value = try value(key, as: Value.self) else { return nil }
        guard bounds.contains(value) else {
            throw .unusable(
                key, "\(value)", "expected \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    private static func form(of type: (some LosslessStringConvertible).Type) -> String {
        switch type {
        case let described as any DescribedOption.Type: described.form
        case let listed as any CaseIterable.Type: "one of \(names(of: listed))"
        case is any UnsignedInteger.Type: "a number from 0"
        case is any BinaryInteger.Type: "a whole number"
        default: "another value"
        }
    }

    private static func names(of type: (some CaseIterable).Type) -> String {
        type.allCases.map { "\($0)" }.joined(separator: ", ")
    }

    /// Takes the next positional word out.
    public mutating func positional(_ name: String) throws(UsageError) -> String {
        guard !positionals.isEmpty else { throw .missing(name) }
        return positionals.removeFirst()
    }

    /// Takes all positional words that are left out.
    public mutating func rest() -> [String] {
        defer { positionals = [] }
        return positionals
    }

    /// Ends the reading; every word must have been taken.
    public consuming func finish() throws(UsageError) {
        if let option = options.first {
            throw .unknown("--\(option.key)", known: asked.sorted().map { "--\($0)" })
        }
        if let word = positionals.first { throw .unknown(word, known: []) }
    }
}

/// An option's value that can say how it is written.
protocol DescribedOption: LosslessStringConvertible {
    /// How it is written: what follows "expected".
    static var form: String { get }
}

/// What can be wrong with a command line.
public enum UsageError: Error, Hashable {
    /// A word that looks like an option but is none.
    case malformed(String)
    /// The same option twice.
    case repeated(String)
    /// A word no one asked for, and what was asked for.
    case unknown(String, known: [String])
    /// A positional word that must be there.
    case missing(String)
    /// An option that needs `=value`.
    case missingValue(String)
    /// A flag that takes no value.
    case unexpectedValue(String)
    /// A value that cannot be used, and why.
    case unusable(String, String, String)
    /// A file that an option names cannot be used; the text says which, and why.
    case file(String)
    /// Two options of which only one can count.
    case conflicting(String, String)
}

extension UsageError: CustomStringConvertible {
    /// What is wrong, in one line, with the nearest word that would be right.
    public var description: String {
        switch self {
        case .malformed(let word): "\(word): options are written --key=value or --flag"
        case .repeated(let key): "--\(key) is given twice"
        case .unknown(let word, let known):
            switch nearest(to: word, among: known) {
            case .some(let near): "unknown: \(word) (did you mean \(near)?)"
            case .none: "unknown: \(word)"
            }
        case .missing(let name): "missing: \(name)"
        case .missingValue(let key): "--\(key) needs a value: --\(key)=…"
        case .unexpectedValue(let key): "--\(key) takes no value"
        case .unusable(let key, let text, let reason): "--\(key)=\(text): \(reason)"
        case .file(let text): text
        case .conflicting(let key, let other): "--\(key) and --\(other): only one of them counts"
        }
    }
}

/// The known word that needs the fewest edits to become the given one; `nil` if all are far.
func nearest(to word: String, among known: [String]) -> String? {
    let ranked = known.map { (distance($0, word), $0) }.sorted { $0 < $1 }
    guard let (edits, best) = ranked.first, edits <= max(2, word.count / 3) else { return nil }
    return best
}

/// How many insertions, deletions and replacements lie between two words (Levenshtein).
private func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let cost =
                letter == right[column] ? diagonal : 1 + min(diagonal, row[column], row[column + 1])
            diagonal = row[column + 1]
            row[column + 1] = cost
        }
    }
    return row[right.count]
}
