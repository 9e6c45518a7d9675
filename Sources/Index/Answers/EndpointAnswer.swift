import EVM
import Encoding
import Identifiers
import Ledger
import Machine
import Primitives

/// Makes answers of what the index found and what the chain holds.
struct EndpointAnswer {
    let query: Query
    let rows: [[[Cell]]]
    let view: ChainView
    let standing: Enquiry.Standing

    /// So many tokens are looked through by name, those that came last.
    static let searchedTokens = 100

    init(
        _ query: Query, _ rows: [[[Cell]]], _ view: ChainView, _ standing: Enquiry.Standing
    ) {
        self.query = query
        self.rows = rows
        self.view = view
        self.standing = standing
    }

    /// The answer.
    func json(_ endpoint: Endpoint) throws(APIFailure) -> JSON {
        switch endpoint {
        case .status: return status
        case .description: return Endpoint.document
        case .blocks: return try blocks()
        case .block: return json(of: try block())
        case .blockTransactions: return try blockTransactions()
        case .transaction: return try transaction()
        case .account: return account(query.address ?? .zero)
        case .token: return try token(query.address ?? .zero)
        case .contract, .source:
            let address = query.address ?? .zero
            return contract(address, Verification(of: address, in: view))
        case .search: return search()
        case .transactions, .accountTransactions, .accountTransfers, .accountTokens, .tokens,
            .tokenHolders, .tokenTransfers, .contracts, .events:
            guard let listing = endpoint.listing(query) else { return .null }
            return page(listing.page(rows.first ?? [], query), indexed: indexed)
        }
    }

    /// Where the index stood when it was asked.
    private var indexed: UInt64? {
        rows.last?.first.flatMap { IndexPoint($0) }?.number
    }

    private func page(_ page: Listing.Page, indexed: UInt64?) -> JSON {
        let facts = page.tokens.map {
            JSON.Member($0.description, TokenFacts(of: $0, in: view).json)
        }
        return [
            "items": .array(page.items), "next": page.next.map { .string($0) } ?? .null,
            "tokens": .object(facts), "indexed": indexed.map { .integer($0) } ?? .null,
        ]
    }

    private var status: JSON {
        let number = standing.point?.number
        return [
            "chainId": .integer(view.rules.chainID),
            "head": [
                "number": .integer(view.number), "hash": .string(view.headHash.description),
                "time": .integer(view.head.timestamp),
            ],
            "index": [
                "kept": .bool(standing.isKept),
                "number": number.map { .integer($0) } ?? .null,
                "behind": .integer(
                    view.number &+ 1 - min(view.number &+ 1, number.map { $0 &+ 1 } ?? 0)),
                "error": standing.failure.map { .string($0) } ?? .null,
            ],
        ]
    }
}

/// Blocks and transactions, which the chain itself tells.
extension EndpointAnswer {
    private func block() throws(APIFailure) -> Block {
        let found: Block? =
            switch query.block {
            case .number(let number): view.block(number: number)
            case .hash(let hash): view.block(hash: hash)
            case .latest, nil: view.block(number: view.number)
            }
        guard let found else { throw APIFailure(.missing, "there is no such block") }
        return found
    }

    private func json(of block: Block) -> JSON {
        let header = block.header
        return [
            "number": .integer(block.number), "hash": .string(block.hash.description),
            "parent": .string(header.parentHash.description),
            "time": .integer(header.timestamp),
            "transactions": .integer(block.transactions.count),
            "gasUsed": .integer(header.gasUsed), "gasLimit": .integer(header.gasLimit),
            "baseFee": header.baseFeePerGas.map { .string($0.description) } ?? .null,
            "proposer": .string(header.beneficiary.description),
            "stateRoot": .string(header.stateRoot.description),
        ]
    }

    private func cursorNumber(or usual: UInt64) throws(APIFailure) -> UInt64 {
        guard let cursor = query.cursor else { return usual }
        guard cursor.count == 1, case .integer(let number) = cursor[0] else {
            throw APIFailure(.invalid, "cursor: expected `next` of the page before")
        }
        return UInt64(bitPattern: number)
    }

