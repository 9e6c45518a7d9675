import Consensus
import Crypto
import Machine
import Primitives
import Testing

@Suite struct RecoveryTests {
    /// The log of a node that voted in view 1 and nullified view 2.
    private func logged() throws -> (log: [UInt8], proposal: Proposal) {
        var bench = try Bench()
        let proposal = try bench.proposal(1)
        bench.hear(proposal)
        bench.hear(.certificate(try bench.certificate(.notarize, 1, proposal.vote.proposal)))
        bench.sync()
        bench.pass(.seconds(2))
        #expect(bench.votes == ["notarize 1", "finalize 1", "nullify 2"])
        return (bench.log, proposal)
    }

    private func isOnProbation(_ bench: Bench) -> Bool {
        bench.machine.summary(at: bench.now).isOnProbation
    }

    @Test("W3: a restart resumes in its view and repeats its votes")
    func resume() throws {
        let (log, proposal) = try logged()
        let bench = try Bench(log: log)
        #expect(bench.view == 2 && !isOnProbation(bench))
        #expect(bench.votes == ["notarize 1", "finalize 1", "nullify 2"])
        // W2: the block was kept, and is judged again.
        #expect(bench.judgements.map(\.proposal) == [proposal.vote.proposal])
    }

    @Test("W3: a leader that restarts in its view sends the same proposal, and makes no other")
    func repeatsProposal() throws {
        var bench = try Bench(0)
        let build = try #require(bench.builds.last)
        bench.feed(.valueBuilt(view: 1, parent: build.parent, DummyLedger.build(build, salt: 1)))
        // The proposal and its vote are on disk, and nothing has left.
        bench.sync()
        let first = bench.sent(to: .everyone).filter(\.isProposal)
        #expect(first.count == 1)
        var again = try Bench(0, log: bench.log)
        #expect(again.sent(to: .everyone).filter(\.isProposal) == first)
        // It is judged anew, and the view goes on with it: only t_a ends it, not t_l.
        let judgement = try #require(again.judgements.last)
        again.feed(.valueJudged(proposal: judgement.proposal, .valid))
        again.pass(.milliseconds(2500))
        #expect(again.votes.isEmpty && again.builds.isEmpty)
        again.hear(.certificate(try again.certificate(.notarize, 1, judgement.proposal)))
        again.sync()
        #expect(again.votes == ["finalize 1"])
    }

    @Test("W3: a torn last frame is cut off, at whatever byte it is torn")
    func torn() throws {
        let (log, _) = try logged()
        let bench = try Bench(log: log)
        let clean = bench.log
        for cut in [1, 7, 15, 16, 17, 40] {
            let torn = try Bench(log: clean + clean.prefix(cut))
            #expect(isOnProbation(torn) == (cut >= 16), "a frame that is out of its chain: \(cut)")
        }
        let (whole, _) = try logged()
        for cut in stride(from: whole.count - 1, to: whole.count - 120, by: -7) {
            #expect(!isOnProbation(try Bench(log: Array(whole.prefix(cut)))), "cut at \(cut)")
        }
        #expect(!isOnProbation(try Bench(log: whole + [UInt8](repeating: 0, count: 50))))
    }

    @Test("W4: a flipped bit, a missing or a foreign log puts the key on probation")
    func damaged() throws {
        let (log, _) = try logged()
        for place in stride(from: 0, to: log.count / 2, by: 11) {
            var spoiled = log
            spoiled[place] ^= 4
            #expect(isOnProbation(try Bench(log: spoiled)), "bit of byte \(place)")
        }
        #expect(isOnProbation(try Bench(log: [])))
        let other = Instance(chainID: 8, genesisHash: .zero)
        #expect(isOnProbation(try Bench(log: Consensus.birth(of: other))))
        let follower = try Bench(nil, log: [])
        #expect(!isOnProbation(follower))
    }

    /// What a validator in view 7 answers.
    private func answer(_ question: StatusRequest, by index: Int) throws -> Status {
        var bench = try Bench(index)
        bench.hear(.certificate(try bench.certificate(.nullify, 6)))
        bench.hear(.statusRequest(question))
        bench.pass(.seconds(1))
        return try #require(bench.answers.last)
    }

