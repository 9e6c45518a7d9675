import Crypto
import Encoding
import Identifiers
import Ledger
import Primitives

extension SignedTransaction {
    /// Reads the bytes of a transaction, and finds out who signed it.
    static func decoded(_ bytes: [UInt8], isFrontier: Bool) throws(Refusal) -> SignedTransaction {
        let transaction: Transaction
        do {
            transaction = try Transaction(decoding: bytes)
        } catch {
            throw .undecodable(error)
        }
        // EIP-2: the greater of the two signatures was good in Frontier.
        let sender =
            isFrontier ? transaction.recoverFrontierSender() : transaction.recoverSender()
        guard let sender else { throw .unsigned }
        return SignedTransaction(transaction, sender: sender)
    }
}

extension Transaction {
    /// Reads the parts of an unsigned transaction; a member may be there in any of its names.
    init(parts: JSON?, chainID: UInt64) throws(FixtureError) {
        let to = parts["to"]?.text ?? ""
        let gas = parts["gasLimit"] ?? parts["gas"]
        self.init(
            chainID: chainID, nonce: try parts["nonce"].number64("nonce"),
            maxPriorityFeePerGas: .zero, maxFeePerGas: .zero,
            gasLimit: try gas.number64("gasLimit"),
            to: to.isEmpty ? nil : try parts["to"].address("to"),
            value: try parts["value"].number("value"),
            data: try (parts["data"] ?? parts["input"]).bytes("data"))
        try readFees(parts)
        if let list = parts["accessList"]?.elements {
            for access in list { accessList.append(try Access(access)) }
            if kind == .legacy { kind = .accessList }
        }
        if parts["maxFeePerBlobGas"] != nil {
            kind = .blob
            maxFeePerBlobGas = try parts["maxFeePerBlobGas"].number("maxFeePerBlobGas")
            for hash in parts["blobVersionedHashes"].values {
                blobHashes.append(try JSON?(hash).hash("blobVersionedHash"))
            }
        }
        if let list = parts["authorizationList"]?.elements {
            kind = .setCode
            for entry in list { authorizationList.append(try Authorization(entry)) }
        }
    }

    /// Reads the signature, and the chain that a legacy one is bound to (EIP-155).
    mutating func readSignature(_ parts: JSON?) throws(FixtureError) {
        let v = try (parts["v"] ?? parts["yParity"]).number64("v")
        if kind == .legacy, v >= 27 {
            chainID = v >= 35 ? (v - 35) >> 1 : nil
            yParity = v >= 35 ? UInt8((v - 35) & 1) : UInt8(clamping: v - 27)
        } else {
            yParity = UInt8(clamping: v)
        }
        r = try parts["r"].number("r")
        s = try parts["s"].number("s")
    }

    private mutating func readFees(_ parts: JSON?) throws(FixtureError) {
        if parts["gasPrice"] != nil, parts["maxFeePerGas"] == nil {
            kind = .legacy
            maxFeePerGas = try parts["gasPrice"].number("gasPrice")
            maxPriorityFeePerGas = maxFeePerGas
        } else {
            maxFeePerGas = try parts["maxFeePerGas"].number("maxFeePerGas")
            maxPriorityFeePerGas = try parts["maxPriorityFeePerGas"]
                .number("maxPriorityFeePerGas")
        }
    }
}

extension Transaction.Access {
    init(_ json: JSON?) throws(FixtureError) {
        self.init(address: try json["address"].address("access.address"))
        for slot in json["storageKeys"].values {
            slots.append(try JSON?(slot).number("storageKey"))
        }
    }
}

extension Authorization {
    init(_ json: JSON?) throws(FixtureError) {
        self.init(
            chainID: try json["chainId"].number("authorization.chainId"),
            address: try json["address"].address("authorization.address"),
            nonce: try json["nonce"].number64("authorization.nonce"))
        yParity = UInt8(clamping: try (json["yParity"] ?? json["v"]).number64("yParity"))
        r = try json["r"].number("authorization.r")
        s = try json["s"].number("authorization.s")
    }
}
