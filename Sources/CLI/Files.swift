import Glibc

/// Files and folders as commands read them; what goes wrong is said with the path.
enum Files {
    /// Reads a file of at most so many bytes; `-` is standard input.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot open", path) }
        defer { if file > 0 { close(file) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read", path) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw Failure("\(path) has more than \(limit) bytes")
            }
        }
    }

    /// Writes a file that only its owner may read, whole or not at all.
    static func writeSecret(_ bytes: [UInt8], to path: String) throws(Failure) {
        let draft = path + ".new"
        try NewFile.create(draft, bytes, mode: 0o600)
        guard rename(draft, path) == 0 else { throw failure("cannot rename", draft) }
    }

    /// Whether there is a file or folder.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Writes a file, whole or not at all; an older one is replaced.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        try writeSecret(bytes, to: path)
    }

    /// Creates a folder and those above it, unless they are there.
    static func makeFolders(_ path: String) throws(Failure) {
        var made = path.hasPrefix("/") ? "/" : ""
        for name in path.split(separator: "/") {
            made += "\(name)"
            try makeFolder(made)
            made += "/"
        }
    }

    /// Creates a folder that only its owner may enter, unless there is one.
    static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("cannot create folder", path)
        }
    }

    /// The names in a folder, sorted; none if there is no such folder.
    static func names(in path: String) throws(Failure) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("cannot open folder", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure("\(what) \(path): \(String(cString: strerror(errno)).lowercased())")
    }
}
