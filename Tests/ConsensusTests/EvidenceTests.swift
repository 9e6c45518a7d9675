import Consensus
import Crypto
import Primitives
import Testing

@Suite struct EvidenceTests {
    private func convictions(_ bench: Bench) -> [Evidence.Kind] {
        bench.events.compactMap { if case .convicted(let found) = $0 { found.kind } else { nil } }
    }

    @Test("E1 to E3: two votes that contradict each other convict their signer, once")
    func kinds() throws {
        var bench = try Bench()
        for salt: UInt8 in 0..<3 {
            bench.hear(.vote(bench.vote(.notarize, 1, keccak256([salt]), by: 1)))
        }
        #expect(convictions(bench) == [.doubleNotarize])
        bench.hear(.vote(bench.vote(.nullify, 2, by: 1)))
        bench.hear(.vote(bench.vote(.finalize, 2, keccak256([1]), by: 1)))
        #expect(convictions(bench) == [.doubleNotarize, .nullifyFinalize])
        bench.hear(.vote(bench.vote(.finalize, 3, keccak256([1]), by: 1)))
        bench.hear(.vote(bench.vote(.finalize, 3, keccak256([2]), by: 1)))
        #expect(convictions(bench) == [.doubleNotarize, .nullifyFinalize, .doubleFinalize])
        #expect(bench.offences.isEmpty)
    }

    @Test("two proposals in one view convict their leader")
    func equivocator() throws {
        var bench = try Bench()
        bench.hear(.proposal(try bench.proposal(1, salt: 1)))
        bench.hear(.proposal(try bench.proposal(1, salt: 2)))
        #expect(convictions(bench) == [.doubleNotarize])
    }

    @Test("a forged vote convicts nobody, its bringer is reported, and the true one counts")
    func impersonator() throws {
        var bench = try Bench()
        let id = keccak256([1])
        func forged(_ index: Int) -> Vote {
            let other = bench.vote(.notarize, 1, id, by: (index + 1) % 4)
            return Vote(
                kind: .notarize, epoch: 1, view: 1, proposal: id, index: index,
                signature: other.signature)
        }
        bench.hear(.vote(forged(0)), from: 66)
        bench.hear(.vote(forged(1)), from: 66)
        for index in 0..<3 { bench.hear(.vote(bench.vote(.notarize, 1, id, by: index))) }
        #expect(convictions(bench).isEmpty)
        #expect(bench.offences.allSatisfy { $0 == .badSignature } && bench.offences.count == 2)
        #expect(bench.view == 2)
    }

    @Test("a vote by the own key that the log does not have stops the signing")
    func secondMachine() throws {
        var bench = try Bench()
        bench.hear(.vote(bench.vote(.nullify, 3, by: 3)))
        #expect(bench.events.contains(.halted(.keyUsedElsewhere(view: 3))))
        bench.pass(.seconds(10))
        #expect(bench.votes.isEmpty)
    }

    @Test("certificates that contradict each other stop the signing")
    func contradiction() throws {
        var bench = try Bench()
        bench.hear(.certificate(try bench.certificate(.notarize, 2, keccak256([1]))))
        bench.hear(.certificate(try bench.certificate(.notarize, 2, keccak256([2]))))
        #expect(bench.events.contains(.halted(.contradiction(view: 2))))
    }
}
