import Crypto
import Foundation
import Identifiers
import Index
import Ledger
import Linux
import Machine
import Primitives
import Testing

/// A chain with a contract that says of any token that it moved, and its index in a real file.
final class IndexedChain {
    static let people: [Secp256k1.SecretKey] = (1...4).compactMap { number in
        Secp256k1.SecretKey(UInt256(UInt64(number) * 7919).bytes)
    }
    static let token = Address(UInt256(0x70c3))
    static let transfer = keccak256(Array("Transfer(address,address,uint256)".utf8))

    let folder: String
    private(set) var chain: Chain
    private let disk: Database
    private(set) var keeper: IndexKeeper
    private(set) var indexer = Indexer()
    private(set) var events: [Indexer.Event] = []
    private var nonces: [Int: UInt64] = [:]

    static func address(_ person: Int) -> Address {
        Address(people[person].publicKey.addressHash)
    }

    /// Logs `Transfer` of its three words: from, to, amount.
    private static let code: [UInt8] =
        [0x60, 0x20, 0x60, 0x40, 0x5f, 0x37, 0x60, 0x20, 0x35, 0x5f, 0x35, 0x7f]
        + transfer.bytes + [0x60, 0x20, 0x5f, 0xa3, 0x00]

    init() throws {
        folder = NSTemporaryDirectory() + "martlet-index-\(UInt64.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var header = Header()
        header.gasLimit = 30_000_000
        header.baseFeePerGas = 1000
        let genesis = Genesis(
            rules: ChainRules(chainID: 7), header: header,
            accounts: Self.people.indices.map {
                Allocation(address: Self.address($0), balance: UInt256(1 << 60))
            } + [Allocation(address: Self.token, nonce: 1, code: Self.code)]
                + Genesis.systemContracts,
            validators: [
                GenesisValidator(
                    address: Self.address(0), publicKey: Self.people[0].publicKey.compressed,
                    feeAddress: Self.address(0))
            ])
        disk = try Database(directory: folder)
        let opened = try Chain.open(disk, genesis: genesis)
        chain = opened.chain
        try disk.commit([opened.writes])
        chain.committed(chain.genesisHash)
        keeper = IndexKeeper(path: folder + "/index.sqlite", schema: IndexSchema.text)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A person's transaction that moves tokens, as the token says.
    func move(
        _ amount: UInt256, from sender: Address, to recipient: Address, by person: Int = 0
    ) -> SignedTransaction {
        send(
            person, to: Self.token, data: sender.word.bytes + recipient.word.bytes + amount.bytes)
    }

    /// A person's transaction with the nonce that comes next.
    func send(
        _ person: Int, to: Address?, value: UInt256 = .zero, data: [UInt8] = []
    ) -> SignedTransaction {
        let nonce = nonces[person, default: 0]
        nonces[person] = nonce + 1
        return SignedTransaction(
            signing: Transaction(
                chainID: 7, nonce: nonce, maxPriorityFeePerGas: 5, maxFeePerGas: 5000,
                gasLimit: 100_000, to: to, value: value, data: data),
            with: Self.people[person])
    }

    /// Makes a block of transactions, makes it final, and lets the index follow.
    func add(_ transactions: [SignedTransaction], seconds: UInt64 = 1) throws {
        let attributes = BlockAttributes(
            timestamp: chain.head.timestamp + seconds, beneficiary: Self.address(0),
            gasLimit: 30_000_000, extraData: [])
        let built = try chain.view.build(transactions, attributes).overlay
        try #require(built.block.transactions.count == transactions.count)
        try chain.insert(built)
        try disk.commit([try chain.finalize(built.hash).writes])
        chain.committed(built.hash)
        follow()
    }

    /// The file of the index.
    var path: String { folder + "/index.sqlite" }

    /// Closes the index, has its file changed, and begins again as after a start.
    func restart(changing change: (String) throws -> Void = { _ in }) throws {
        keeper = IndexKeeper(path: folder + "/none", schema: IndexSchema.text)
        try change(path)
        keeper = IndexKeeper(path: path, schema: IndexSchema.text)
        indexer = Indexer()
        events = []
        follow()
        if indexer.deadline != nil { wake() }
    }

    /// Lets the index follow the chain until it has nothing left to do, or rests.
    func follow() { follow(.headed(IndexPoint(number: chain.head.number, hash: chain.headHash))) }

    /// Lets the time come at which a rest is over.
    func wake() {
        guard let deadline = indexer.deadline else { return }
        var box = Outbox<Indexer.Output>()
        indexer.wake(at: deadline, into: &box)
        carryOut(box.drain())
    }

    private func follow(_ input: Indexer.Input) {
        var box = Outbox<Indexer.Output>()
        indexer.handle(input, at: .start, into: &box)
        carryOut(box.drain())
    }

    private func carryOut(_ outputs: [Indexer.Output]) {
        for output in outputs {
            switch output {
            case .look(let statements):
                follow(.found(keeper.carryOut(statements, isChange: false)))
            case .change(let statements):
                follow(.found(keeper.carryOut(statements, isChange: true)))
            case .read(let point): follow(.read(IndexBatch.read(chain.view, after: point)))
            case .compare(let points):
                follow(.compared(IndexBatch.common(points, with: chain.view)))
            case .emit(let event): events.append(event)
            }
        }
    }
}