    private func blocks() throws(APIFailure) -> JSON {
        let end = min(try cursorNumber(or: .max), view.number + 1)
        let first = end - min(end, UInt64(query.limit))
        let items = (first..<end).reversed().compactMap { view.block(number: $0) }.map(json)
        var list = Listing.Page(items: items)
        if first > 0 { list.next = "\(first)" }
        return page(list, indexed: view.number)
    }

    private func blockTransactions() throws(APIFailure) -> JSON {
        let block = try block()
        let rows = transactionRows(of: block)
        let start = Int(clamping: try cursorNumber(or: 0))
        let shown = rows.dropFirst(start).prefix(query.limit)
        var list = Listing.Page(
            items: shown.map { Listing.item($0, Listing.transactionColumns) })
        if start + shown.count < rows.count { list.next = "\(start + shown.count)" }
        return page(list, indexed: view.number)
    }

    private func transactionRows(of block: Block) -> [[Cell]] {
        let time = Cell.integer(Int64(truncatingIfNeeded: block.header.timestamp))
        let receipts = view.receipts(hash: block.hash) ?? []
        var gasBefore: UInt64 = 0
        return zip(block.transactions, receipts).enumerated().map { index, pair in
            defer { gasBefore = pair.1.cumulativeGasUsed }
            return IndexRows.row(
                pair.0, pair.1, gas: pair.1.cumulativeGasUsed &- gasBefore, block.header,
                at: IndexSchema.position(block.number, index)) + [time]
        }
    }

    private func transaction() throws(APIFailure) -> JSON {
        guard let hash = query.hash, let place = view.transaction(hash),
            let block = view.block(hash: place.block),
            let receipts = view.receipts(hash: place.block),
            block.transactions.indices.contains(place.index), receipts.count > place.index
        else { throw APIFailure(.missing, "there is no such transaction in a final block") }
        let signed = block.transactions[place.index].transaction
        let row = transactionRows(of: block)[place.index]
        let (events, transfers, tokens) = traces(of: place, in: block, receipts)
        guard case .object(let members) = Listing.item(row, Listing.transactionColumns) else {
            return .null
        }
        return .object(
            members + [
                .init("nonce", .integer(signed.nonce)),
                .init("gasLimit", .integer(signed.gasLimit)),
                .init("type", .integer(signed.kind.rawValue)),
                .init("input", .string(Hex.encode(signed.data))),
                .init("events", .array(events)), .init("transfers", .array(transfers)),
                .init(
                    "tokens",
                    .object(
                        tokens.map {
                            .init($0.description, TokenFacts(of: $0, in: view).json)
                        })),
            ])
    }

    /// The events of a transaction, and the transfers that they tell of.
    private func traces(
        of place: ChainView.Place, in block: Block, _ receipts: [Receipt]
    ) -> (events: [JSON], transfers: [JSON], tokens: [Address]) {
        let hash = Cell.bytes(block.transactions[place.index].hash.bytes)
        let time = Cell.integer(Int64(truncatingIfNeeded: block.header.timestamp))
        var (logCount, transferCount) = (0, 0)
        for receipt in receipts[..<place.index] {
            logCount += receipt.logs.count
            for log in receipt.logs { transferCount += TokenTransfer.all(in: log).count }
        }
        var (events, transfers, tokens): ([JSON], [JSON], [Address]) = ([], [], [])
        for log in receipts[place.index].logs {
            let position = IndexSchema.position(block.number, logCount)
            let row: [Cell] = [
                .integer(position), hash, .bytes(log.address.bytes),
                .bytes(log.topics.flatMap(\.bytes)), .bytes(log.data), time,
            ]
            events.append(Listing.item(row, Listing.eventColumns))
            logCount += 1
            for transfer in TokenTransfer.all(in: log) {
                var row = IndexRows.row(
                    transfer, at: IndexSchema.position(block.number, transferCount), 0)
                row[1] = hash
                transfers.append(Listing.item(row + [time], Listing.transferColumns))
                transferCount += 1
                if !tokens.contains(transfer.token), tokens.count < 100 {
                    tokens.append(transfer.token)
                }
            }
        }
        return (events, transfers, tokens)
    }
}

