internal import Consensus
internal import Crypto
internal import Identifiers
internal import Machine
internal import Primitives

extension FuzzTarget {
    /// What validators say, and what their logs hold.
    static let consensus: [FuzzTarget] = [
        FuzzTarget("consensus", seeds: FuzzSeeds.consensus) { bytes in
            guard let message = try? Message(decoding: bytes) else { return }
            precondition(message.encoded == bytes, "a message has one form")
            var machine = FuzzChain.machine(recovering: FuzzChain.birth)
            var box = Outbox<Consensus::Consensus.Output>()
            machine.handle(.connected(Source(1)), at: .start, into: &box)
            machine.handle(.received(message, from: Source(1)), at: .start, into: &box)
            machine.wake(at: .start.advanced(by: .seconds(60)), into: &box)
        },
        FuzzTarget("finality", seeds: FuzzSeeds.finality) { bytes in
            if let block = try? FinalBlock(decoding: bytes) {
                precondition(block.encoded == bytes, "a record has one form")
            }
            if let certificate = try? Certificate(decoding: bytes) {
                precondition(certificate.encoded == bytes, "a certificate has one form")
            }
        },
        FuzzTarget("log", seeds: FuzzSeeds.logs) { bytes in
            var machine = FuzzChain.machine(recovering: bytes)
            var box = Outbox<Consensus::Consensus.Output>()
            machine.wake(at: .start.advanced(by: .seconds(60)), into: &box)
        },
    ]
}

/// A chain of four validators, as the first of them sees it.
enum FuzzChain {
    static let instance = Instance(chainID: 1, genesisHash: keccak256([1]))

    static let keys: [Secp256k1.SecretKey] = (1...4).compactMap {
        Secp256k1.SecretKey([UInt8](repeating: $0, count: 32))
    }

    static let birth = Consensus::Consensus.birth(of: instance)

    static let validators: Validators? = try? Validators(
        keys.map { key in
            Validator(
                key: key.publicKey, address: Address(key.publicKey.addressHash), power: 1)
        })

    static func machine(recovering log: [UInt8]) -> Consensus::Consensus {
        guard let validators else { preconditionFailure("four keys are a set") }
        let configuration = Configuration(
            instance: instance, validators: validators, key: keys.first)
        return Consensus::Consensus(
            configuration, recovering: log, finalized: nil, seed: 1, at: .start)
    }
}
