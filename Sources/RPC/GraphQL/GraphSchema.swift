import Encoding

/// How a type is referred to: by name, in lists, and whether it may be missing.
struct GraphReference: Hashable, Sendable {
    indirect enum Shape: Hashable, Sendable {
        case named(String)
        case list(GraphReference)
    }

    let shape: Shape
    let isRequired: Bool

    /// The name within.
    var name: String {
        switch shape {
        case .named(let name): name
        case .list(let element): element.name
        }
    }
}

/// The types that a query can ask about.
struct GraphSchema: Sendable {
    /// What sort of type one is, as introspection calls it.
    enum Kind: String, Sendable {
        case object = "OBJECT"
        case input = "INPUT_OBJECT"
        case scalar = "SCALAR"
    }

    /// One type.
    struct TypeRow: Sendable {
        let name: String
        let kind: Kind
        let fields: [FieldRow]

        func field(_ name: String) -> FieldRow? { fields.first { $0.name == name } }
    }

    /// One field of a type.
    struct FieldRow: Sendable {
        let name: String
        let arguments: [FieldRow]
        let type: GraphReference
    }

    let types: [TypeRow]
    private let byName: [String: Int]

    func type(_ name: String) -> TypeRow? { byName[name].map { types[$0] } }

    /// Whether values of a type have no fields.
    func isLeaf(_ name: String) -> Bool { type(name)?.kind == .scalar }

    /// Reads a schema: `type`, `input` and `scalar` definitions.
    init(_ text: String) throws(GraphFault) {
        var parser = try GraphParser(Array(text.utf8))
        var types: [TypeRow] = []
        while !parser.isAtEnd {
            let word = try parser.name()
            let name = try parser.name()
            guard word != "scalar" else {
                types.append(TypeRow(name: name, kind: .scalar, fields: []))
                continue
            }
            try parser.expect("{")
            var fields: [FieldRow] = []
            while try !parser.takes("}") { fields.append(try GraphSchema.field(&parser)) }
            types.append(
                TypeRow(name: name, kind: word == "input" ? .input : .object, fields: fields))
        }
        self.types = types
        byName = Dictionary(
            zip(types.map(\.name), types.indices), uniquingKeysWith: { first, _ in first })
    }

    private static func field(_ parser: inout GraphParser) throws(GraphFault) -> FieldRow {
        let name = try parser.name()
        var arguments: [FieldRow] = []
        if try parser.takes("(") {
            repeat { arguments.append(try field(&parser)) } while try !parser.takes(")")
        }
        try parser.expect(":")
        return FieldRow(name: name, arguments: arguments, type: try parser.reference())
    }
}

extension GraphSchema {
    /// Ethereum's schema (EIP-1767), with the fields that its clients added since.
    static let ethereum: GraphSchema = {
        do throws(GraphFault) {
            return try GraphSchema(text)
        } catch {
            preconditionFailure("the schema cannot be read: \(error.message)")
        }
    }()

