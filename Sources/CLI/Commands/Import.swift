import EVM
import Encoding
import Ledger
import Linux
import Machine
import Primitives

/// `martlet import`: takes the blocks of a file into a database, with no consensus check.
struct Import: Command {
    static let name = "import"
    static let summary = "take the blocks of a file into a database"
    static let usage = """
        martlet import CHAIN.rlp --genesis=FILE --data=DIR

        Takes in a chain that another network made: blocks as RLP, one after another, as geth's
        `export` writes them. Each is executed, and its header checked against what came of it;
        who decided on it is not asked, nor is any work proved. Blocks that are there already are
        passed over, so that the command can be run again.

          --genesis=FILE  the chain's genesis file
          --data=DIR      where the database is kept

        Exit code: 0 if all blocks are there, 1 if one is refused.
        """

    private let path: String
    private let genesis: String
    private let data: String

    init(_ arguments: inout Arguments) throws(UsageError) {
        path = try arguments.positional("CHAIN.rlp")
        guard let genesis: String = try arguments.value("genesis") else {
            throw .missing("--genesis=FILE")
        }
        guard let data: String = try arguments.value("data") else { throw .missing("--data=DIR") }
        self.genesis = genesis
        self.data = data
    }

    /// How many blocks go to the disk at once.
    private static let batch = 128

    func run() throws {
        let genesis = try Genesis(decoding: try Files.read(genesis, limit: 1 << 30))
        try Files.makeFolders(data)
        let disk = try Database(directory: data)
        let opened = try Chain.open(disk, genesis: genesis)
        var chain = opened.chain
        try disk.commit([opened.writes])
        chain.committed(chain.headHash)
        let bytes = try Files.read(path, limit: 1 << 32)
        var newest = chain.headHash
        var waiting = 0
        for item in try RLP.items(in: bytes, 0..<bytes.count) {
            let isFrontier =
                chain.rules.revision(atNumber: chain.head.number, timestamp: 0) < .homestead
            let block = try Block(decoding: Array(bytes[item.whole]), isFrontier: isFrontier)
            guard block.number > chain.head.number, let parent = chain.view(of: newest) else {
                continue
            }
            do {
                try chain.insert(try parent.validate(block))
            } catch {
                throw Failure("block \(block.number) is refused: \(error)")
            }
            newest = block.hash
            waiting += 1
            if waiting == Import.batch { try flush(&chain, newest, &waiting, to: disk) }
        }
        try flush(&chain, newest, &waiting, to: disk)
        print("head \(chain.head.number) \(chain.headHash)")
    }

    private func flush(
        _ chain: inout Chain, _ newest: Hash32, _ waiting: inout Int, to disk: Database
    ) throws {
        guard waiting > 0 else { return }
        try disk.commit([try chain.finalize(newest).writes])
        chain.committed(newest)
        waiting = 0
    }
}
