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

    /// Reads an authorization from its RLP.
    init(_ value: RLP.Value) throws(RLP.Failure) {
        let fields = try value.list("authorization", count: 6)
        chainID = try fields[0].number("authorization.chainID")
        guard let address = Address(try fields[1].bytes("authorization.address", count: 20)) else {
            throw .unexpected("authorization.address")
        }
        self.address = address
        nonce = try fields[2].number64("authorization.nonce")
        guard let parity = UInt8(exactly: try fields[3].number64("authorization.yParity")) else {
            throw .unexpected("authorization.yParity")
        }
        yParity = parity
        r = try fields[4].number("authorization.r")
        s = try fields[5].number("authorization.s")
    }

    /// The RLP.
    var value: RLP.Value {
        .list([
            .number(chainID), .bytes(address.bytes), .number(nonce), .number(UInt64(yParity)),
            .number(r), .number(s),
        ])
    }

    /// What its signer signs.
    public var signingHash: Hash32 {
        let message = RLP.Value.list([.number(chainID), .bytes(address.bytes), .number(nonce)])
        return keccak256([0x05] + RLP.encode(message))
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