    private static let text = """
        scalar Bytes32 scalar Address scalar Bytes scalar BigInt scalar Long scalar String
        scalar Boolean scalar Int scalar Float scalar ID

        type Account {
          address: Address! balance: BigInt! transactionCount: Long! code: Bytes!
          storage(slot: Bytes32!): Bytes32!
        }

        type Log {
          index: Long! account(block: Long): Account! topics: [Bytes32!]! data: Bytes!
          transaction: Transaction!
        }

        type AccessTuple { address: Address! storageKeys: [Bytes32!]! }

        type Withdrawal { index: Long! validator: Long! address: Address! amount: Long! }

        type Transaction {
          hash: Bytes32! nonce: Long! index: Long from(block: Long): Account!
          to(block: Long): Account value: BigInt! gasPrice: BigInt! maxFeePerGas: BigInt
          maxPriorityFeePerGas: BigInt maxFeePerBlobGas: BigInt effectiveTip: BigInt gas: Long!
          inputData: Bytes! block: Block status: Long gasUsed: Long cumulativeGasUsed: Long
          effectiveGasPrice: BigInt blobGasUsed: Long blobGasPrice: BigInt
          createdContract(block: Long): Account logs: [Log!] r: BigInt! s: BigInt! v: BigInt
          yParity: Long type: Long accessList: [AccessTuple!] raw: Bytes! rawReceipt: Bytes
          blobVersionedHashes: [Bytes32!]
        }

        input BlockFilterCriteria { addresses: [Address!] topics: [[Bytes32!]!] }

        type Block {
          number: Long! hash: Bytes32! parent: Block nonce: Bytes! transactionsRoot: Bytes32!
          transactionCount: Long stateRoot: Bytes32! receiptsRoot: Bytes32!
          miner(block: Long): Account! extraData: Bytes! gasLimit: Long! gasUsed: Long!
          baseFeePerGas: BigInt nextBaseFeePerGas: BigInt timestamp: Long! logsBloom: Bytes!
          mixHash: Bytes32! difficulty: BigInt! totalDifficulty: BigInt ommerCount: Long
          ommers: [Block] ommerAt(index: Long!): Block ommerHash: Bytes32!
          transactions: [Transaction!] transactionAt(index: Long!): Transaction
          logs(filter: BlockFilterCriteria!): [Log!]! account(address: Address!): Account!
          call(data: CallData!): CallResult estimateGas(data: CallData!): Long!
          rawHeader: Bytes! raw: Bytes! withdrawalsRoot: Bytes32 withdrawals: [Withdrawal!]
          blobGasUsed: Long excessBlobGas: Long
        }

        input CallData {
          from: Address to: Address gas: Long gasPrice: BigInt maxFeePerGas: BigInt
          maxPriorityFeePerGas: BigInt value: BigInt data: Bytes
        }

        type CallResult { data: Bytes! gasUsed: Long! status: Long! }

        input FilterCriteria {
          fromBlock: Long toBlock: Long addresses: [Address!] topics: [[Bytes32!]!]
        }

        type SyncState { startingBlock: Long! currentBlock: Long! highestBlock: Long! }

        type Pending {
          transactionCount: Long! transactions: [Transaction!] account(address: Address!): Account!
          call(data: CallData!): CallResult estimateGas(data: CallData!): Long!
        }

        type Query {
          block(number: Long, hash: Bytes32): Block blocks(from: Long, to: Long): [Block!]!
          pending: Pending! transaction(hash: Bytes32!): Transaction
          logs(filter: FilterCriteria!): [Log!]! gasPrice: BigInt! maxPriorityFeePerGas: BigInt!
          syncing: SyncState chainID: BigInt!
        }

        type Mutation { sendRawTransaction(data: Bytes!): Bytes32! }

        type __Schema {
          description: String types: [__Type!]! queryType: __Type! mutationType: __Type
          subscriptionType: __Type directives: [__Directive!]!
        }

        type __Type {
          kind: String! name: String description: String specifiedByURL: String
          fields(includeDeprecated: Boolean): [__Field!] interfaces: [__Type!]
          possibleTypes: [__Type!] enumValues(includeDeprecated: Boolean): [__EnumValue!]
          inputFields(includeDeprecated: Boolean): [__InputValue!] ofType: __Type
        }

        type __Field {
          name: String! description: String args(includeDeprecated: Boolean): [__InputValue!]!
          type: __Type! isDeprecated: Boolean! deprecationReason: String
        }

        type __InputValue {
          name: String! description: String type: __Type! defaultValue: String
          isDeprecated: Boolean! deprecationReason: String
        }

        type __EnumValue {
          name: String! description: String isDeprecated: Boolean! deprecationReason: String
        }

        type __Directive {
          name: String! description: String locations: [String!]!
          args(includeDeprecated: Boolean): [__InputValue!]! isRepeatable: Boolean!
        }
        """
}
