import Encoding
public import Identifiers
public import Primitives

/// What the operator of a development chain asks for, under the names of anvil and Hardhat.
public enum DevelopmentCall: Hashable, Sendable {
    /// Signs with a key of the node's, or for an impersonated account, and offers it to the pool.
    case send(CallRequest)
    /// Signs a digest with a key of the node's.
    case sign(Address, Hash32)
    /// Makes so many blocks, each so many seconds after the one before, the first at a time.
    case mine(count: UInt64, step: UInt64?, timestamp: UInt64?)
    /// Whether each transaction gets a block at once.
    case automine(Bool)
    /// Tells whether each transaction gets a block at once.
    case isAutomine
    /// How many milliseconds lie between blocks that nobody asked for; zero for none.
    case interval(UInt64)
    /// Lets so many seconds go by.
    case increaseTime(UInt64)
    /// What time it is now, in seconds.
    case setTime(UInt64)
    /// What time the next block has, in seconds.
    case nextTimestamp(UInt64)
    /// Makes accounts others.
    case change([AccountChange])
    /// Lets transactions of an account in without its key, or no more.
    case impersonate(Address, Bool)
    /// Lets transactions of all accounts in without their keys, or no more.
    case impersonateAll(Bool)
    /// Who gets the fees from now on.
    case coinbase(Address)
    /// What the base fee of the next block is.
    case nextBaseFee(UInt256)
    /// The gas limit from the next block on.
    case gasLimit(UInt64)
    /// The randomness of the next block.
    case randomness(Hash32)
    /// How many seconds each block is after the one before; `nil` by the clock.
    case timestampStep(UInt64?)
    /// Tells how many seconds lie between blocks that nobody asked for.
    case intervalSeconds
    /// Whether what contracts say by `console.log` is shown.
    case showsConsole(Bool)
    /// Tells how the node is, as anvil does.
    case nodeInfo
    /// Tells what the node is, as anvil and Hardhat do.
    case metadata
    /// Takes a transaction out of the pool.
    case drop(Hash32)
    /// Takes all transactions out of the pool, or all of one sender.
    case dropAll(of: Address?)
    /// Takes so many blocks back.
    case rollBack(UInt64)
    /// Takes back the blocks after this one.
    case setHead(UInt64)
    /// Tells all accounts of the newest state.
    case dump
    /// Remembers everything as it is now, under a number.
    case snapshot
    /// Makes everything as it was under a number.
    case revert(UInt64)
    /// Begins another chain.
    case reset
}

/// How an account is to be from now on; what is `nil` stays.
public struct AccountChange: Hashable, Sendable {
    /// Whose.
    public let address: Address
    /// What it owns.
    public var balance: UInt256?
    /// How many transactions it sent.
    public var nonce: UInt64?
    /// Its code.
    public var code: [UInt8]?
    /// What it gets in addition.
    public var gift: UInt256?
    /// Slots of its storage, and what is in them.
    public var slots: [Slot] = []

    /// A slot and what is in it.
    public struct Slot: Hashable, Sendable {
        /// The slot's number.
        public let key: UInt256
        /// What is in it.
        public let value: UInt256
    }

    init(_ address: Address) { self.address = address }
}

extension Read {
    /// A number as scripts write it: a JSON number, decimal digits, or hexadecimal ones after `0x`.
    static func amount(_ json: JSON) throws(ParameterFault) -> UInt256 {
        let text: String?
        if case .number(let digits) = json { text = digits } else { text = json.text }
        guard let text, let amount = UInt256(text) else { throw .text("expected a number") }
        return amount
    }

    /// Such a number of 64 bits.
    static func amount64(_ json: JSON) throws(ParameterFault) -> UInt64 {
        guard let amount = try amount(json).asUInt64 else { throw .text("number > 64 bits") }
        return amount
    }
}
