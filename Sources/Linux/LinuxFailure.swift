import Glibc
public import Machine

/// Why a node cannot start or go on; each is told to the operator in one line.
public enum LinuxFailure: Error, Hashable, Sendable {
    /// Someone else listens on a port; `option` is the setting that chooses another.
    case portTaken(Endpoint, option: String)
    /// An endpoint cannot be listened on for another reason.
    case notListening(Endpoint, reason: String)
    /// Another process uses the directory.
    case directoryTaken(String)
    /// There is no room left for a write.
    case diskFull(path: String)
    /// A file is not what was once written.
    case damaged(path: String, reason: String)
    /// A file cannot be read or written.
    case file(path: String, reason: String)
    /// A thread or event source cannot be made.
    case thread(String)
    /// A program cannot be started.
    case program(path: String, reason: String)
}

extension LinuxFailure: CustomStringConvertible {
    /// One line: what is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .portTaken(let endpoint, let option):
            "port \(endpoint.port) is in use: choose another with \(option)"
        case .notListening(let endpoint, let reason):
            "cannot listen on \(endpoint.host) port \(endpoint.port): \(reason)"
        case .directoryTaken(let path):
            "\(path) is in use by another process: stop that one, or choose another directory"
        case .diskFull(let path):
            "disk full: cannot write \(path): make room, then start again; nothing is lost"
        case .damaged(let path, let reason):
            "damaged: \(path): \(reason): move it away and start again to fetch it from peers"
        case .file(let path, let reason):
            "cannot use \(path): \(reason)"
        case .thread(let reason):
            "cannot start a thread: \(reason)"
        case .program(let path, let reason):
            "cannot start \(path): \(reason)"
        }
    }

    /// The failure behind the system's error number after an act on a file.
    static func ofFile(_ path: String, code: Int32) -> Self {
        switch code {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        default: .file(path: path, reason: systemText(code))
        }
    }
}

/// The system's words for an error number, in lower case.
func systemText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text).lowercased()
}
