import CSecp256k1
import Crypto
import Encoding
import Ledger
import Linux
import Primitives
import Synchronization

/// How many senders every core together recovers a second, and the library alone.
struct Recovery {
    /// A transfer as it comes over the wire, and what the library needs of it.
    private struct Item: Sendable {
        let bytes: [UInt8]
        let digest: [UInt8]
        let signature: [UInt8]
        let recoveryID: Int32
    }

    private let items: [Item]
    private let cores: Int

    /// How many transfers there are, each of another digest: the library is quicker with one that
    /// it has just seen.
    private static let count = 16_000

    init(cores: Int) {
        self.cores = cores
        items = Sender.all(16).flatMap { sender in
            (0..<Recovery.count / 16).map { nonce in
                let transaction = Transaction(
                    chainID: 7, nonce: UInt64(nonce), maxPriorityFeePerGas: 1_000_000_000,
                    maxFeePerGas: 1_000_000_000_000, gasLimit: 21_000, to: sender.stranger,
                    value: 1)
                let digest = transaction.signingHash
                let signature = Secp256k1.sign(digest, with: sender.key)
                return Item(
                    bytes: transaction.signed(with: sender.key).encoded, digest: digest.bytes,
                    signature: Array(signature.bytes.dropLast()),
                    recoveryID: Int32(signature.recoveryID))
            }
        }
    }

    /// The medians of seven rounds of each by turns: a line of JSON.
    func measured() throws -> String {
        var ours: [Double] = []
        var alone: [Double] = []
        for _ in 0..<7 {
            alone.append(try seconds { items in items.allSatisfy(Recovery.recoverAlone) })
            ours.append(
                try seconds { items in
                    items.allSatisfy { (try? SignedTransaction(decoding: $0.bytes)) != nil }
                })
        }
        func rate(_ seconds: [Double]) -> JSON {
            .integer(Int(Double(items.count) / seconds.sorted()[seconds.count / 2]))
        }
        return JSON.object([
            JSON.Member("cores", .integer(cores)), JSON.Member("senders", rate(ours)),
            JSON.Member("alone", rate(alone)),
        ]).line
    }

    /// How long all cores take together: the processor's time, so that others do not count.
    private func seconds(_ work: @escaping @Sendable ([Item]) -> Bool) throws -> Double {
        let share = items.count / cores
        let spent = Mutex(0.0)
        let threads = try (0..<cores).map { core in
            let part = Array(items[core * share..<(core + 1) * share])
            return try NativeThread {
                let start = Stages.clock
                precondition(work(part), "a sender is not recovered")
                let seconds = Stages.clock - start
                spent.withLock { $0 += seconds }
            }
        }
        for thread in threads { thread.join() }
        return spent.withLock { $0 } / Double(cores)
    }

    private static func recoverAlone(_ item: Item) -> Bool {
        var raw = secp256k1_ecdsa_recoverable_signature()
        var point = secp256k1_pubkey()
        return secp256k1_ecdsa_recoverable_signature_parse_compact(
            secp256k1_context_static, &raw, item.signature, item.recoveryID) == 1
            && secp256k1_ecdsa_recover(secp256k1_context_static, &point, &raw, item.digest) == 1
    }
}
