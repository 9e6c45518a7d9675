import Glibc

/// Files and folders as commands use them; what goes wrong is said with the path.
enum Files {
    /// Reads a file of at most so many bytes; `-` is standard input.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { if file > STDIN_FILENO { close(file) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw Failure("\(path) has more than \(limit) bytes")
            }
        }
    }

    /// The last bytes of a file as text; empty if it cannot be read.
    static func end(of path: String, atMost count: Int) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: min(count, max(0, size)))
        let read = pread(file, &bytes, bytes.count, size - bytes.count)
        return String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)
    }

    /// Writes a file that only its owner may read, whole or not at all; an older one is replaced.
    ///
    /// A draft that a killed process left behind counts for nothing.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("write", path) }
        let count = Glibc.write(file, bytes, bytes.count)
        let isWritten = count == bytes.count && fsync(file) == 0
        let error = (0..<bytes.count).contains(count) ? ENOSPC : errno
        close(file)
        guard isWritten, rename(draft, path) == 0 else {
            let failure = failure("write", path, isWritten ? errno : error)
            unlink(draft)
            throw failure
        }
    }

    /// Whether there is a file or folder.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

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
        if mkdir(path, 0o700) == 0 { return }
        // Some systems refuse to make what is there by another reason than that.
        let error = errno
        guard kind(path) != S_IFDIR else { return }
        throw failure("create folder", path, error == EEXIST ? ENOTDIR : error)
    }

    /// The path from the root to what is there.
    static func absolute(_ path: String) throws(Failure) -> String {
        guard let resolved = realpath(path, nil) else { throw failure("use", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The names in a folder, sorted; none if there is no such folder.
    static func names(in path: String) throws(Failure) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("open folder", path)
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

    /// The paths of the files with an ending at or below a path, sorted.
    static func paths(at path: String, ending: String) throws(Failure) -> [String] {
        guard let kind = kind(path) else { throw failure("open", path) }
        guard kind == S_IFDIR else { return [path] }
        var paths: [String] = []
        for name in try names(in: path) {
            let below = path + (path.hasSuffix("/") ? "" : "/") + name
            let isFolder = self.kind(below) == S_IFDIR
            guard isFolder || name.hasSuffix(ending) else { continue }
            paths += try self.paths(at: below, ending: ending)
        }
        return paths
    }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    private static func failure(
        _ verb: String, _ path: String, _ error: Int32 = errno
    ) -> Failure {
        let reason = String(cString: strerror(error)).lowercased()
        let advice = error == ENOSPC || error == EDQUOT ? ": make room, then start again" : ""
        return Failure("cannot \(verb) \(path): \(reason)\(advice)")
    }
}
