import Consensus
import Crypto
import Machine
import Primitives
import Testing

@Suite struct RuleTests {
    @Test("R1: any certificate of the view or a later one ends it; only the new leader is told")
    func enter() throws {
        var bench = try Bench()
        let certificate = try bench.certificate(.nullify, 5)
        bench.hear(.certificate(certificate))
        #expect(bench.view == 6)
        #expect(bench.sent(to: .validator(1)).isEmpty, "told before it was on disk")
        bench.sync()
        #expect(bench.sent(to: .validator(1)) == [.certificate(certificate)])
        bench.hear(.certificate(try bench.certificate(.nullify, 3)))
        #expect(bench.view == 6)
    }

    @Test("R2: the leader builds on the highest notarized view, and proposes once")
    func propose() throws {
        var bench = try Bench(1)
        let first = try bench.proposal(1)
        bench.hear(first)
        bench.hear(.certificate(try bench.certificate(.notarize, 1, first.vote.proposal)))
        let build = try #require(bench.builds.last)
        #expect(build.view == 2 && build.parent == first.vote.proposal && build.height == 2)
        let value = DummyLedger.build(build, salt: 1)
        bench.feed(.valueBuilt(view: 2, parent: build.parent, value))
        bench.sync()
        bench.feed(.valueBuilt(view: 2, parent: build.parent, DummyLedger.build(build, salt: 2)))
        bench.sync()
        #expect(bench.sent(to: .everyone).filter(\.isProposal).count == 1)
    }

    @Test("R2: a leader that cannot build nullifies at once")
    func cannotBuild() throws {
        var bench = try Bench(0)
        let build = try #require(bench.builds.last)
        bench.feed(.valueBuilt(view: 1, parent: build.parent, nil))
        bench.sync()
        #expect(bench.votes == ["nullify 1"])
    }

    @Test("R3: a proposal must show a nullification for every view between")
    func gaps() throws {
        var bench = try Bench()
        let first = try bench.proposal(1)
        bench.hear(first)
        bench.hear(.proposal(try bench.proposal(3, on: first)))
        #expect(bench.offences == [.badProposal])
        #expect(bench.view == 1)
        let gap = try bench.certificate(.nullify, 2)
        let third = try bench.proposal(3, on: first, gaps: [gap])
        bench.hear(third)
        #expect(bench.view == 3)
        #expect(bench.votes.contains("notarize 3"))
    }

    @Test("R3: a proposal must be its leader's, and its certificates must be a quorum's")
    func leader() throws {
        var bench = try Bench()
        bench.hear(.proposal(try bench.proposal(1, by: 2)))
        #expect(bench.offences == [.badProposal])
        let weak = try bench.certificate(.nullify, 1, by: [0, 1])
        bench.hear(.proposal(try bench.proposal(2, gaps: [weak])))
        #expect(bench.offences == [.badProposal, .badCertificate])
        #expect(bench.votes.isEmpty)
    }

    @Test("R4 and W1: a vote leaves when it is on disk, not before")
    func durable() throws {
        var bench = try Bench()
        let proposal = try bench.proposal(1)
        bench.hear(.proposal(proposal))
        bench.feed(.valueJudged(proposal: proposal.vote.proposal, .valid))
        #expect(bench.votes.isEmpty)
        bench.sync()
        #expect(bench.votes == ["notarize 1"])
    }

    @Test("R4: an invalid block is nullified at once, one that is pending is asked about again")
    func verdicts() throws {
        var bench = try Bench()
        bench.hear(try bench.proposal(1), verdict: .invalid)
        #expect(bench.votes == ["nullify 1"])
        var other = try Bench()
        other.hear(try other.proposal(1), verdict: .pending)
        #expect(other.votes.isEmpty && other.judgements.count == 1)
        other.pass(.milliseconds(150))
        #expect(other.judgements.count == 2)
    }

    @Test("R4: bytes that were changed on the way do not harm their leader")
    func mismatch() throws {
        var bench = try Bench()
        let proposal = try bench.proposal(1)
        bench.hear(proposal, verdict: .mismatched)
        #expect(bench.offences == [.badValue] && bench.votes.isEmpty)
        bench.hear(proposal)
        #expect(bench.votes == ["notarize 1"])
    }

    @Test("R5: what its leader nullified, everybody nullifies")
    func obey() throws {
        var bench = try Bench()
        bench.hear(.vote(bench.vote(.nullify, 1, by: 1)))
        bench.sync()
        #expect(bench.votes.isEmpty)
        bench.hear(.vote(bench.vote(.nullify, 1, by: 0)))
        bench.sync()
        #expect(bench.votes == ["nullify 1"])
    }

    @Test("R6: a notarized block is finalized in any later view, but not where it was nullified")
    func finalize() throws {
        var bench = try Bench()
        let proposal = try bench.proposal(1)
        bench.hear(proposal)
        bench.hear(.certificate(try bench.certificate(.nullify, 4)))
        bench.hear(.certificate(try bench.certificate(.notarize, 1, proposal.vote.proposal)))
        bench.sync()
        #expect(bench.votes == ["notarize 1", "finalize 1"])
        var other = try Bench()
        other.hear(proposal)
        other.pass(.seconds(3))
        other.hear(.certificate(try other.certificate(.notarize, 1, proposal.vote.proposal)))
        other.sync()
        #expect(other.votes == ["notarize 1", "nullify 1"])
    }

