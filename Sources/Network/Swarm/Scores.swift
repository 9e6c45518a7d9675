internal import Identifiers
internal import Primitives

/// What peers did wrong, added up; all of it fades with time.
struct Scores: Sendable {
    /// How a peer is to be treated.
    enum Standing: Hashable, Sendable {
        /// As any other.
        case good
        /// Its gossip is not listened to.
        case graylisted
        /// It is cut, and not let in for a time.
        case banned
    }

    /// From so many points on gossip is not listened to.
    static let graylist = 100
    /// From so many points on a peer is cut.
    static let ban = 200
    /// How long a peer that was cut is not let in.
    static let banTime = Duration.seconds(60)
    /// How many peers' points are remembered.
    static let limit = 1_024

    private var points: [PeerID: (points: Int, at: Instant)] = [:]
    private var bans: [PeerID: Instant] = [:]

    /// The points of a peer; one of them fades each second.
    func points(of peer: PeerID, at now: Instant) -> Int {
        guard let entry = points[peer] else { return 0 }
        return max(0, entry.points - Int(entry.at.duration(to: now).components.seconds))
    }

    /// How a peer is to be treated.
    func standing(of peer: PeerID, at now: Instant) -> Standing {
        if let until = bans[peer], until > now { return .banned }
        return points(of: peer, at: now) >= Self.graylist ? .graylisted : .good
    }

    /// Adds points to a peer, and tells how it is to be treated now.
    mutating func charge(_ peer: PeerID, _ offence: Swarm.Offence, at now: Instant) -> Standing {
        let sum = points(of: peer, at: now) + offence.points
        if points.count >= Self.limit, points[peer] == nil { forget(at: now) }
        points[peer] = (sum, now)
        if sum >= Self.ban { ban(peer, at: now) }
        return standing(of: peer, at: now)
    }

    /// Cuts a peer off for a time, after which it begins anew.
    mutating func ban(_ peer: PeerID, at now: Instant) {
        if bans.count >= Self.limit {
            bans = bans.filter { $0.value > now }
            if bans.count >= Self.limit { bans = [:] }
        }
        bans[peer] = now.advanced(by: Self.banTime)
        points[peer] = nil
    }

    private mutating func forget(at now: Instant) {
        let faded = points.keys.filter { points(of: $0, at: now) == 0 }
        for peer in faded { points[peer] = nil }
        // Names cost nothing to make: a crowd of offenders must not fill the memory.
        if points.count >= Self.limit { points = [:] }
    }
}
