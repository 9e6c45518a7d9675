import Crypto
public import Encoding
public import Primitives

extension Header {
    /// The block's name: Keccak-256 of the header's RLP.
    ///
    /// Computed each time it is asked for.
    public var hash: Hash32 { keccak256(encoded) }

    /// The RLP.
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 640)
        write(to: &writer)
        return writer.bytes
    }

    /// Appends the RLP; without mix hash and nonce where it is not `sealed`.
    public func write(to writer: inout RLP.Writer, sealed: Bool = true) {
        writer.list { list in
            for hash in [parentHash, ommersHash] { list.append(hash) }
            list.append(beneficiary)
            for hash in [stateRoot, transactionsRoot, receiptsRoot] { list.append(hash) }
            list.append(logsBloom.bytes)
            list.append(difficulty)
            for number in [number, gasLimit, gasUsed, timestamp] { list.append(number) }
            list.append(extraData)
            if sealed {
                list.append(mixHash)
                list.append(Array(Hash32(a: nonce, b: 0, c: 0, d: 0).bytes.prefix(8)))
            }
            writeForkFields(to: &list)
        }
    }

    private func writeForkFields(to list: inout RLP.Writer) {
        if let baseFeePerGas { list.append(baseFeePerGas) }
        if let withdrawalsRoot { list.append(withdrawalsRoot) }
        if let blobGasUsed { list.append(blobGasUsed) }
        if let excessBlobGas { list.append(excessBlobGas) }
        if let parentBeaconBlockRoot { list.append(parentBeaconBlockRoot) }
        if let requestsHash { list.append(requestsHash) }
        if let blockAccessListHash { list.append(blockAccessListHash) }
        if let slotNumber { list.append(slotNumber) }
    }

    /// Reads a header from its RLP.
    public init(decoding bytes: [UInt8]) throws(RLP.Failure) {
        try self.init(try RLP.decode(bytes))
    }

    /// Reads a header from its RLP.
    public init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("header")
        guard [15, 16, 17, 20, 21, 23].contains(fields.count) else {
            throw .unexpected("header with \(fields.count) fields")
        }
        parentHash = try fields[0].hash("header.parentHash")
        ommersHash = try fields[1].hash("header.ommersHash")
        beneficiary = try fields[2].address("header.beneficiary")
        stateRoot = try fields[3].hash("header.stateRoot")
        transactionsRoot = try fields[4].hash("header.transactionsRoot")
        receiptsRoot = try fields[5].hash("header.receiptsRoot")
        guard let bloom = Bloom(try fields[6].bytes("header.logsBloom")) else {
            throw .unexpected("header.logsBloom")
        }
        logsBloom = bloom
        difficulty = try fields[7].number("header.difficulty")
        number = try fields[8].number64("header.number")
        gasLimit = try fields[9].number64("header.gasLimit")
        gasUsed = try fields[10].number64("header.gasUsed")
        timestamp = try fields[11].number64("header.timestamp")
        extraData = try fields[12].bytes("header.extraData")
        mixHash = try fields[13].hash("header.mixHash")
        nonce = try fields[14].bytes("header.nonce", count: 8)
            .reduce(0) { $0 << 8 | UInt64($1) }
        try readForkFields(fields)
    }

    private mutating func readForkFields(_ fields: [RLP.Value]) throws(RLP.Failure) {
        if fields.count > 15 { baseFeePerGas = try fields[15].number("header.baseFeePerGas") }
        if fields.count > 16 { withdrawalsRoot = try fields[16].hash("header.withdrawalsRoot") }
        if fields.count > 17 {
            blobGasUsed = try fields[17].number64("header.blobGasUsed")
            excessBlobGas = try fields[18].number64("header.excessBlobGas")
            parentBeaconBlockRoot = try fields[19].hash("header.parentBeaconBlockRoot")
        }
        if fields.count > 20 { requestsHash = try fields[20].hash("header.requestsHash") }
        if fields.count > 21 {
            blockAccessListHash = try fields[21].hash("header.blockAccessListHash")
            slotNumber = try fields[22].number64("header.slotNumber")
        }
    }
}
