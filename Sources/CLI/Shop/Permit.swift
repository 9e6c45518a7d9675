package import Crypto
import Encoding
package import Identifiers
package import Primitives

/// An allowance by signature, as the stable token takes it (EIP-2612 over EIP-712).
package struct Permit {
    let owner: Address
    let spender: Address
    let amount: UInt256
    let nonce: UInt64
    let deadline: UInt64

    /// Creates what an owner is to sign.
    package init(owner: Address, spender: Address, amount: UInt256, nonce: UInt64, deadline: UInt64)
    {
        self.owner = owner
        self.spender = spender
        self.amount = amount
        self.nonce = nonce
        self.deadline = deadline
    }

    /// What ties permits to a token on a chain.
    package static func domain(token: Address, chain: UInt64) -> Hash32 {
        let type =
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        return keccak256(
            digest(type).bytes + digest("Martlet Dollar").bytes + digest("1").bytes
                + UInt256(chain).bytes + token.word.bytes)
    }

    /// The signature by the owner's key.
    package func signed(by key: Secp256k1.SecretKey, domain: Hash32) -> Secp256k1.Signature {
        let type =
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        let words = [
            owner.word, spender.word, amount, UInt256(nonce), UInt256(deadline),
        ]
        let message = keccak256(Permit.digest(type).bytes + words.flatMap(\.bytes))
        return Secp256k1.sign(keccak256([0x19, 0x01] + domain.bytes + message.bytes), with: key)
    }

    private static func digest(_ text: String) -> Hash32 { keccak256(Array(text.utf8)) }
}
