import Glibc
public import Machine

/// What of the log is shown, and how.
public struct LogFormat: Sendable {
    /// The least level that is shown.
    public var level: Record.Level
    /// Whether each line is a JSON object.
    public var isJSON: Bool

    /// Creates a format.
    public init(level: Record.Level = .info, isJSON: Bool = false) {
        self.level = level
        self.isJSON = isJSON
    }
}

/// Writes records to standard error as lines: `time level module message key=value …`.
struct LineWriter {
    private let format: LogFormat
    private var pending: [UInt8] = []

    /// Creates a writer.
    init(_ format: LogFormat) {
        self.format = format
    }

    /// Takes a line in.
    mutating func add(_ record: Record, at unixMilliseconds: UInt64) {
        guard record.level >= format.level else { return }
        let time = Self.text(of: unixMilliseconds)
        let line = format.isJSON ? Self.json(record, time) : Self.plain(record, time)
        pending += Array(line.utf8)
        pending.append(UInt8(ascii: "\n"))
    }

    /// Writes out what was taken in.
    mutating func flush() {
        var done = 0
        while done < pending.count {
            let written = pending.withUnsafeBytes { buffer in
                write(STDERR_FILENO, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { break }
            done += written
        }
        pending.removeAll(keepingCapacity: true)
    }

    private static func plain(_ record: Record, _ time: String) -> String {
        var line = "\(time) \(record.level) \(record.module) \(record.message)"
        for field in record.fields { line += " \(field.key)=\(quotedIfNeeded(field.value))" }
        return line
    }

    private static func json(_ record: Record, _ time: String) -> String {
        var line = "{\"time\":\"\(time)\",\"level\":\"\(record.level)\""
        line += ",\"module\":\(quoted(record.module)),\"message\":\(quoted(record.message))"
        for field in record.fields { line += ",\(quoted(field.key)):\(quoted(field.value))" }
        return line + "}"
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x7f }
        return isPlain && !value.isEmpty ? value : quoted(value)
    }

    /// Text as a JSON string.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5c:
                bytes += [0x5c, byte]
            case 0..<0x20, 0x7f:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes + [0x22], as: UTF8.self)
    }

    private static func text(of unixMilliseconds: UInt64) -> String {
        var seconds = time_t(unixMilliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), to: 2) }
        let day = date.map { padded($0, to: 2) }.joined(separator: "-")
        let fraction = padded(Int(unixMilliseconds % 1000), to: 3)
        return "\(day)T\(time.joined(separator: ":")).\(fraction)Z"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Says one line on standard error, past all filters: why the process ends.
func complain(_ line: String) {
    let bytes = Array("martlet: \(line)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
