import Crypto
import Identifiers
public import Machine
import Primitives
import Store
import Trie

extension Chain {
    /// Opens the chain that a disk holds, or begins it on an empty one.
    ///
    /// What is to be committed first, on an empty disk, comes with it; call ``committed(_:)`` with
    /// the genesis hash then. What the newest block needs is checked: a damaged database is told
    /// now, and not in the middle of a block.
    public static func open(
        _ disk: any Disk, genesis: Genesis, history: History = .blocks
    ) throws(ChainError) -> (chain: Chain, writes: [Write]) {
        let snapshot = disk.snapshot()
        guard let version = snapshot.value(Tables.Meta.version.key, in: Tables.meta) else {
            return try begin(disk, genesis, history)
        }
        guard Tables.number(version) == Tables.version else {
            throw .version(found: Tables.number(version) ?? 0, expected: Tables.version)
        }
        let first = snapshot.value(Tables.Meta.genesis.key, in: Tables.meta).flatMap { Hash32($0) }
        guard let first else { throw .damaged("the hash of the first block is missing") }
        guard first == genesis.hash else {
            throw .genesis(found: first, expected: genesis.hash)
        }
        // The first block's hash does not tell the chain's name.
        let name = snapshot.value(Tables.Meta.chainID.key, in: Tables.meta)
            .flatMap { Tables.number($0) }
        if let name, name != genesis.rules.chainID {
            throw .chainID(found: name, expected: genesis.rules.chainID)
        }
        let (header, hash) = try head(snapshot)
        let chain = Chain(
            rules: genesis.rules, genesisHash: first, head: header, headHash: hash,
            history: history, timesMayRepeat: genesis.timesMayRepeat,
            disk: disk)
        return (chain, [])
    }

    /// Reads the newest block's header, and checks that its parts are there.
    private static func head(
        _ snapshot: any Snapshot
    ) throws(ChainError) -> (header: Header, hash: Hash32) {
        guard let head = snapshot.value(Tables.Meta.head.key, in: Tables.meta), head.count == 40,
            let number = Tables.number(head), let hash = Hash32(Array(head.suffix(32)))
        else { throw .damaged("the newest block is not named") }
        let key = Tables.key(number)
        guard let stored = snapshot.value(key, in: Tables.headers),
            let header = try? Header(decoding: Array(stored.dropFirst(32)))
        else { throw .damaged("header \(number) is missing") }
        guard header.hash == hash, header.number == number else {
            throw .damaged("header \(number) does not hash to \(hash)")
        }
        guard snapshot.value(key, in: Tables.bodies) != nil,
            snapshot.value(key, in: Tables.receipts) != nil,
            snapshot.value(Tables.key(hash), in: Tables.numbers) == key
        else { throw .damaged("parts of block \(number) are missing") }
        let root = snapshot.value(NodePath.root.key, in: Tables.accountNodes).map { keccak256($0) }
        let expected = Chain.amendedRoot(of: number, in: snapshot) ?? header.stateRoot
        guard root ?? Trie.emptyRoot == expected else {
            throw .damaged("the state is not that of block \(number)")
        }
        return (header, hash)
    }

    private static func begin(
        _ disk: any Disk, _ genesis: Genesis, _ history: History
    ) throws(ChainError) -> (chain: Chain, writes: [Write]) {
        let overlay = try genesis.overlay(disk.snapshot())
        let chain = Chain(
            rules: genesis.rules, genesisHash: overlay.hash, head: overlay.header,
            headHash: overlay.hash, history: history,
            timesMayRepeat: genesis.timesMayRepeat,
            disk: disk, overlays: [overlay])
        let writes = [
            Write(Tables.meta, Tables.Meta.version.key, Tables.key(Tables.version)),
            Write(Tables.meta, Tables.Meta.genesis.key, overlay.hash.bytes),
            Write(
                Tables.meta, Tables.Meta.chainID.key, Tables.key(genesis.rules.chainID)),
            Write(Tables.meta, Tables.Meta.oldestState.key, Tables.key(overlay.number)),
        ]
        return (chain, writes + overlay.writes + [headWrite(overlay)])
    }
}

extension Genesis {
    /// Whether a block's time may be its parent's: tools expect of a development chain that it rises.
    fileprivate var timesMayRepeat: Bool { !validators.isEmpty && !rules.isDevelopment }

    /// The first block with the state that it brings, over an empty disk.
    func overlay(_ snapshot: any Snapshot) throws(ChainError) -> Overlay {
        let empty = LedgerState(layers: [], snapshot: snapshot, blocksOnDisk: 0, number: 0)
        let state: StateLayer
        do throws(TrieError) {
            state = try StateLayer(
                of: diff, on: empty, root: Trie.emptyRoot, number: header.number,
                keepsNames: rules.isDevelopment)
        } catch {
            throw .trie(error)
        }
        guard state.root == header.stateRoot else {
            throw .damaged("there is state without a chain")
        }
        return Overlay(block: block, receipts: [], state: state, pruning: [])
    }

    private var diff: StateDiff {
        var codes: [Hash32: [UInt8]] = [:]
        let changes = accounts.map { account in
            var hash = Account.emptyCodeHash
            if !account.code.isEmpty {
                hash = keccak256(account.code)
                codes[hash] = account.code
            }
            let slots = account.storage.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
            return StateDiff.Change(
                address: account.address,
                account: Account(nonce: account.nonce, balance: account.balance, codeHash: hash),
                storage: slots.map { StateDiff.Slot(key: $0.key, value: $0.value) })
        }
        return StateDiff(
            changes: changes,
            codes: codes.sorted { $0.key < $1.key }
                .map { StateDiff.Code(hash: $0.key, bytes: $0.value) })
    }
}
