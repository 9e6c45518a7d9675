import CLMDB
import Glibc

/// What the process holds of the file.
extension Database {
    /// Lets go of the mapped pages when the file is large; the system keeps them as its cache.
    ///
    /// Otherwise every page that was ever looked at counts as memory of this process until others
    /// ask for room, and a node's size would be that of its chain. To look again costs no disk.
    func releasePages() {
        guard let map else { return }
        let used = min(Self.usedBytes(of: environment), map.count)
        if used > mappedLimit {
            madvise(UnsafeMutableRawPointer(mutating: map.baseAddress), used, MADV_DONTNEED)
        }
    }

    /// How much of the file LMDB's pages take.
    static func usedBytes(of environment: OpaquePointer) -> Int {
        var info = MDB_envinfo()
        var statistics = MDB_stat()
        mdb_env_info(environment, &info)
        mdb_env_stat(environment, &statistics)
        return (info.me_last_pgno + 1) * Int(statistics.ms_psize)
    }

    /// Where the system has mapped a file, if it tells; LMDB does not.
    static func map(of file: String) -> UnsafeRawBufferPointer? {
        guard let resolved = realpath(file, nil) else { return nil }
        defer { free(resolved) }
        guard let maps = fopen("/proc/self/maps", "re") else { return nil }
        defer { fclose(maps) }
        let path = String(cString: resolved)
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, maps) > 0 {
            // `start-end rights offset device inode path`
            let text = line.map { String(cString: $0) } ?? ""
            let fields = text.split(maxSplits: 5, whereSeparator: \.isWhitespace)
            guard fields.count == 6, fields[5].drop(while: \.isWhitespace) == path + "\n" else {
                continue
            }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            return UnsafeRawBufferPointer(
                start: UnsafeRawPointer(bitPattern: bounds[0]), count: Int(bounds[1] - bounds[0]))
        }
        return nil
    }
}
