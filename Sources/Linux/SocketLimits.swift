/// What peers may take up of the machine.
enum SocketLimits {
    /// Links at a time, ours and theirs.
    static let links = 1024
    /// Bytes that wait to be sent on one link; a link that exceeds them is closed.
    static let outgoing = 16 << 20
    /// Bytes read at once.
    static let read = 64 << 10
    /// Milliseconds until a dial that is not answered has come to nothing.
    static let dialMilliseconds: UInt64 = 10_000
    /// Milliseconds a closed link may take to send what it still holds.
    static let lingerMilliseconds: UInt64 = 2_000
}
