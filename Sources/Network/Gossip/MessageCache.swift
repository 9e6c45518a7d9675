internal import Identifiers

/// Messages of the last heartbeats, to be told of and asked for.
struct MessageCache: Sendable {
    struct Entry: Sendable {
        let topic: String
        /// The message as it is sent, behind its length.
        let frame: [UInt8]
        /// How often each peer was given it.
        var given: [PeerID: Int] = [:]
    }

    private var entries: [MessageID: Entry] = [:]
    /// The names by heartbeat, the newest first.
    private var windows: [[MessageID]] = [[]]
    private var bytes = 0

    /// Whether nothing is kept.
    var isEmpty: Bool { entries.isEmpty }

    /// Keeps a message.
    mutating func insert(_ id: MessageID, topic: String, frame: [UInt8]) {
        guard entries[id] == nil else { return }
        entries[id] = Entry(topic: topic, frame: frame)
        windows[0].append(id)
        bytes += frame.count
        while bytes > Gossip.Limits.bytes, windows.count > 1 { dropOldest() }
        // Only the newest window is left: its older half goes.
        if bytes > Gossip.Limits.bytes {
            let half = (windows[0].count + 1) / 2
            for old in windows[0].prefix(half) { drop(old) }
            windows[0].removeFirst(half)
        }
    }

    /// A message as it is sent; `nil` if it is gone.
    func frame(_ id: MessageID) -> [UInt8]? { entries[id]?.frame }

    /// A message for a peer that asks for it; `nil` if it is gone or was given too often.
    mutating func give(_ id: MessageID, to peer: PeerID) -> [UInt8]? {
        guard let entry = entries[id], entry.given[peer, default: 0] < Gossip.Limits.repeats else {
            return nil
        }
        entries[id]?.given[peer, default: 0] += 1
        return entry.frame
    }

    /// The names of a topic's messages that peers are told of, the newest first.
    func announced(_ topic: String) -> [MessageID] {
        windows.prefix(Gossip.Limits.gossiped).flatMap { window in
            window.filter { entries[$0]?.topic == topic }
        }
    }

    /// Begins a new window, and lets the oldest go.
    mutating func shift() {
        windows.insert([], at: 0)
        while windows.count > Gossip.Limits.history { dropOldest() }
    }

    private mutating func dropOldest() {
        guard let oldest = windows.popLast() else { return }
        for id in oldest { drop(id) }
    }

    private mutating func drop(_ id: MessageID) {
        bytes -= entries.removeValue(forKey: id)?.frame.count ?? 0
    }
}
