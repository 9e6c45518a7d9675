import Ledger
import Machine
import Primitives
import Store
import Testing

/// Whether damage of a database is found, and what of it is rebuilt.
@Suite struct AuditTests {
    /// A chain of some blocks, each with transactions.
    private func village() throws -> Village {
        var village = try Village()
        var random = Random(seed: 11)
        var nonces: [Int: UInt64] = [:]
        for _ in 0..<6 {
            let transactions = (0..<3).map { _ in
                Village.transaction(&random, nonces: &nonces)
            }
            let built = try village.chain.view.build(
                transactions, Village.attributes(after: village.chain.head))
            try village.chain.insert(built.overlay)
            village.disk.commit(try village.chain.finalize(built.overlay.hash).writes)
            village.chain.committed(village.chain.headHash)
        }
        return village
    }

    private func audit(_ village: Village) -> ChainAudit {
        ChainAudit(village.disk.snapshot(), rules: Village.genesis.rules)
    }

    @Test("a chain as it was written is sound, and all of it was looked at")
    func sound() throws {
        let audit = audit(try village())
        #expect(audit.isSound, "\(audit.findings)")
        #expect(audit.head == 6)
        #expect(audit.blockCount == 7)
        #expect(audit.accountCount > 10)
        #expect(audit.slotCount > 0)
    }

    @Test(
        "whatever entry is gone or another is found, and what follows from the rest is mended",
        arguments: [
            (Tables.headers, false), (Tables.bodies, false), (Tables.accounts, false),
            (Tables.storage, false), (Tables.codes, false), (Tables.receipts, true),
            (Tables.numbers, true), (Tables.transactions, true), (Tables.accountNodes, true),
            (Tables.storageNodes, true),
        ])
    func damaged(table: Table, isMended: Bool) throws {
        let village = try village()
        let entries = village.disk.snapshot().entries(startingWith: [], in: table)
        #expect(!entries.isEmpty)
        for entry in entries {
            let other = Array(entry.value.dropLast()) + [(entry.value.last ?? 0) ^ 1]
            for value in [nil, other] {
                village.disk.commit([Write(table, entry.key, value)])
                let found = audit(village)
                // Code that no account has any more is nobody's loss.
                #expect(!found.isSound || table == Tables.codes)
                #expect(found.isMended == isMended || table == Tables.codes)
                if isMended {
                    village.disk.commit(found.repairs)
                    #expect(village.disk.snapshot().value(entry.key, in: table) == entry.value)
                } else {
                    village.disk.commit([Write(table, entry.key, entry.value)])
                }
            }
        }
        #expect(audit(village).isSound)
    }

    @Test("a lost name of the newest block is found again")
    func facts() throws {
        let village = try village()
        for fact in [Tables.Meta.head, .version, .genesis, .oldestState] {
            village.disk.commit([Write(Tables.meta, fact.key, nil)])
            let found = audit(village)
            #expect(found.findings.count == 1 && found.isMended, "\(fact): \(found.findings)")
            village.disk.commit(found.repairs)
            #expect(audit(village).isSound)
        }
    }
}
