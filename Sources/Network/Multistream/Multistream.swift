internal import Encoding
public import Machine
public import Primitives

/// Agrees with the other side on the protocol of a stream (multistream-select 1.0.0).
///
/// The dialer names what it wants, best first; the listener repeats what it can, or says `na`. A
/// dialer may write behind its proposal without waiting: the listener gets that as `rest`.
public struct Multistream: Machine {
    /// Which side this is.
    public enum Role: Hashable, Sendable {
        /// Proposes these, in this order.
        case dialer([String])
        /// Accepts these.
        case listener([String])
    }

    /// What can happen.
    public enum Input: Sendable {
        /// The stream is open.
        case opened
        /// Bytes arrived.
        case received([UInt8])
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes.
        case send([UInt8])
        /// Both sides speak this protocol now; the rest belongs to it.
        case agreed(String, rest: [UInt8])
        /// There is no agreement.
        case failed(Failure)
    }

    /// Why there is no agreement.
    public enum Failure: Error, Hashable {
        /// A line's length is out of bounds, or the line does not end in a newline.
        case line
        /// The first line is not the protocol's own name and version.
        case version
        /// The other side speaks none of what was proposed.
        case unsupported
        /// The other side answered with something that was not proposed.
        case unexpected
        /// There were more lines than allowed.
        case tooMany
    }

    /// The protocol's own name and version.
    static let version = "/multistream/1.0.0"

    private let role: Role
    private var inflow = Inflow()
    private var greeted = false
    private var isDone = false
    private var proposal = 0
    private var lines = 0

    /// Creates one side of an agreement.
    public init(_ role: Role) {
        self.role = role
    }

    /// Always `nil`: the owner of the stream keeps its time.
    public var deadline: Instant? { nil }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        switch input {
        case .opened:
            guard case .dialer(let names) = role, let first = names.first else { return }
            outputs.append(.send(Self.line(Self.version) + Self.line(first)))
        case .received(let bytes):
            inflow.feed(bytes)
            do {
                while !isDone, let line = try nextLine() { try read(line, into: &outputs) }
            } catch {
                isDone = true
                outputs.append(.failed(error))
            }
        }
    }

    /// Does nothing: no deadline is ever set.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {}

    /// A line as it is sent: its length, its text, a newline.
    static func line(_ text: String) -> [UInt8] { Framing.frame(Array(text.utf8) + [0x0a]) }

    private mutating func read(
        _ line: String, into outputs: inout Outbox<Output>
    ) throws(Failure) {
        lines += 1
        guard lines <= Limits.lines else { throw .tooMany }
        guard greeted else {
            guard line == Self.version else { throw .version }
            greeted = true
            if case .listener = role { outputs.append(.send(Self.line(Self.version))) }
            return
        }
        switch role {
        case .listener(let names):
            if names.contains(line) {
                outputs.append(.send(Self.line(line)))
                agree(line, into: &outputs)
            } else {
                outputs.append(.send(Self.line("na")))
            }
        case .dialer(let names):
            if line == names[proposal] {
                agree(line, into: &outputs)
            } else if line == "na" {
                proposal += 1
                guard proposal < names.count else { throw .unsupported }
                outputs.append(.send(Self.line(names[proposal])))
            } else {
                throw .unexpected
            }
        }
    }

    private mutating func agree(_ name: String, into outputs: inout Outbox<Output>) {
        isDone = true
        outputs.append(.agreed(name, rest: inflow.takeAll()))
    }

    private mutating func nextLine() throws(Failure) -> String? {
        guard inflow.count > 0 else { return nil }
        var cursor = inflow.cursor
        let length: UInt64
        do {
            length = try Varint.decode(inflow.bytes, at: &cursor)
        } catch {
            guard case .truncated = error else { throw .line }
            return nil
        }
        guard length >= 1, length <= UInt64(Limits.line) else { throw .line }
        guard inflow.bytes.count - cursor >= Int(length) else { return nil }
        inflow.skip(cursor - inflow.cursor)
        let line = inflow.take(Int(length))
        guard line.last == 0x0a,
            let text = String(validating: line.dropLast(), as: UTF8.self)
        else { throw .line }
        return text
    }
}
