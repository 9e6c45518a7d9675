public import Encoding
import Identifiers
import Primitives

/// What can be wrong with the bytes of a transaction.
public enum TransactionError: Error, Hashable, Sendable {
    /// There are no bytes.
    case empty
    /// There are more bytes than a transaction may have.
    case tooLong(found: Int, limit: Int)
    /// They are no RLP, or not of the shape that the kind has.
    case malformed(RLP.Failure)
    /// There is no such kind.
    case unknownKind(UInt8)
    /// The signature's `v` names no chain and no parity.
    case signatureValue
    /// The kind cannot create a contract.
    case noRecipient
}

extension Transaction {
    /// The longest transaction that is read: what other clients' pools take, and blocks' limits leave.
    public static let sizeLimit = 8 << 20

    /// Reads a transaction as it stands in a block (EIP-2718).
    public init(decoding bytes: [UInt8]) throws(TransactionError) {
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= Transaction.sizeLimit else {
            throw .tooLong(found: bytes.count, limit: Transaction.sizeLimit)
        }
        guard first < 0xc0 else {
            let fields = try Transaction.fields(bytes, count: 9)
            try self.init(legacy: fields)
            return
        }
        guard let kind = Kind(rawValue: first), kind != .legacy else { throw .unknownKind(first) }
        let fields = try Transaction.fields(Array(bytes.dropFirst()), count: kind.fieldCount)
        do throws(RLP.Failure) {
            try self.init(kind: kind, fields: fields)
        } catch {
            throw .malformed(error)
        }
        guard to != nil || kind == .accessList || kind == .dynamicFee else { throw .noRecipient }
    }

    private static func fields(
        _ bytes: [UInt8], count: Int
    ) throws(TransactionError) -> [RLP.Value] {
        do throws(RLP.Failure) {
            return try RLP.decode(bytes).list("transaction", count: count)
        } catch {
            throw .malformed(error)
        }
    }

    private init(legacy fields: [RLP.Value]) throws(TransactionError) {
        let v: UInt256
        do throws(RLP.Failure) {
            self.init(
                chainID: nil, nonce: try fields[0].number64("transaction.nonce"),
                gasPrice: try fields[1].number("transaction.gasPrice"),
                gasLimit: try fields[2].number64("transaction.gasLimit"),
                to: try Transaction.recipient(fields[3]),
                value: try fields[4].number("transaction.value"),
                data: try fields[5].bytes("transaction.data"))
            v = try fields[6].number("transaction.v")
            r = try fields[7].number("transaction.r")
            s = try fields[8].number("transaction.s")
        } catch {
            throw .malformed(error)
        }
        guard v != 27, v != 28 else {
            yParity = UInt8(truncatingIfNeeded: v.w0 - 27)
            return
        }
        // EIP-155: v = 35 + 2 · chain + parity.
        guard v >= 35, let chain = ((v &- 35) >> 1).asUInt64 else { throw .signatureValue }
        chainID = chain
        yParity = UInt8(truncatingIfNeeded: (v &- 35).w0 & 1)
    }

    private init(kind: Kind, fields: [RLP.Value]) throws(RLP.Failure) {
        var fields = fields[...]
        func next() -> RLP.Value { fields.removeFirst() }
        let chainID = try next().number64("transaction.chainID")
        let nonce = try next().number64("transaction.nonce")
        let tip = try next().number("transaction.maxPriorityFeePerGas")
        let most = kind == .accessList ? tip : try next().number("transaction.maxFeePerGas")
        self.init(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: most,
            gasLimit: try next().number64("transaction.gasLimit"),
            to: try Transaction.recipient(next()), value: try next().number("transaction.value"),
            data: try next().bytes("transaction.data"),
            accessList: try Transaction.accessList(next()))
        self.kind = kind
        if kind == .blob {
            maxFeePerBlobGas = try next().number("transaction.maxFeePerBlobGas")
            for hash in try next().list("transaction.blobHashes") {
                blobHashes.append(try hash.hash("transaction.blobHash"))
            }
        }
        if kind == .setCode {
            for authorization in try next().list("transaction.authorizationList") {
                authorizationList.append(try Authorization(authorization))
            }
        }
        guard let parity = UInt8(exactly: try next().number64("transaction.yParity")), parity < 2
        else { throw .unexpected("transaction.yParity") }
        yParity = parity
        r = try next().number("transaction.r")
        s = try next().number("transaction.s")
    }

    private static func recipient(_ value: RLP.Value) throws(RLP.Failure) -> Address? {
        let bytes = try value.bytes("transaction.to")
        if bytes.isEmpty { return nil }
        guard let address = Address(bytes) else { throw .unexpected("transaction.to") }
        return address
    }

    private static func accessList(_ value: RLP.Value) throws(RLP.Failure) -> [Access] {
        var list: [Access] = []
        for entry in try value.list("transaction.accessList") {
            let parts = try entry.list("transaction.access", count: 2)
            guard let address = Address(try parts[0].bytes("transaction.access.address")) else {
                throw .unexpected("transaction.access.address")
            }
            var slots: [UInt256] = []
            for slot in try parts[1].list("transaction.access.slots") {
                slots.append(UInt256(try slot.hash("transaction.access.slot")))
            }
            list.append(Access(address: address, slots: slots))
        }
        return list
    }

    /// The transaction as it stands in a block (EIP-2718).
    public var encoded: [UInt8] {
        let payload = RLP.encode(.list(unsignedFields + [v, .number(r), .number(s)]))
        return kind == .legacy ? payload : [kind.rawValue] + payload
    }

    /// The bytes whose hash its sender signs.
    var signingPayload: [UInt8] {
        guard kind == .legacy else { return [kind.rawValue] + RLP.encode(.list(unsignedFields)) }
        guard let chainID else { return RLP.encode(.list(unsignedFields)) }
        return RLP.encode(
            .list(unsignedFields + [.number(chainID), .bytes([]), .bytes([])]))
    }

    private var v: RLP.Value {
        guard kind == .legacy else { return .number(UInt64(yParity)) }
        guard let chainID else { return .number(27 + UInt64(yParity)) }
        return .number(UInt256(chainID) << 1 &+ UInt256(35 + UInt64(yParity)))
    }

    private var unsignedFields: [RLP.Value] {
        var fields: [RLP.Value] = []
        if kind != .legacy { fields.append(.number(chainID ?? 0)) }
        fields.append(.number(nonce))
        if kind != .legacy, kind != .accessList { fields.append(.number(maxPriorityFeePerGas)) }
        fields.append(.number(maxFeePerGas))
        fields.append(.number(gasLimit))
        fields.append(.bytes(to?.bytes ?? []))
        fields.append(.number(value))
        fields.append(.bytes(data))
        if kind != .legacy {
            fields.append(
                .list(
                    accessList.map { access in
                        let slots = access.slots.map { RLP.Value.bytes($0.bytes) }
                        return .list([.bytes(access.address.bytes), .list(slots)])
                    }))
        }
        if kind == .blob {
            fields.append(.number(maxFeePerBlobGas))
            fields.append(.list(blobHashes.map(RLP.Value.hash)))
        }
        if kind == .setCode { fields.append(.list(authorizationList.map(\.value))) }
        return fields
    }
}

extension Transaction.Kind {
    /// How many fields its envelope holds, the signature among them.
    fileprivate var fieldCount: Int {
        switch self {
        case .legacy: 9
        case .accessList: 11
        case .dynamicFee: 12
        case .blob: 14
        case .setCode: 13
        }
    }
}