    @Test("R6: a notarized block that is invalid here stops the signing, and tells why")
    func divergence() throws {
        var bench = try Bench()
        let proposal = try bench.proposal(1)
        let id = proposal.vote.proposal
        bench.hear(.proposal(proposal))
        bench.hear(.certificate(try bench.certificate(.notarize, 1, id)))
        bench.feed(.valueJudged(proposal: id, .invalid))
        bench.sync()
        #expect(bench.events.contains(.halted(.invalidBlock(proposal: id, view: 1))))
        bench.pass(.seconds(10))
        #expect(bench.votes.isEmpty)
    }

    @Test("R7: without a proposal the view is nullified after 2Δ, and again every Δ")
    func timers() throws {
        var bench = try Bench()
        bench.pass(.milliseconds(1999))
        #expect(bench.votes.isEmpty)
        bench.pass(.milliseconds(1))
        #expect(bench.votes == ["nullify 1"])
        bench.pass(.milliseconds(3000))
        let repeats = bench.sent(to: .everyone).filter {
            if case .vote = $0 { true } else { false }
        }
        #expect(repeats.count == 4)
    }

    @Test("R7: Δ grows with the views since the last final one, up to its limit")
    func growth() throws {
        var bench = try Bench()
        bench.hear(.certificate(try bench.certificate(.nullify, 20)))
        bench.sync()
        bench.pass(.milliseconds(19_999))
        #expect(!bench.votes.contains("nullify 21"))
        bench.pass(.milliseconds(1))
        #expect(bench.votes.contains("nullify 21"))
    }

    @Test("R8: whoever votes in an older view is told of the newer one, once per Δ")
    func help() throws {
        var bench = try Bench()
        let certificate = try bench.certificate(.nullify, 5)
        bench.hear(.certificate(certificate))
        for _ in 0..<3 { bench.hear(.vote(bench.vote(.nullify, 2, by: 2))) }
        bench.sync()
        #expect(bench.sent(to: .validator(2)) == [.certificate(certificate)])
    }

    @Test("R9: a leader asks for all views it knows nothing of, and is answered")
    func repair() throws {
        var bench = try Bench(1)
        bench.hear(.certificate(try bench.certificate(.nullify, 5)))
        bench.sync()
        let asked: [Message] = bench.sent(to: .everyone).filter {
            if case .certificateRequest = $0 { true } else { false }
        }
        let request = try #require(asked.last)
        var other = try Bench()
        let second = try other.certificate(.nullify, 2)
        other.hear(.certificate(second))
        other.hear(request, from: 4)
        other.sync()
        #expect(other.sent(to: .peer(Source(4))) == [.certificateReply([second])])
    }

    @Test("R10: a finalization makes all below it final, in order, each once")
    func final() throws {
        var bench = try Bench()
        let first = try bench.proposal(1)
        let second = try bench.proposal(2, on: first)
        bench.hear(first)
        bench.hear(second)
        bench.hear(.certificate(try bench.certificate(.finalize, 2, second.vote.proposal)))
        #expect(bench.finals.isEmpty, "told before the certificate was on disk")
        bench.sync()
        #expect(bench.finals.map(\.block.height) == [1, 2])
        #expect(bench.finals.map(\.value) == [first.proposed.value, second.proposed.value])
        #expect(bench.finals[0].block.finalization == nil)
    }

    @Test("a leader that is silent for long is not waited for while a quorum is awake")
    func skip() throws {
        var bench = try Bench()
        bench.pass(.milliseconds(5100))
        for index in [1, 2] { bench.hear(.vote(bench.vote(.nullify, 30, by: index))) }
        bench.hear(.certificate(try bench.certificate(.nullify, 4)))
        bench.sync()
        bench.pass(.zero)
        #expect(bench.events.contains(.skipped(view: 5, leader: 0)))
        #expect(bench.votes.contains("nullify 5"))
    }

    @Test("a transaction ends the idle wait of a leader")
    func idle() throws {
        var configuration = try Bench(0).configuration
        configuration.timing.idleInterval = .seconds(5)
        var machine = Consensus(
            configuration, recovering: Consensus.birth(of: configuration.instance),
            finalized: nil, seed: 1, at: .start)
        var box = Outbox<Consensus.Output>()
        func hasBuild(_ outputs: [Consensus.Output]) -> Bool {
            outputs.contains { if case .build = $0 { true } else { false } }
        }
        machine.wake(at: .start, into: &box)
        #expect(!hasBuild(box.drain()))
        let soon = Instant.start.advanced(by: .milliseconds(10))
        machine.handle(.valueWaiting(true), at: soon, into: &box)
        #expect(hasBuild(box.drain()))
    }
}
