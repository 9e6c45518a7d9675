internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Node
internal import Primitives
internal import Trie

extension FuzzTarget {
    /// What users send, and what comes of it.
    static let transactions: [FuzzTarget] = [
        FuzzTarget("execution", seeds: FuzzSeeds.transactions) { bytes in
            guard let transaction = try? Transaction(decoding: bytes) else { return }
            FuzzLedger.execute(transaction)
            _ = FuzzLedger.build([SignedTransaction(transaction, sender: FuzzLedger.rich)])
        },
        FuzzTarget("bundle", seeds: FuzzSeeds.bundles) { bytes in
            guard let bundle = try? TransactionBundle(decoding: bytes) else { return }
            precondition(bundle.encoded == bytes, "a bundle has one form")
        },
        FuzzTarget("transaction", seeds: FuzzSeeds.transactions) { bytes in
            if BlobEnvelope.isEnvelope(bytes) { _ = try? BlobEnvelope.transaction(in: bytes) }
            guard let transaction = try? Transaction(decoding: bytes) else { return }
            precondition(transaction.encoded == bytes, "a transaction has one form")
            _ = transaction.recoverSender()
        },
    ]

    /// What peers and the disk hold.
    static let blocks: [FuzzTarget] = [
        FuzzTarget("block", seeds: FuzzSeeds.blocks) { bytes in
            guard let block = try? Block(decoding: bytes) else { return }
            precondition(block.encoded == bytes, "a block has one form")
            _ = try? FuzzLedger.view.validate(block)
        },
        FuzzTarget("header", seeds: FuzzSeeds.headers) { bytes in
            guard let header = try? Header(decoding: bytes) else { return }
            precondition(header.encoded == bytes, "a header has one form")
        },
        FuzzTarget("receipt", seeds: FuzzSeeds.receipts) { bytes in
            _ = try? Receipt(decoding: bytes)
        },
        FuzzTarget("account", seeds: FuzzSeeds.accounts) { bytes in
            _ = try? StoredAccount(decoding: bytes)
        },
    ]

    /// What a second implementation verifies, and so do we.
    static let proofs: [FuzzTarget] = [
        FuzzTarget("proof", seeds: FuzzSeeds.proofs) { bytes in
            // The first node names the root, so that a mutation of it is looked at too.
            guard case .list(let items)? = try? RLP.decode(bytes) else { return }
            let nodes = items.compactMap { (item: RLP.Value) -> [UInt8]? in
                guard case .bytes(let node) = item else { return nil }
                return node
            }
            guard let first = nodes.first else { return }
            let root = keccak256(first)
            for path in [NodePath(keccak256([1])), NodePath(bytes: [0x12, 0x34]), NodePath()] {
                guard let path else { continue }
                _ = try? Trie.value(of: path, in: nodes, root: root)
            }
            _ = NodePath(key: bytes)
        }
    ]
}
