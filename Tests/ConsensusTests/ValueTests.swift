import Consensus
import Crypto
import Identifiers
import Primitives
import Testing

@Suite struct ValueTests {
    private func set(_ powers: [UInt64]) throws -> Validators {
        try Validators(
            zip(Village.keys(powers.count), powers).map {
                Validator(key: $0.publicKey, address: .zero, power: $1)
            })
    }

    @Test("a quorum is strictly more than two thirds")
    func quorum() throws {
        for (count, quorum) in [(1, 1), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (10, 7)] {
            let validators = try set(Array(repeating: 5, count: count))
            #expect(validators.isQuorum(UInt64(quorum) * 5), "\(quorum) of \(count)")
            #expect(!validators.isQuorum(UInt64(quorum) * 5 - 5), "less than \(quorum) of \(count)")
        }
    }

    @Test("a set refuses nobody, the powerless, doubles and too much power")
    func refused() throws {
        #expect(throws: Validators.Failure.empty) { try Validators([]) }
        #expect(throws: Validators.Failure.powerless(index: 1)) { try set([1, 0]) }
        #expect(throws: Validators.Failure.overflow) { try set([1 << 60, 1]) }
        let twice = try set([1]).members + set([1]).members
        #expect(throws: Validators.Failure.repeated(index: 1)) { try Validators(twice) }
    }

    @Test("the digests are those of Solidity's abi.encode")
    func digests() {
        let instance = Instance(chainID: 1, genesisHash: keccak256([7]), epoch: 3)
        func word(_ number: UInt64) -> [UInt8] { Hash32(a: 0, b: 0, c: 0, d: number).bytes }
        var bytes = word(224) + word(1) + keccak256([7]).bytes + word(3) + word(9) + word(2)
        bytes += Hash32.zero.bytes + word(14) + Array("MARTLET-VOTE-1".utf8)
        bytes += [UInt8](repeating: 0, count: 18)
        #expect(
            instance.voteDigest(.nullify, view: 9, proposal: .zero) == keccak256(bytes))
    }

    @Test("evidence needs one validator, epoch and view")
    func evidence() throws {
        let bench = try Bench()
        let first = bench.vote(.nullify, 1, by: 1)
        #expect(Evidence(first, bench.vote(.finalize, 1, keccak256([1]), by: 1)) != nil)
        #expect(Evidence(first, bench.vote(.finalize, 2, keccak256([1]), by: 1)) == nil)
        #expect(Evidence(first, bench.vote(.finalize, 1, keccak256([1]), by: 2)) == nil)
        #expect(Evidence(first, bench.vote(.notarize, 1, keccak256([1]), by: 1)) == nil)
    }
}
