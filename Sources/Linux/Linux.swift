public import Machine

/// The driver that performs a resident's effects for real.
public enum Linux {
    /// What a node needs of the machine.
    public struct Settings: Sendable {
        /// The directory of the database and the log; made if it is not there.
        public var directory: String
        /// Where HTTP and WebSocket are served; `nil` for nowhere.
        public var http: Endpoint?
        /// What of the log is shown.
        public var log: LogFormat
        /// The setting that chooses the port of links, named when that port is taken.
        public var portOption = "--listen=ADDRESS:PORT"
        /// The setting that chooses the port of HTTP, named when that port is taken.
        public var httpPortOption = "--rpc=ADDRESS:PORT"
        /// The schema of the index, where one is kept.
        public var index: String?
        /// The number of workers; `nil` for one for each core, and at least two.
        public var workers: Int?
        /// Whether what is on disk lasts when the machine loses its power, too.
        ///
        /// Otherwise it lasts when the process is killed, and nothing waits for the disk.
        public var outlastsPower = true
        /// A database is compacted at the start if more bytes than this are free, and half of it.
        public var sparseBytes = 64 << 20
        /// Told once when all is served, with the port of HTTP, which the system chose for 0.
        public var serving: (@Sendable (UInt16) -> Void)?

        /// Creates settings.
        public init(directory: String, http: Endpoint? = nil, log: LogFormat = LogFormat()) {
            self.directory = directory
            self.http = http
            self.log = log
        }
    }

    /// What a node is made of.
    public struct Birth: Sendable {
        /// The disk, and the log as it was left.
        public let recovered: Recovered
        /// 32 bytes drawn from the kernel.
        public let entropy: [UInt8]
        /// The wall clock in milliseconds of Unix time.
        public let unixMilliseconds: UInt64
    }

    /// Runs a node until it stops, and returns the process's exit code.
    ///
    /// What makes it impossible to start or to go on is told in one line on standard error, and
    /// gives exit code 1. `makeNode` may throw what it likes; its text is that line.
    public static func run<Node: Resident>(
        _ settings: Settings, makeNode: (Birth) throws -> Node
    ) -> Int32 {
        do {
            let lock = try DirectoryLock(settings.directory)
            let saved = try Database.compactIfSparse(
                directory: settings.directory, above: settings.sparseBytes)
            if let saved {
                complain("database: compacted from \(saved.before) bytes to \(saved.after)")
            }
            let loop = try Loop(settings, makeNode: makeNode)
            try loop.run()
            _ = consume lock
            return 0
        } catch {
            complain("\(error)")
            return 1
        }
    }
}
