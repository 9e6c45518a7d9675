import Glibc

/// The right to use a directory, which one process has at a time; the kernel takes it back.
public struct DirectoryLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Makes the directory if it is not there, and takes it.
    public init(_ directory: String) throws(LinuxFailure) {
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .ofFile(directory, code: errno)
        }
        let path = directory + "/lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .ofFile(path, code: errno) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw .directoryTaken(directory)
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }
}
