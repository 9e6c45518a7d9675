import Crypto
public import Encoding
import Identifiers
public import Primitives

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
        var signed = 0..<0
        try self.init(decoding: bytes, signed: &signed)
    }

    /// Reads a transaction, and tells which of its bytes are the fields that its sender signs.
    init(decoding bytes: [UInt8], signed: inout Range<Int>) throws(TransactionError) {
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= Transaction.sizeLimit else {
            throw .tooLong(found: bytes.count, limit: Transaction.sizeLimit)
        }
        guard first < 0xc0 else {
            try self.init(legacy: bytes, signed: &signed)
            return
        }
        guard let kind = Kind(rawValue: first), kind != .legacy else { throw .unknownKind(first) }
        do throws(RLP.Failure) {
            try self.init(kind: kind, bytes, signed: &signed)
        } catch {
            throw .malformed(error)
        }
        guard to != nil || kind == .accessList || kind == .dynamicFee else { throw .noRecipient }
    }

    private init(legacy bytes: [UInt8], signed: inout Range<Int>) throws(TransactionError) {
        let v: UInt256
        do throws(RLP.Failure) {
            var fields = try RLP.Reader(list: bytes)
            let start = fields.position
            self.init(
                chainID: nil, nonce: try fields.number64("transaction.nonce"),
                gasPrice: try fields.number("transaction.gasPrice"),
                gasLimit: try fields.number64("transaction.gasLimit"),
                to: try Transaction.recipient(&fields),
                value: try fields.number("transaction.value"),
                data: try fields.bytes("transaction.data"))
            signed = start..<fields.position
            v = try fields.number("transaction.v")
            r = try fields.number("transaction.r")
            s = try fields.number("transaction.s")
            try fields.finish("transaction")
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

    private init(kind: Kind, _ bytes: [UInt8], signed: inout Range<Int>) throws(RLP.Failure) {
        var fields = try RLP.Reader(list: bytes, from: 1)
        let start = fields.position
        let chainID = try fields.number64("transaction.chainID")
        let nonce = try fields.number64("transaction.nonce")
        let tip = try fields.number("transaction.maxPriorityFeePerGas")
        let most = kind == .accessList ? tip : try fields.number("transaction.maxFeePerGas")
        self.init(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: most,
            gasLimit: try fields.number64("transaction.gasLimit"),
            to: try Transaction.recipient(&fields),
            value: try fields.number("transaction.value"),
            data: try fields.bytes("transaction.data"),
            accessList: try Transaction.accessList(&fields))
        self.kind = kind
        if kind == .blob {
            maxFeePerBlobGas = try fields.number("transaction.maxFeePerBlobGas")
            var hashes = try fields.list("transaction.blobHashes")
            while !hashes.isAtEnd { blobHashes.append(try hashes.hash("transaction.blobHash")) }
        }
        if kind == .setCode {
            var list = try fields.list("transaction.authorizationList")
            while !list.isAtEnd {
                var authorization = try list.list("authorization")
                authorizationList.append(try Authorization(&authorization))
            }
        }
        signed = start..<fields.position
        guard let parity = UInt8(exactly: try fields.number64("transaction.yParity")), parity < 2
        else { throw .unexpected("transaction.yParity") }
        yParity = parity
        r = try fields.number("transaction.r")
        s = try fields.number("transaction.s")
        try fields.finish("transaction")
    }

    private static func recipient(_ fields: inout RLP.Reader) throws(RLP.Failure) -> Address? {
        let bytes = try fields.bytes("transaction.to")
        if bytes.isEmpty { return nil }
        guard let address = Address(bytes) else { throw .unexpected("transaction.to") }
        return address
    }

    private static func accessList(_ fields: inout RLP.Reader) throws(RLP.Failure) -> [Access] {
        var entries = try fields.list("transaction.accessList")
        var list: [Access] = []
        while !entries.isAtEnd {
            var entry = try entries.list("transaction.access")
            guard let address = Address(try entry.bytes("transaction.access.address")) else {
                throw .unexpected("transaction.access.address")
            }
            var items = try entry.list("transaction.access.slots")
            try entry.finish("transaction.access")
            var slots: [UInt256] = []
            while !items.isAtEnd {
                slots.append(UInt256(try items.hash("transaction.access.slot")))
            }
            list.append(Access(address: address, slots: slots))
        }
        return list
    }

    /// The transaction as it stands in a block (EIP-2718).
    public var encoded: [UInt8] {
        var writer = RLP.Writer(capacity: 192 + data.count)
        if kind != .legacy { writer.append(encoded: [kind.rawValue]) }
        writer.list { list in
            writeFields(to: &list)
            list.append(v)
            list.append(r)
            list.append(s)
        }
        return writer.bytes
    }

    /// What its sender signs.
    public var signingHash: Hash32 { signingHash { writeFields(to: &$0) } }

    /// What its sender signs, whose fields stand in a range of bytes.
    func signingHash(of bytes: [UInt8], _ range: Range<Int>) -> Hash32 {
        signingHash { $0.append(encoded: bytes, range) }
    }

    private func signingHash(_ writeFields: (inout RLP.Writer) -> Void) -> Hash32 {
        var writer = RLP.Writer(capacity: 128 + data.count)
        if kind != .legacy { writer.append(encoded: [kind.rawValue]) }
        writer.list { list in
            writeFields(&list)
            // EIP-155: the chain, and two zeros where the signature will be.
            if kind == .legacy, let chainID {
                list.append(chainID)
                list.append(0 as UInt64)
                list.append(0 as UInt64)
            }
        }
        return keccak256(writer.bytes)
    }

    private var v: UInt256 {
        guard kind == .legacy else { return UInt256(UInt64(yParity)) }
        guard let chainID else { return UInt256(27 + UInt64(yParity)) }
        return UInt256(chainID) << 1 &+ UInt256(35 + UInt64(yParity))
    }

    /// Appends the fields that its sender signs.
    private func writeFields(to list: inout RLP.Writer) {
        if kind != .legacy { list.append(chainID ?? 0) }
        list.append(nonce)
        if kind != .legacy, kind != .accessList { list.append(maxPriorityFeePerGas) }
        list.append(maxFeePerGas)
        list.append(gasLimit)
        list.append(to?.bytes ?? [])
        list.append(value)
        list.append(data)
        if kind != .legacy {
            list.list { entries in for access in accessList { access.write(to: &entries) } }
        }
        if kind == .blob {
            list.append(maxFeePerBlobGas)
            list.list { hashes in for hash in blobHashes { hashes.append(hash) } }
        }
        if kind == .setCode {
            list.list { entries in
                for authorization in authorizationList { authorization.write(to: &entries) }
            }
        }
    }
}

extension Transaction.Access {
    fileprivate func write(to writer: inout RLP.Writer) {
        writer.list { list in
            list.append(address.bytes)
            list.list { for slot in slots { $0.append(slot.hash) } }
        }
    }
}