/// Accounts and tokens.
extension EndpointAnswer {
    private func account(_ address: Address) -> JSON {
        let state = view.state
        let account = state.account(address)
        let code = account.map { state.code($0.codeHash).count } ?? 0
        let standard = rows.first?.first.flatMap { $0.first }
        let creation = rows.count > 1 ? rows[1].first : nil
        return [
            "address": .string(address.description),
            "balance": .string((account?.balance ?? .zero).description),
            "nonce": .integer(account?.nonce ?? 0),
            "code": .integer(code),
            "token": standard.map { Self.standard($0) } ?? .null,
            "creator": creation.map { Self.bytes($0[0]) } ?? .null,
            "creation": creation.map { Self.bytes($0[1]) } ?? .null,
            "verified": Verification(of: address, in: view)?.record["name"] ?? .null,
        ]
    }

    /// A contract with its source, if that is verified.
    func contract(_ address: Address, _ verification: Verification?) -> JSON {
        let account = view.state.account(address)
        var compiler = JSON.null
        if case .version(let version) = standing.compiler { compiler = .string(version) }
        return [
            "address": .string(address.description),
            "code": .integer(account.map { view.state.code($0.codeHash).count } ?? 0),
            "compiler": compiler, "verified": verification?.record ?? .null,
        ]
    }

    private func token(_ address: Address) throws(APIFailure) -> JSON {
        guard let standard = rows.first?.first?.first else {
            throw APIFailure(.missing, "no token with this address was ever moved")
        }
        let facts = TokenFacts(of: address, in: view)
        var holders = JSON.null
        if rows.count > 2, case .integer(let count)? = rows[2].first?.first {
            holders = .integer(count)
        }
        guard case .object(let members) = facts.json else { return .null }
        return .object(
            [
                .init("address", .string(address.description)),
                .init("standard", Self.standard(standard)),
            ] + members + [
                .init("supply", facts.supply.map { .string($0.description) } ?? .null),
                .init("holders", holders),
            ])
    }

    private func search() -> JSON {
        let word = query.text.lowercased().filter { !$0.isWhitespace && $0 != "," }
        var results: [JSON] = []
        func add(_ kind: String, _ value: String, _ label: String) {
            results.append([
                "kind": .string(kind), "value": .string(value), "label": .string(label),
            ])
        }
        if let number = UInt64(word), number <= view.number {
            add("block", "\(number)", "Block \(number)")
        }
        let bytes = (try? Hex.decode(word.hasPrefix("0x") ? word : "0x" + word)) ?? []
        if let hash = Hash32(bytes) {
            if view.transaction(hash) != nil { add("transaction", "\(hash)", "Transaction") }
            if let number = view.number(hash: hash) { add("block", "\(hash)", "Block \(number)") }
        }
        if let address = Address(bytes) { add("account", "\(address)", "Account") }
        for row in rows.first ?? [] {
            guard case .bytes(let bytes)? = row.first, let address = Address(bytes) else {
                continue
            }
            let facts = TokenFacts(of: address, in: view)
            let names = [facts.name, facts.symbol].compactMap { $0?.lowercased() }
            guard names.contains(where: { $0.contains(query.text.lowercased()) }) else { continue }
            add("token", "\(address)", facts.name ?? facts.symbol ?? "")
        }
        for (address, _) in view.sources(limit: Self.searchedTokens) {
            guard let name = Verification(of: address, in: view)?.record["name"]?.text,
                name.lowercased().contains(query.text.lowercased())
            else { continue }
            add("contract", "\(address)", name)
        }
        return ["results": .array(Array(results.prefix(20)))]
    }

    private static func standard(_ cell: Cell) -> JSON {
        if case .integer(let number) = cell { .string("ERC-\(number)") } else { .null }
    }

    private static func bytes(_ cell: Cell) -> JSON {
        if case .bytes(let bytes) = cell { .string(Hex.encode(bytes)) } else { .null }
    }
}
