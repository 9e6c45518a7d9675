internal import Encoding

/// Cuts a stream of bytes into messages that begin with their length as a varint.
struct Framing: Sendable {
    /// What can be wrong with the stream.
    enum Failure: Error, Hashable {
        /// A length is not in its shortest form or too long.
        case length
        /// A message is longer than allowed.
        case tooLong(found: UInt64, limit: Int)
    }

    private let limit: Int
    private var inflow = Inflow()

    /// Creates a cutter of messages of at most so many bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// How many bytes wait for the rest of their message.
    var count: Int { inflow.count }

    /// Takes bytes in.
    mutating func feed(_ bytes: [UInt8]) { inflow.feed(bytes) }

    /// Returns the next whole message; `nil` while it is not whole.
    mutating func next() throws(Failure) -> [UInt8]? {
        guard inflow.count > 0 else { return nil }
        var cursor = inflow.cursor
        let length: UInt64
        do {
            length = try Varint.decode(inflow.bytes, at: &cursor)
        } catch {
            guard case .truncated = error else { throw .length }
            return nil
        }
        guard length <= UInt64(limit) else { throw .tooLong(found: length, limit: limit) }
        guard inflow.bytes.count - cursor >= Int(length) else { return nil }
        inflow.skip(cursor - inflow.cursor)
        return length == 0 ? [] : inflow.take(Int(length))
    }

    /// A message behind its length.
    static func frame(_ message: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(message.count + 5)
        Varint.append(UInt64(message.count), to: &frame)
        frame += message
        return frame
    }
}
