import Encoding
public import Identifiers
public import Primitives

/// A transaction as a caller imagines it: unsigned, and with fields left open.
public struct CallRequest: Hashable, Sendable {
    /// Who sends it; nobody if it is not told.
    public var from: Address = .zero
    /// Whom it is sent to; `nil` creates a contract.
    public var to: Address?
    /// How much gas it may use.
    public var gas: UInt64?
    /// What it pays per gas, in one number.
    public var gasPrice: UInt256?
    /// The most it pays per gas.
    public var maxFeePerGas: UInt256?
    /// The most it pays per gas to the proposer.
    public var maxPriorityFeePerGas: UInt256?
    /// The most it pays per blob gas.
    public var maxFeePerBlobGas: UInt256?
    /// What it hands over, in wei.
    public var value: UInt256 = .zero
    /// The sender's count of transactions.
    public var nonce: UInt64?
    /// The input.
    public var data: [UInt8] = []
    /// The accounts and slots that are paid for in advance (EIP-2930); `nil` if not told.
    public var accessList: [StorageRequest]?
    /// The hashes of blobs (EIP-4844).
    public var blobHashes: [Hash32]?
    /// The authorizations to set code (EIP-7702), as they came.
    public var authorizations: [AuthorizationRequest]?
    /// The chain it is meant for.
    public var chainID: UInt256?

    init(reading json: JSON) throws(ParameterFault) {
        guard case .object = json else { throw .text("expected a transaction object") }
        from = try Read.field(json, "from", Quantity.anyAddress) ?? .zero
        to = try Read.field(json, "to", Quantity.anyAddress)
        gas = try Read.field(json, "gas", Quantity.number64)
        gasPrice = try CallRequest.number(json, "gasPrice")
        maxFeePerGas = try CallRequest.number(json, "maxFeePerGas")
        maxPriorityFeePerGas = try CallRequest.number(json, "maxPriorityFeePerGas")
        maxFeePerBlobGas = try CallRequest.number(json, "maxFeePerBlobGas")
        value = try CallRequest.number(json, "value") ?? .zero
        nonce = try Read.field(json, "nonce", Quantity.number64)
        chainID = try CallRequest.number(json, "chainId")
        data = try CallRequest.input(json)
        accessList = try CallRequest.accessList(json["accessList"])
        blobHashes = try CallRequest.list(json["blobVersionedHashes"], Read.hash)
        authorizations = try CallRequest.list(
            json["authorizationList"], AuthorizationRequest.read)
        try checkFees()
    }

    private func checkFees() throws(ParameterFault) {
        guard gasPrice == nil || (maxFeePerGas == nil && maxPriorityFeePerGas == nil) else {
            throw .whole(
                .server(
                    "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"))
        }
        if let most = maxFeePerGas, let tip = maxPriorityFeePerGas, most < tip {
            throw .whole(
                .server(
                    "maxFeePerGas (\(Quantity.text(most))) < maxPriorityFeePerGas "
                        + "(\(Quantity.text(tip)))"))
        }
    }

    private static func number(_ json: JSON, _ name: String) throws(ParameterFault) -> UInt256? {
        try Read.field(json, name) { json throws(HexFault) in try Quantity.number(json) }
    }

    /// Takes the input under its two names, of which the newer is `input`.
    private static func input(_ json: JSON) throws(ParameterFault) -> [UInt8] {
        let input = try Read.field(json, "input", Quantity.bytes)
        let data = try Read.field(json, "data", Quantity.bytes)
        if let input, let data, input != data {
            throw .whole(
                .server(
                    "both \"data\" and \"input\" are set and not equal. Please use \"input\" to "
                        + "pass transaction call data"))
        }
        return input ?? data ?? []
    }

    private static func list<Element>(
        _ json: JSON?, _ read: (JSON) throws(ParameterFault) -> Element
    ) throws(ParameterFault) -> [Element]? {
        guard let json, !json.isNull else { return nil }
        guard let values = json.elements, values.count <= RPCLimits.slots else {
            throw .text("expected an array of at most \(RPCLimits.slots)")
        }
        var elements: [Element] = []
        for value in values { elements.append(try read(value)) }
        return elements
    }

    private static func accessList(_ json: JSON?) throws(ParameterFault) -> [StorageRequest]? {
        try list(json) { (entry: JSON) throws(ParameterFault) in
            StorageRequest(
                address: try Read.address(entry["address"] ?? .null),
                keys: try StorageRequest.list(entry["storageKeys"] ?? []))
        }
    }
}

/// An authorization to set code (EIP-7702), with its signature unchecked.
public struct AuthorizationRequest: Hashable, Sendable {
    /// The chain it is meant for; zero for any.
    public let chainID: UInt256
    /// Whose code is set.
    public let address: Address
    /// The count of transactions at which it holds.
    public let nonce: UInt64
    /// The parity of the signature's point.
    public let yParity: UInt64
    /// The signature's first number.
    public let r: UInt256
    /// The signature's second number.
    public let s: UInt256

    static func read(_ json: JSON) throws(ParameterFault) -> AuthorizationRequest {
        func number(_ name: String) throws(ParameterFault) -> UInt256 {
            try Read.field(json, name) { json throws(HexFault) in try Quantity.number(json) }
                ?? .zero
        }
        return AuthorizationRequest(
            chainID: try number("chainId"), address: try Read.address(json["address"] ?? .null),
            nonce: try Read.field(json, "nonce", Quantity.number64) ?? 0,
            yParity: try Read.field(json, "yParity", Quantity.number64) ?? 0,
            r: try number("r"), s: try number("s"))
    }
}
