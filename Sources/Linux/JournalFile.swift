import Glibc

/// The node's log: a file of bytes that only grows, or is replaced whole.
package struct JournalFile: ~Copyable {
    private let path: String
    private let directory: String
    private var descriptor: Int32
    private let isSynced: Bool

    /// Opens the log in a directory, or makes it; one that is not synced lasts until power is lost.
    package init(directory: String, isSynced: Bool = true) throws(LinuxFailure) {
        self.isSynced = isSynced
        let path = directory + "/log"
        unlink(path + ".new")
        let opened = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if opened < 0 { throw .ofFile(path, code: errno) }
        do throws(LinuxFailure) {
            try Self.sync(directory)
        } catch {
            close(opened)
            throw error
        }
        self.directory = directory
        self.path = path
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// The log's bytes as they were left.
    package func contents() throws(LinuxFailure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .ofFile(path, code: errno) }
        let count = Int(status.st_size)
        var done = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            while done < count {
                let read = pread(
                    descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(done))
                if read < 0 && errno == EINTR { continue }
                if read < 0 { code = errno }
                if read <= 0 { break }
                done += read
            }
            used = done
        }
        if code != 0 { throw .ofFile(path, code: code) }
        return bytes
    }

    /// Appends bytes and syncs them: one write and one sync, however many records they are.
    package func append(_ parts: [[UInt8]]) throws(LinuxFailure) {
        try Self.write(parts.count == 1 ? parts[0] : Array(parts.joined()), to: descriptor, path)
        guard !isSynced || fdatasync(descriptor) == 0 else { throw .ofFile(path, code: errno) }
    }

    /// Puts bytes in the place of the whole log, all of them or none, and syncs them.
    package mutating func replace(with bytes: [UInt8]) throws(LinuxFailure) {
        let fresh = path + ".new"
        let opened = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .ofFile(fresh, code: errno) }
        do throws(LinuxFailure) {
            try Self.write(bytes, to: opened, fresh)
            guard !isSynced || fsync(opened) == 0, rename(fresh, path) == 0 else {
                throw .ofFile(fresh, code: errno)
            }
            if isSynced { try Self.sync(directory) }
        } catch {
            close(opened)
            throw error
        }
        close(descriptor)
        descriptor = opened
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(LinuxFailure) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw .ofFile(path, code: errno) }
            done += written
        }
    }

    private static func sync(_ directory: String) throws(LinuxFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .ofFile(directory, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .ofFile(directory, code: errno) }
    }
}
