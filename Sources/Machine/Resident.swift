/// Work that only computes: a worker runs it, and its answer comes back as an occurrence.
public protocol Job: Sendable {
    /// What the work results in.
    associatedtype Answer: Sendable

    /// Whether all else goes first: it gets what time the processor has left.
    var isPatient: Bool { get }

    /// Does the work; the same job gives the same answer on every node.
    func run() -> Answer
}

extension Job {
    /// Jobs are prompt unless they say otherwise.
    public var isPatient: Bool { false }
}

/// The outermost machine: what a driver can run.
///
/// The Linux driver performs its effects for real, the simulator in a virtual world. Neither
/// knows what the resident is, and the resident knows neither.
public protocol Resident: Machine where Input == Occurrence<Work>, Output == Effect<Work> {
    /// The jobs this resident gives to workers.
    associatedtype Work: Job
}

/// Everything the world can tell a resident.
public enum Occurrence<Work: Job>: Sendable {
    /// A connection is there: by our dial where a ticket is given, else by theirs.
    case opened(Link, Ticket?, from: Endpoint)
    /// A dial came to nothing.
    case refused(Ticket)
    /// Bytes arrived, in the order they were written.
    case received(Link, [UInt8])
    /// All bytes written so far have left: there is room again.
    case drained(Link)
    /// A connection is gone, by their act or by a fault; not told of our own `.close`.
    case closed(Link)
    /// A job is done.
    case computed(Ticket, Work.Answer)
    /// What was appended, replaced or committed under this ticket is safely on disk.
    case persisted(Ticket)
    /// What came of statements for the index.
    case found(Ticket, Found)
    /// A program came to its end.
    case ran(Ticket, ProgramEnd)
    /// An HTTP request is complete, and waits for its reply.
    case requested(Ticket, HTTPRequest)
    /// A WebSocket is open at a path: its handshake was answered with status 101.
    case joined(Session, path: String)
    /// A WebSocket brought a whole message.
    case told(Session, [UInt8])
    /// A WebSocket is gone, by their act or by a fault; not told of our own `.dismiss`.
    case left(Session)
    /// The wall clock shows this many milliseconds of Unix time; told at start and every ten seconds.
    case clock(UInt64)
    /// The operator asks the node to stop.
    case interrupted
}

/// Everything a resident can ask of the world.
public enum Effect<Work: Job>: Sendable {
    /// Accept connections at an endpoint.
    case listen(Endpoint)
    /// Open a connection.
    case dial(Ticket, Endpoint)
    /// Write bytes, after those already given.
    case write(Link, [UInt8])
    /// Close a connection once the bytes already given are written.
    case close(Link)
    /// Run a job on a worker.
    case compute(Ticket, Work)
    /// Append bytes to the node's log, and sync it.
    case append(Ticket, [UInt8])
    /// Put these bytes in the place of the whole log, all of them or none.
    case replace(Ticket, [UInt8])
    /// Put writes into the database, all of them or none, and sync it.
    case commit(Ticket, [Write])
    /// Change the index: all statements or none.
    case index(Ticket, [Statement])
    /// Ask the index: all statements at one moment.
    case look(Ticket, [Statement])
    /// Run a program.
    case run(Ticket, Program)
    /// Answer an HTTP request.
    case reply(Ticket, HTTPResponse)
    /// Send a message on a WebSocket.
    case push(Session, [UInt8])
    /// Close a WebSocket.
    case dismiss(Session)
    /// Say a line to the operator.
    case record(Record)
    /// End the process once all that was asked for before is done.
    case stop
}

/// One line of the log, before it is text.
public struct Record: Hashable, Sendable {
    /// How much a line matters, from the least.
    public enum Level: UInt8, Comparable, Sendable {
        /// Every message.
        case debug
        /// The life of the node, a few lines a minute.
        case info
        /// Worse than it should be, and healing by itself.
        case warn
        /// A person must act.
        case error

        /// Orders levels by how much they matter.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// How much the line matters.
    public let level: Level
    /// Which part of the node speaks.
    public let module: String
    /// Fixed, lower-case words.
    public let message: String
    /// All that varies, in order.
    public let fields: [Field]

    /// One thing that varies.
    public struct Field: Hashable, Sendable {
        /// Its name.
        public let key: String
        /// Its value as text.
        public let value: String

        /// Creates a field.
        public init(_ key: String, _ value: some CustomStringConvertible) {
            self.key = key
            self.value = value.description
        }
    }

    /// Creates a line.
    public init(_ level: Level, _ module: String, _ message: String, _ fields: [Field] = []) {
        self.level = level
        self.module = module
        self.message = message
        self.fields = fields
    }
}
