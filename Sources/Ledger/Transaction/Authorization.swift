public import Crypto
public import Identifiers
public import Primitives
import Encoding

/// An account's consent to run another's code as its own (EIP-7702).
public struct Authorization: Hashable, Sendable {
    /// The chain it holds on; zero for any.
    public var chainID: UInt256
    /// Whose code; zero to take the code away.
    public var address: Address
    /// The nonce that the signer must have.
    public var nonce: UInt64
    /// The parity of the signature's point.
    public var yParity: UInt8 = 0
    /// The first half of the signature.
    public var r: UInt256 = .zero
    /// The second half of the signature.
    public var s: UInt256 = .zero

    /// Creates an authorization that no one signed.
    public init(chainID: UInt256, address: Address, nonce: UInt64) {
        self.chainID = chainID
        self.address = address
        self.nonce = nonce
    }

    /// Reads an authorization out of a list.
    init(_ fields: inout RLP.Reader) throws(RLP.Failure) {
        chainID = try fields.number("authorization.chainID")
        guard let address = Address(try fields.bytes("authorization.address", count: 20)) else {
            throw .unexpected("authorization.address")
        }
        self.address = address
        nonce = try fields.number64("authorization.nonce")
        guard let parity = UInt8(exactly: try fields.number64("authorization.yParity")) else {
            throw .unexpected("authorization.yParity")
        }
        yParity = parity
        r = try fields.number("authorization.r")
        s = try fields.number("authorization.s")
        try fields.finish("authorization")
    }

    /// Appends the RLP.
    func write(to writer: inout RLP.Writer) {
        writer.list { list in
            writeMessage(to: &list)
            list.append(UInt64(yParity))
            list.append(r)
            list.append(s)
        }
    }

    private func writeMessage(to list: inout RLP.Writer) {
        list.append(chainID)
        list.append(address.bytes)
        list.append(nonce)
    }

    /// What its signer signs.
    public var signingHash: Hash32 {
        var writer = RLP.Writer(capacity: 64)
        writer.append(encoded: [0x05])
        writer.list { writeMessage(to: &$0) }
        return keccak256(writer.bytes)
    }

    /// Returns it signed.
    public func signed(with key: Secp256k1.SecretKey) -> Authorization {
        let signature = Secp256k1.sign(signingHash, with: key)
        var copy = self
        copy.yParity = signature.recoveryID
        copy.r = UInt256(signature.r)
        copy.s = UInt256(signature.s)
        return copy
    }

    /// Finds out who signed it; `nil` if nobody can have.
    public func recoverAuthority() -> Address? {
        Transaction.recover(r: r, s: s, yParity: yParity, digest: signingHash)
    }
}
