import Encoding
import Identifiers
import Machine

/// What can be asked: the paths of the API, one by one.
enum Endpoint: String, CaseIterable, Sendable {
    case status = "/api/status"
    case description = "/api/openapi.json"
    case blocks = "/api/blocks"
    case block = "/api/blocks/{block}"
    case blockTransactions = "/api/blocks/{block}/transactions"
    case transactions = "/api/transactions"
    case transaction = "/api/transactions/{hash}"
    case account = "/api/addresses/{address}"
    case accountTransactions = "/api/addresses/{address}/transactions"
    case accountTransfers = "/api/addresses/{address}/transfers"
    case accountTokens = "/api/addresses/{address}/tokens"
    case tokens = "/api/tokens"
    case token = "/api/tokens/{address}"
    case tokenHolders = "/api/tokens/{address}/holders"
    case tokenTransfers = "/api/tokens/{address}/transfers"
    case contracts = "/api/contracts"
    case contract = "/api/contracts/{address}"
    case source = "/api/contracts/{address}/source"
    case events = "/api/events"
    case search = "/api/search"

    /// What it answers.
    var summary: String {
        switch self {
        case .status: "Where the chain and the index stand"
        case .description: "This description (OpenAPI 3.1)"
        case .blocks: "Final blocks, newest first"
        case .block: "A final block"
        case .blockTransactions: "The transactions of a block, in their order"
        case .transactions: "Transactions, newest first"
        case .transaction: "A transaction with its events and the tokens that it moved"
        case .account: "An account or a contract as it is now"
        case .accountTransactions:
            "The transactions that an account sent or received, or was created by, newest first"
        case .accountTransfers: "The token transfers from or to an account, newest first"
        case .accountTokens: "The tokens that an account has, by the transfers to and from it"
        case .tokens: "Tokens, those that came last first"
        case .token: "A token, as its contract tells of itself"
        case .tokenHolders: "Who has a token, the richest first"
        case .tokenTransfers: "The transfers of a token, newest first"
        case .contracts: "Contracts that transactions created, newest first"
        case .contract: "A contract's verified source and interface"
        case .source: "Compiles a source, compares it with a contract's code, and keeps what agrees"
        case .events: "Events by contract, topics and blocks, newest first"
        case .search: "What a text may mean"
        }
    }

    /// What it takes.
    var parameters: [APIParameter] {
        switch self {
        case .status, .description: []
        case .block: [.block]
        case .transaction: [.hash]
        case .account, .token, .contract, .source: [.address]
        case .blocks, .transactions, .tokens, .contracts: [.cursor, .limit]
        case .blockTransactions: [.block, .cursor, .limit]
        case .accountTransactions, .accountTransfers, .accountTokens, .tokenHolders,
            .tokenTransfers:
            [.address, .cursor, .limit]
        case .events:
            [.contract, .topic0, .topic1, .topic2, .topic3, .from, .to, .cursor, .limit]
        case .search: [.text]
        }
    }

    /// What it gives.
    var answer: Shape {
        switch self {
        case .status: .named("Status")
        case .description: .anything
        case .blocks: .page(of: .named("Block"))
        case .block: .named("Block")
        case .blockTransactions, .transactions, .accountTransactions:
            .page(of: .named("Transaction"))
        case .transaction: .named("TransactionInFull")
        case .account: .named("Account")
        case .accountTransfers, .tokenTransfers: .page(of: .named("Transfer"))
        case .accountTokens: .page(Listing.tokens(of: .zero).columns)
        case .tokens: .page(Listing.tokens.columns)
        case .token: .named("Token")
        case .tokenHolders: .page(Listing.holders(of: .zero).columns)
        case .contracts: .page(Listing.contracts.columns)
        case .contract, .source: .named("Contract")
        case .events: .page(of: .named("Event"))
        case .search: .named("Search")
        }
    }

    /// The list of the index that it gives; `nil` if it gives something else.
    func listing(_ query: Query) -> Listing? {
        let address = query.address ?? .zero
        return switch self {
        case .transactions: .transactions
        case .accountTransactions: .transactions(of: address)
        case .accountTransfers: .transfers(of: address)
        case .accountTokens: .tokens(of: address)
        case .tokens: .tokens
        case .tokenHolders: .holders(of: address)
        case .tokenTransfers: .transfers(ofToken: address)
        case .contracts: .contracts
        case .events: .events(query)
        default: nil
        }
    }

    /// What the index is asked besides where it ends.
    func statements(_ query: Query) throws(APIFailure) -> [Statement] {
        let address = Cell.bytes((query.address ?? .zero).bytes)
        switch self {
        case .account, .token:
            return [
                Statement("SELECT standard FROM tokens WHERE address = ?", address),
                Statement(
                    """
                    SELECT c.creator, t.hash FROM contracts c
                    JOIN transactions t ON t.position = c.position WHERE c.address = ?
                    """, address),
                Listing.holderCount(of: query.address ?? .zero),
            ]
        case .search:
            var all = Query()
            all.limit = EndpointAnswer.searchedTokens
            return [try Listing.tokens.statement(all)]
        default:
            return try listing(query).map { list throws(APIFailure) in
                [try list.statement(query)]
            } ?? []
        }
    }

    /// The method by which it is asked.
    var method: String { self == .source ? "POST" : "GET" }

    /// Whether it has no answer without the index.
    func needsIndex(_ query: Query) -> Bool { listing(query) != nil || self == .token }

    /// The parts of the path.
    var segments: [Substring] { rawValue.split(separator: "/") }
}
