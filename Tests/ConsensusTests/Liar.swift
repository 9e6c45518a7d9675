import Consensus
import Crypto
import Primitives

/// A traitor by hand.
///
/// It makes two proposals a view on any notarized or stale parent, with gap proofs that may be
/// missing, each to a random half; votes for whatever it hears of, nullifies and finalizes
/// in the same views; gives certificates to some only. A nuller only ever nullifies.
struct Liar {
    struct Move {
        let message: Message
        var half: Set<Int>?
    }

    let index: Int
    let key: Secp256k1.SecretKey
    let instance: Instance
    let count: Int
    let isNuller: Bool
    private var notarizations: [UInt64: Certificate] = [:]
    private var nullifications: [UInt64: Certificate] = [:]
    private var values: [Hash32: Hash32] = [:]
    private var led: Set<UInt64> = []
    private var nulled: Set<UInt64> = []
    private var votes: [String: [Vote]] = [:]

    init(index: Int, key: Secp256k1.SecretKey, instance: Instance, count: Int, isNuller: Bool) {
        self.index = index
        self.key = key
        self.instance = instance
        self.count = count
        self.isNuller = isNuller
    }

    mutating func hear(_ message: Message, _ random: inout Random) -> [Move] {
        var moves: [Move] = []
        switch message {
        case .vote(let vote): moves += echo(vote, &random)
        case .proposal(let proposal):
            values[proposal.vote.proposal] = proposal.proposed.value.hash
            for gap in proposal.justification.gaps { moves += learn(gap, &random) }
            if let parent = proposal.justification.parent { moves += learn(parent, &random) }
            moves += echo(proposal.vote, &random)
        case .certificate(let certificate): moves += learn(certificate, &random)
        case .status(let status):
            if let entry = status.entry { moves += learn(entry, &random) }
        default: break
        }
        return moves
    }

    private func vote(_ kind: Vote.Kind, _ view: UInt64, _ proposal: Hash32) -> Vote {
        let digest = instance.voteDigest(kind, view: view, proposal: proposal)
        let signature = Secp256k1.sign(digest, with: key)
        return Vote(
            kind: kind, epoch: 1, view: view, proposal: proposal, index: index,
            signature: VoteSignature(r: signature.r, s: signature.s))
    }

    private mutating func echo(_ heard: Vote, _ random: inout Random) -> [Move] {
        let tag = "\(heard.kind) \(heard.view) \(heard.proposal)"
        if votes[tag]?.contains(where: { $0.index == heard.index }) != true {
            votes[tag, default: []].append(heard)
        }
        var moves: [Move] = []
        if votes[tag]?.count == count - (count - 1) / 3, let votes = votes[tag],
            let certificate = Certificate(votes)
        {
            moves += learn(certificate, &random)
        }
        if isNuller {
            guard nulled.insert(heard.view).inserted else { return moves }
            return moves + [Move(message: .vote(vote(.nullify, heard.view, .zero)))]
        }
        guard Bool.random(using: &random) else { return moves }
        moves.append(
            Move(message: .vote(vote(heard.kind, heard.view, heard.proposal)), half: half(&random)))
        if heard.kind == .notarize {
            moves.append(
                Move(
                    message: .vote(vote(.finalize, heard.view, heard.proposal)), half: half(&random)
                ))
            moves.append(
                Move(message: .vote(vote(.nullify, heard.view, .zero)), half: half(&random)))
        }
        return moves
    }

    private mutating func learn(_ certificate: Certificate, _ random: inout Random) -> [Move] {
        switch certificate.kind {
        case .notarize: notarizations[certificate.view] = certificate
        case .nullify: nullifications[certificate.view] = certificate
        case .finalize: return [Move(message: .certificate(certificate), half: half(&random))]
        }
        let view = certificate.view + 1
        guard Int((view - 1) % UInt64(count)) == index, !isNuller, led.insert(view).inserted else {
            return []
        }
        return propose(view, &random)
    }

    private mutating func propose(_ view: UInt64, _ random: inout Random) -> [Move] {
        var moves: [Move] = []
        for salt in 0..<2 {
            let parents = notarizations.keys.filter { $0 < view }.sorted()
            let isHigh = Int.random(in: 0..<10, using: &random) < 3
            let pick = isHigh ? parents.last : parents.randomElement(using: &random)
            let parent = pick.flatMap { notarizations[$0] }
            let low = parent?.view ?? 0
            let gaps = nullifications.filter { $0.key > low && $0.key < view }
                .sorted { $0.key < $1.key }.map(\.value)
                .filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
            let justification = Justification(parent: parent, gaps: gaps)
            let id = parent?.proposal ?? instance.genesisID
            guard let stand = parent.map({ values[$0.proposal] }) ?? instance.genesisHash else {
                continue
            }
            let value = DummyLedger.value(
                parent: stand, justification.commitment, salt: view << 8 | UInt64(salt),
                isGood: Int.random(in: 0..<8, using: &random) > 0)
            let name = instance.proposalID(view: view, parent: id, value: value.hash)
            values[name] = value.hash
            let own = vote(.notarize, view, name)
            let half = half(&random)
            moves.append(
                Move(
                    message: .proposal(
                        Proposal(
                            epoch: 1, view: view, parent: id, value: value,
                            justification: justification, vote: own)), half: half))
            moves.append(Move(message: .vote(own), half: self.half(&random)))
        }
        return moves
    }

    private func half(_ random: inout Random) -> Set<Int> {
        Set((0..<count + 2).filter { _ in Bool.random(using: &random) })
    }
}
