import Ledger
import Linux
import Machine
import Primitives
import Store

/// The blocks of one database executed again into another.
struct ChainReplay {
    private let old: ChainView
    private let new: Database
    private var chain: Chain
    /// Blocks that are executed and not yet on disk, up to the last with a certificate.
    private var waiting: (hash: Hash32, certificate: [UInt8])?

    /// How many blocks go to the disk at once.
    private static let batch = 128

    /// Begins with the first block.
    init(_ genesis: Genesis, from old: Database, to new: Database) throws {
        let opened = try Chain.open(new, genesis: genesis)
        chain = opened.chain
        try new.commit([opened.writes])
        chain.committed(chain.headHash)
        self.new = new
        self.old = ChainView.damaged(on: old.snapshot(), of: chain)
    }

    /// Executes as many blocks as are there, up to one that consensus's proof is kept of.
    mutating func run() throws -> (number: UInt64, isWhole: Bool) {
        var newest = chain.headHash
        var number: UInt64 = 1
        var sinceDisk = 0
        while number <= old.number, let block = old.block(number: number),
            let parent = chain.view(of: newest), let overlay = try? parent.validate(block)
        {
            try chain.insert(overlay)
            newest = overlay.hash
            sinceDisk += 1
            if let certificate = old.certificate(number: number) {
                waiting = (newest, certificate)
                if sinceDisk >= Self.batch || number == old.number {
                    try flush()
                    sinceDisk = 0
                }
            }
            number += 1
        }
        try flush()
        return (chain.head.number, chain.head.number == old.number)
    }

    private mutating func flush() throws {
        guard let (hash, certificate) = waiting else { return }
        try new.commit([try chain.finalize(hash, certificate: certificate).writes])
        chain.committed(hash)
        waiting = nil
    }
}
