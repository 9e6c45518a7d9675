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
        martlet import FILE… --genesis=FILE --data=DIR

        Takes in a chain that another network made. A FILE holds blocks as RLP, one after another,
        as geth's `export` writes them, or, if its name ends in `.era1`, an archive of up to 8,192
        blocks from before the merge. Each block is executed, and its header checked against what
        came of it; who decided on it is not asked, nor is any work proved. Blocks that are there
        already are passed over, so that the command can be run again.

          --genesis=FILE  the chain's genesis file
          --data=DIR      where the database is kept

        Exit code: 0 if all blocks are there, 1 if one is refused.
        """

    private let paths: [String]
    private let genesis: String
    private let data: String

    init(_ arguments: inout Arguments) throws(UsageError) {
        paths = [try arguments.positional("FILE")] + arguments.rest()
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
        var newest = chain.headHash
        var waiting = 0
        for path in paths {
            let file = try BlockFile(path)
            for index in 0..<file.count {
                guard let hash = try take(try file.block(index), on: newest, into: &chain) else {
                    continue
                }
                newest = hash
                waiting += 1
                if waiting == Import.batch { try flush(&chain, newest, &waiting, to: disk) }
            }
        }
        try flush(&chain, newest, &waiting, to: disk)
        print("head \(chain.head.number) \(chain.headHash)")
    }

    /// Executes a block on the newest; `nil` if it is there already.
    private func take(
        _ bytes: [UInt8], on newest: Hash32, into chain: inout Chain
    ) throws -> Hash32? {
        guard let parent = chain.view(of: newest) else { return nil }
        let isFrontier =
            chain.rules.revision(atNumber: parent.number + 1, timestamp: 0) < .homestead
        let block = try Block(decoding: bytes, isFrontier: isFrontier)
        guard block.number > parent.number else { return nil }
        do {
            try chain.insert(try parent.validate(block))
        } catch {
            throw Failure("block \(block.number) is refused: \(error)")
        }
        return block.hash
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

/// The blocks of a file, in either form.
private enum BlockFile {
    case chain([UInt8], [RLP.Item])
    case archive(Era1)

    init(_ path: String) throws {
        let bytes = try Files.read(path, limit: 1 << 32)
        guard path.hasSuffix(".era1") else {
            self = .chain(bytes, try RLP.items(in: bytes, 0..<bytes.count))
            return
        }
        let archive = try Era1(decoding: bytes)
        guard archive.root == archive.accumulator else {
            throw Failure("\(path): the blocks have root \(archive.root), not the one it names")
        }
        self = .archive(archive)
    }

    var count: Int {
        switch self {
        case .chain(_, let items): items.count
        case .archive(let archive): archive.entries.count
        }
    }

    func block(_ index: Int) throws -> [UInt8] {
        switch self {
        case .chain(let bytes, let items): Array(bytes[items[index].whole])
        case .archive(let archive): try archive.entries[index].block
        }
    }
}
