import CUV
import Glibc

/// The terminal of whoever started the process, for questions whose answers nobody may see.
public enum Terminal {
    /// Why there is no answer.
    public enum Failure: Error, Hashable {
        /// The process has no terminal.
        case absent
        /// The person pressed Ctrl-C, or the terminal went away.
        case cancelled
        /// The answer has more bytes than were asked for.
        case tooLong(limit: Int)
    }

    /// Asks a question and reads a line of at most so many bytes without echo.
    public static func askSilently(
        _ question: String, limit: Int
    ) throws(Failure) -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw .absent }
        defer { close(terminal) }
        var usual = termios()
        tcgetattr(terminal, &usual)
        var silent = usual
        // Keys arrive one by one, unseen, and Ctrl-C too, so that echo is always restored.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer { tcsetattr(terminal, TCSAFLUSH, &usual) }
        say(question, on: terminal)
        defer { say("\n", on: terminal) }
        return try line(from: terminal, limit: limit)
    }

    private static func line(from terminal: Int32, limit: Int) throws(Failure) -> String {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var key: UInt8 = 0
            let count = read(terminal, &key, 1)
            if count < 0, errno == EINTR { continue }
            switch key {
            case _ where count != 1, 0x03: throw .cancelled
            case 0x04, 0x0a, 0x0d: return String(decoding: bytes, as: UTF8.self)
            case 0x08, 0x7f:
                // Takes back the last character with all its bytes.
                while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
            default: bytes.append(key)
            }
        }
        throw .tooLong(limit: limit)
    }

    private static func say(_ text: String, on terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }
}