    @Test("W4: a question proves its author, so that it is passed on; a forged one is nobody's")
    func passedOn() throws {
        let bench = try Bench(log: [])
        let question = try #require(bench.questions.first)
        let message = Message.statusRequest(question)
        #expect(message.isAuthentic(in: bench.instance, by: bench.validators) == true)
        var bytes = message.encoded
        bytes[bytes.count - 1] ^= 1
        let forged = try Message(decoding: bytes)
        #expect(forged.isAuthentic(in: bench.instance, by: bench.validators) == false)
        var other = try Bench(0)
        other.hear(forged)
        other.pass(.seconds(2))
        #expect(other.offences == [.badSignature] && other.answers.isEmpty)
    }

    @Test("W4: whoever asks and however often, one status every Δ answers, each in turn")
    func answersInTurn() throws {
        let questions = try [1, 2, 3].map { index in
            try #require(try Bench(index, log: [], seed: UInt64(index)).questions.first)
        }
        var bench = try Bench(0)
        for _ in 0..<50 {
            for question in questions { bench.hear(.statusRequest(question)) }
            bench.pass(.milliseconds(100))
        }
        #expect((4...5).contains(bench.answers.count), "in 5 Δ: \(bench.answers.count)")
        #expect(bench.answers.prefix(3).map(\.nonce) == questions.map(\.nonce))
        // Who has asked no more is answered no more.
        bench.pass(.seconds(10))
        let count = bench.answers.count
        bench.pass(.seconds(10))
        #expect(bench.answers.count == count)
    }

    @Test("W4: an old question, played again, does not take the turn of a new one")
    func replayedQuestion() throws {
        let old = try #require(try Bench(log: [], seed: 1).questions.first)
        var lost = try Bench(log: [], seed: 2)
        lost.hear(.certificate(try lost.certificate(.nullify, 6)))
        lost.pass(.seconds(2))
        let new = try #require(lost.questions.last)
        #expect(old.view < new.view && old.nonce != new.nonce)
        var bench = try Bench(0)
        for question in [old, new, old, old] { bench.hear(.statusRequest(question)) }
        bench.pass(.seconds(1))
        #expect(bench.answers.map(\.nonce) == [new.nonce])
    }

    @Test("W4: probation ends with the answers of a quorum, and signs nothing it may have signed")
    func probation() throws {
        var bench = try Bench(log: [])
        bench.pass(.seconds(3))
        #expect(bench.votes.isEmpty)
        let question = try #require(bench.questions.first)
        // A restart during probation is still on probation.
        #expect(isOnProbation(try Bench(log: bench.log)))
        for index in 0..<3 {
            let answer = try answer(question, by: index)
            // With a link to its author or without one.
            let source = Source(UInt64(index))
            bench.feed(
                index == 0
                    ? .received(.status(answer), from: source) : .overheard(answer, from: source))
        }
        bench.sync()
        #expect(!isOnProbation(bench))
        #expect(bench.events.contains(.probationEnded(floor: 9)))
        #expect(!isOnProbation(try Bench(log: bench.log)))
        bench.pass(.seconds(20))
        #expect(bench.votes.isEmpty)
        bench.hear(.certificate(try bench.certificate(.nullify, 8)))
        bench.pass(.seconds(60))
        #expect(bench.votes == ["nullify 9"])
    }

    @Test("the log is rewritten when the ledger has most of it, and keeps what is not final")
    func compaction() throws {
        var bench = try Bench()
        var parent: Proposal?
        for view: UInt64 in 1...400 where view % 4 != 0 {
            // Every fourth view would be its own to lead.
            let isAfterOwn = view % 4 == 1 && view > 1
            let gaps = isAfterOwn ? [try bench.certificate(.nullify, view - 1)] : []
            let proposal = try bench.proposal(view, on: parent, gaps: gaps)
            bench.hear(proposal)
            bench.hear(
                .certificate(try bench.certificate(.finalize, view, proposal.vote.proposal)))
            bench.sync()
            bench.feed(.committed(height: UInt64(bench.finals.count)))
            bench.sync()
            parent = proposal
        }
        #expect(bench.finals.count == 300)
        #expect(bench.log.count < 40_000)
        let restarted = try Bench(log: bench.log)
        #expect(!isOnProbation(restarted) && restarted.view == 400)
    }
}
