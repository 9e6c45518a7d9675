extension Linux {
    /// Makes a node's data directory with the log that it begins with; refuses one that has a log.
    ///
    /// A node that finds no log does not know whether its key was used before. So the log of a new
    /// node is written when its key is made, and nowhere else.
    public static func prepare(directory: String, log: [UInt8]) throws(LinuxFailure) {
        let lock = try DirectoryLock(directory)
        var journal = try JournalFile(directory: directory)
        if try journal.contents().isEmpty { try journal.replace(with: log) }
        _ = consume lock
    }
}
