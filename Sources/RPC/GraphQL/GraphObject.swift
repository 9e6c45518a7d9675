import Encoding
import Identifiers
import Ledger
import Primitives

/// Something that a query can ask about further.
indirect enum GraphObject {
    case query
    case pending
    case block(GraphBlock)
    case transaction(GraphTransaction)
    case account(Address, BlockSelector)
    case log(PlacedLog)
    /// An object whose fields are all at hand.
    case plain(String, JSON)
    case schema
    case type(GraphReference)
    case field(GraphSchema.FieldRow)
    case input(GraphSchema.FieldRow)
    case directive(String)

    /// What the schema calls it.
    var typeName: String {
        switch self {
        case .query: "Query"
        case .pending: "Pending"
        case .block: "Block"
        case .transaction: "Transaction"
        case .account: "Account"
        case .log: "Log"
        case .plain(let name, _): name
        case .schema: "__Schema"
        case .type: "__Type"
        case .field: "__Field"
        case .input: "__InputValue"
        case .directive: "__Directive"
        }
    }
}

/// What a field comes to.
enum GraphValue {
    case missing
    case leaf(JSON)
    case object(GraphObject)
    case list([GraphObject])

    /// A leaf, unless there is nothing.
    init(_ json: JSON?) {
        self = json.flatMap { $0.isNull ? nil : .leaf($0) } ?? .missing
    }

    /// An object, unless there is none.
    init(_ object: GraphObject?) {
        self = object.map(GraphValue.object) ?? .missing
    }
}

/// A block, and its object in JSON-RPC once a field needs it.
final class GraphBlock {
    let block: Block
    private(set) lazy var json = JSON.object(block.header.members(hash: block.hash))

    init(_ block: Block) {
        self.block = block
    }
}

/// A transaction, and its objects in JSON-RPC once a field needs them.
final class GraphTransaction {
    let signed: SignedTransaction
    let place: (block: Block, index: Int)?
    private let receipts: () -> [Receipt]
    private let rules: ChainRules

    /// A transaction that waits.
    init(waiting signed: SignedTransaction, _ rules: ChainRules) {
        self.signed = signed
        self.rules = rules
        place = nil
        receipts = { [] }
    }

    /// A transaction of a block.
    init(_ block: Block, _ index: Int, in view: ChainView) {
        signed = block.transactions[index]
        rules = view.rules
        place = (block, index)
        let hash = block.hash
        receipts = { view.receipts(hash: hash) ?? [] }
    }

    private(set) lazy var json = place.map { $0.block.transaction($0.index) } ?? signed.pendingJSON

    /// Its receipt; `null` while it waits.
    private(set) lazy var receipt: JSON = {
        guard let place else { return .null }
        let all = receipts()
        guard place.index < all.count else { return .null }
        return place.block.receipt(place.index, of: all, rules)
    }()

    /// Its receipt as it is hashed.
    var rawReceipt: [UInt8]? {
        guard let place else { return nil }
        let all = receipts()
        return place.index < all.count ? all[place.index].encoded : nil
    }
}
