import Encoding
public import Identifiers
public import Ledger
public import Primitives

/// What a caller wants to be otherwise while a call runs: accounts, and the block around it.
public struct Overrides: Hashable, Sendable {
    /// One account, as it shall be.
    public struct Account: Hashable, Sendable {
        /// Whose.
        public let address: Address
        /// Its count of transactions, if it shall be another.
        public let nonce: UInt64?
        /// Its balance, if it shall be another.
        public let balance: UInt256?
        /// Its code, if it shall be another.
        public let code: [UInt8]?
        /// Its whole storage, if it shall be another.
        public let state: [UInt256: UInt256]?
        /// Single slots that shall be others.
        public let stateDiff: [UInt256: UInt256]
        /// Where the built-in contract that stands there shall stand instead.
        public let precompileTarget: Address?
    }

    /// The accounts, each at most once.
    public var accounts: [Account] = []
    /// The block's number.
    public var number: UInt64?
    /// The block's time, in seconds.
    public var timestamp: UInt64?
    /// The block's gas limit.
    public var gasLimit: UInt64?
    /// Who gets the fees.
    public var feeRecipient: Address?
    /// The block's randomness.
    public var prevRandao: Hash32?
    /// The block's fee per gas.
    public var baseFee: UInt256?
    /// The block's fee per blob gas.
    public var blobBaseFee: UInt256?
    /// The root of the parent beacon block.
    public var beaconRoot: Hash32?
    /// The payments from outside.
    public var withdrawals: [Withdrawal] = []

    /// Creates overrides that change nothing.
    public init() {}

    init(accounts: JSON?, block: JSON?) throws(ParameterFault) {
        if let accounts { self.accounts = try Overrides.accounts(accounts) }
        guard let block else { return }
        guard case .object = block else { throw .text("expected an object of block overrides") }
        number = try Read.field(block, "number", Quantity.number64)
        timestamp = try Read.field(block, "time", Quantity.number64)
        gasLimit = try Read.field(block, "gasLimit", Quantity.number64)
        feeRecipient = try Read.field(block, "feeRecipient", Quantity.address)
        prevRandao = try Read.field(block, "prevRandao", Quantity.hash)
        baseFee = try Overrides.word(block, "baseFeePerGas")
        blobBaseFee = try Overrides.word(block, "blobBaseFee")
        beaconRoot = try Read.field(block, "beaconRoot", Quantity.hash)
        withdrawals = try Overrides.withdrawals(block["withdrawals"])
    }

    static func withdrawals(_ json: JSON?) throws(ParameterFault) -> [Withdrawal] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.elements, elements.count <= RPCLimits.withdrawals else {
            throw .text("expected an array of at most \(RPCLimits.withdrawals) withdrawals")
        }
        var withdrawals: [Withdrawal] = []
        for element in elements { withdrawals.append(try withdrawal(element)) }
        return withdrawals
    }

    private static func withdrawal(_ json: JSON) throws(ParameterFault) -> Withdrawal {
        Withdrawal(
            index: try Read.field(json, "index", Quantity.number64) ?? 0,
            validatorIndex: try Read.field(json, "validatorIndex", Quantity.number64) ?? 0,
            address: try Read.field(json, "address", Quantity.address) ?? .zero,
            amount: try Read.field(json, "amount", Quantity.number64) ?? 0)
    }

    private static func accounts(_ json: JSON) throws(ParameterFault) -> [Account] {
        guard let members = json.members else { throw .text("expected an object of overrides") }
        guard members.count <= RPCLimits.overrides else {
            throw .text("more than \(RPCLimits.overrides) overrides")
        }
        var accounts: [Account] = []
        var seen: Set<Address> = []
        for member in members {
            let address = try Read.hex { () throws(HexFault) in
                try Quantity.anyAddress(.string(member.name))
            }
            guard seen.insert(address).inserted else { throw .text("two overrides of \(address)") }
            accounts.append(try account(address, member.value))
        }
        return accounts
    }

    private static func account(
        _ address: Address, _ json: JSON
    ) throws(ParameterFault) -> Account {
        let state = try storage(json["state"])
        let diff = try storage(json["stateDiff"])
        guard state == nil || diff == nil else {
            throw .whole(.server("account \(address) has both 'state' and 'stateDiff'"))
        }
        return Account(
            address: address, nonce: try Overrides.nonce(json["nonce"]),
            balance: try word(json, "balance"),
            code: try Read.field(json, "code", Quantity.anyBytes),
            state: state, stateDiff: diff ?? [:],
            precompileTarget: try Read.field(
                json, "movePrecompileToAddress", Quantity.address))
    }

    /// A count, which may also be a plain JSON number.
    private static func nonce(_ json: JSON?) throws(ParameterFault) -> UInt64? {
        guard let json, !json.isNull else { return nil }
        return try Read.count(json)
    }

    private static func word(_ json: JSON, _ name: String) throws(ParameterFault) -> UInt256? {
        try Read.field(json, name) { json throws(HexFault) in try Quantity.number(json) }
    }

    private static func storage(_ json: JSON?) throws(ParameterFault) -> [UInt256: UInt256]? {
        guard let json, !json.isNull else { return nil }
        guard let members = json.members, members.count <= RPCLimits.slots else {
            throw .text("expected an object of at most \(RPCLimits.slots) slots")
        }
        var storage: [UInt256: UInt256] = [:]
        for member in members {
            let slot = try Read.hash(.string(member.name))
            storage[UInt256(slot)] = UInt256(try Read.hash(member.value))
        }
        return storage
    }
}
