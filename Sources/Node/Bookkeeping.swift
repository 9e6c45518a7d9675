internal import Consensus
internal import Identifiers
internal import Machine
internal import Network
internal import Primitives
internal import RPC

/// What a job was for.
enum Errand: Sendable {
    /// Transactions are to be taken in.
    case intake([Intake.Bundle])
    /// A block is to be proposed.
    case build(view: UInt64, parent: Hash32, since: Instant)
    /// A block is to be judged.
    case judge(proposal: Hash32, value: Hash32, since: Instant)
    /// Calls are to be answered.
    case read(Ticket)
    /// A caller's transaction is to be signed once it is known how much gas it needs.
    case estimate(Ticket, CallRequest)
    /// A peer is to get final blocks.
    case recall(Ticket)
    /// The index is to be written on.
    case indexReading
    /// The index is to find where it parted from the chain.
    case indexComparing
    /// A request to the API is to be answered, with these header fields.
    case enquiry(Ticket, headers: [HTTPRequest.Header])
}

/// A block on its way to disk.
struct Finality: Sendable {
    let hash: Hash32
    let height: UInt64
}

/// The tokens by which consensus knows peers.
///
/// A token is even for what a peer said itself, and odd for what it passed on. Tokens are never used
/// twice; a peer that comes back has a new one.
struct PeerDirectory: Sendable {
    private var numbers: [PeerID: UInt64] = [:]
    private var peers: [UInt64: PeerID] = [:]
    private var next: UInt64 = 1

    /// How many peers are connected.
    var count: Int { numbers.count }

    /// The peers that are connected, sorted.
    var all: [PeerID] { numbers.keys.sorted() }

    /// Whether a peer is connected.
    func contains(_ peer: PeerID) -> Bool { numbers[peer] != nil }

    /// Gives a peer its token.
    mutating func add(_ peer: PeerID) -> Source {
        if let number = numbers[peer] { return Source(number << 1) }
        numbers[peer] = next
        peers[next] = peer
        defer { next += 1 }
        return Source(next << 1)
    }

    /// Takes a peer's tokens back: both, if it was there.
    mutating func remove(_ peer: PeerID) -> [Source] {
        guard let number = numbers.removeValue(forKey: peer) else { return [] }
        peers[number] = nil
        return [Source(number << 1), Source(number << 1 | 1)]
    }

    /// The token for what a peer said itself, or passed on.
    func source(_ peer: PeerID, isPassedOn: Bool) -> Source? {
        numbers[peer].map { Source($0 << 1 | (isPassedOn ? 1 : 0)) }
    }

    /// The peer behind a token.
    func peer(_ source: Source) -> PeerID? { peers[source.number >> 1] }

    /// Whether a token stands for what was passed on.
    static func isPassedOn(_ source: Source) -> Bool { source.number & 1 == 1 }
}

/// What the node heard of consensus's progress, for whoever asks.
struct Progress: Sendable {
    /// The view that consensus is in.
    var view: UInt64 = 0
    /// Who leads it.
    var leader = 0
    /// When each validator was last heard, by its place.
    var heard: [Instant?]
    /// The highest block that a peer says there is.
    var highest: UInt64 = 0
    /// Where catching up began; `nil` while the node is not behind.
    var syncStart: UInt64?
    /// Why the node signs nothing; `nil` while it does.
    var silence: String?
    /// Whether the node is cut off on purpose.
    var isIsolated = false

    init(validators: Int) {
        heard = Array(repeating: nil, count: validators)
    }
}
