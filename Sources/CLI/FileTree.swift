import Glibc

/// Files as commands read them: whole, and folders with all that is below.
enum FileTree {
    /// The paths of the files with an ending at or below a path, sorted.
    static func files(at path: String, ending: String) throws -> [String] {
        guard let kind = kind(path) else {
            throw Failure("no such file or folder: \(path)")
        }
        guard kind == S_IFDIR else { return [path] }
        guard let folder = opendir(path) else { throw Failure("cannot read folder \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return try names.sorted().flatMap { name -> [String] in
            let below = path + (path.hasSuffix("/") ? "" : "/") + name
            let isFolder = self.kind(below) == S_IFDIR
            guard isFolder || name.hasSuffix(ending) else { return [] }
            return try files(at: below, ending: ending)
        }
    }

    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw Failure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        guard ferror(file) == 0 else { throw Failure("cannot read \(path)") }
        return bytes
    }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
