import Crypto
public import Encoding
import Identifiers
import Primitives

extension Genesis {
    /// Reads a genesis file.
    public init(decoding bytes: [UInt8]) throws(GenesisError) {
        let json: JSON
        do {
            json = try JSON(decoding: bytes, duplicates: .refuse)
        } catch {
            throw .json(error)
        }
        try self.init(json)
    }

    /// Reads a genesis file that is JSON already.
    public init(_ json: JSON) throws(GenesisError) {
        let file = GenesisField(name: "", value: json)
        let martlet = file["martlet"]
        var rules = try ChainRules(genesis: file["config"])
        rules.isDevelopment = try martlet["development"].flag(or: false)
        self.init(
            rules: rules,
            header: try Header(genesis: file),
            accounts: try Genesis.accounts(file["alloc"]),
            validators: martlet.isThere ? try Genesis.validators(martlet["validators"]) : [],
            blockIntervalMilliseconds: try Genesis.interval(
                martlet["blockIntervalMilliseconds"], 1000),
            idleIntervalMilliseconds: try Genesis.interval(
                martlet["idleIntervalMilliseconds"], 5000))
        guard !rules.isDevelopment || validators.count == 1 else {
            throw martlet["development"].wrong("false where there is not one validator")
        }
    }

    private static func interval(
        _ field: GenesisField, _ usual: UInt64
    ) throws(GenesisError) -> UInt64 {
        let milliseconds = try field.number(or: usual)
        guard milliseconds <= longestInterval else {
            throw field.wrong("at most \(longestInterval)")
        }
        return milliseconds
    }

    /// Reads a beginning whose rules are told apart: of the file the header and accounts count.
    public init(_ json: JSON, rules: ChainRules) throws(GenesisError) {
        let file = GenesisField(name: "", value: json)
        self.init(
            rules: rules, header: try Header(genesis: file),
            accounts: try Genesis.accounts(file["alloc"]))
    }

    /// Reads accounts by address, as they stand in `alloc`.
    public static func accounts(_ json: JSON?) throws(GenesisError) -> [Allocation] {
        try accounts(GenesisField(name: "alloc", value: json))
    }

    private static func accounts(_ field: GenesisField) throws(GenesisError) -> [Allocation] {
        var accounts: [Allocation] = []
        var seen: Set<Address> = []
        for (name, field) in try field.fields() {
            guard let bytes = try? Hex.decode(name), let address = Address(bytes),
                seen.insert(address).inserted
            else { throw .invalid(field: field.name, expected: "named by an address, once") }
            var account = Allocation(address: address)
            account.balance = field["balance"].isThere ? try field["balance"].number256() : 0
            account.nonce = try field["nonce"].number(or: 0)
            if field["code"].isThere { account.code = try field["code"].bytes() }
            if field["storage"].isThere {
                for (name, value) in try field["storage"].fields() {
                    guard let slot = UInt256(name.hasPrefix("0x") ? name : "0x\(name)") else {
                        throw .invalid(field: value.name, expected: "named by a slot")
                    }
                    account.storage[slot] = try value.number256()
                }
            }
            accounts.append(account)
        }
        return accounts
    }

    private static func validators(
        _ field: GenesisField
    ) throws(GenesisError) -> [GenesisValidator] {
        var validators: [GenesisValidator] = []
        for field in try field.elements() {
            let key = try field["publicKey"].bytes(count: 33)
            guard let point = Secp256k1.PublicKey(key) else {
                throw field["publicKey"].wrong("a point of secp256k1")
            }
            let address = Address(point.addressHash)
            if field["address"].isThere, try field["address"].address() != address {
                throw field["address"].wrong("\(address), the address of the public key")
            }
            let power = try field["power"].number(or: 1)
            guard power > 0, power <= 1 << 32 else { throw field["power"].wrong("1 to 2^32") }
            guard !validators.contains(where: { $0.publicKey == key }) else {
                throw field["publicKey"].wrong("another than those before")
            }
            let feeAddress = field["feeAddress"]
            validators.append(
                GenesisValidator(
                    address: address, publicKey: key, power: power,
                    feeAddress: feeAddress.isThere ? try feeAddress.address() : address,
                    peerID: field["peerID"].isThere ? try field["peerID"].text() : ""))
        }
        guard !validators.isEmpty else { throw field.wrong("at least one validator") }
        return validators
    }
}

extension Header {
    /// Reads what a genesis file says of the first header.
    init(genesis file: GenesisField) throws(GenesisError) {
        self.init()
        gasLimit = try file["gasLimit"].number()
        guard gasLimit <= .max >> 1 else { throw file["gasLimit"].wrong("at most 2^63 - 1") }
        timestamp = try file["timestamp"].number(or: 0)
        guard timestamp <= .max >> 1 else { throw file["timestamp"].wrong("at most 2^63 - 1") }
        guard try file["number"].number(or: 0) == 0 else { throw file["number"].wrong("0") }
        nonce = try file["nonce"].number(or: 0)
        gasUsed = try file["gasUsed"].number(or: 0)
        if file["difficulty"].isThere { difficulty = try file["difficulty"].number256() }
        if file["extraData"].isThere { extraData = try file["extraData"].bytes() }
        for name in ["mixHash", "mixhash"] where file[name].isThere {
            mixHash = try file[name].hash()
        }
        if file["parentHash"].isThere { parentHash = try file["parentHash"].hash() }
        for name in ["coinbase", "beneficiary"] where file[name].isThere {
            beneficiary = try file[name].address()
        }
        if file["baseFeePerGas"].isThere {
            baseFeePerGas = try file["baseFeePerGas"].number256()
        }
        if file["blobGasUsed"].isThere { blobGasUsed = try file["blobGasUsed"].number() }
        if file["excessBlobGas"].isThere { excessBlobGas = try file["excessBlobGas"].number() }
        if file["parentBeaconBlockRoot"].isThere {
            parentBeaconBlockRoot = try file["parentBeaconBlockRoot"].hash()
        }
        if file["requestsHash"].isThere { requestsHash = try file["requestsHash"].hash() }
        if file["blockAccessListHash"].isThere {
            blockAccessListHash = try file["blockAccessListHash"].hash()
        }
        if file["slotNumber"].isThere { slotNumber = try file["slotNumber"].number() }
    }
}
