import Crypto
import Encoding
import Identifiers
import Ledger
import Node
import Primitives

/// The cases about keys: addresses, signed transactions, encrypted files.
enum KeyFixture {
    /// A key and its address; what the signature beside them is of, the suite does not say.
    static func address(_ json: JSON?, name: String) -> CaseResult {
        CaseResult(name: name) {
            let key = try secret(json["key"])
            let address = Address(key.publicKey.addressHash)
            let expected = try json["addr"].address("addr")
            return address == expected ? nil : "address \(address), expected \(expected)"
        }
    }

    /// A transaction's bytes before and after it was signed.
    static func transaction(_ json: JSON?, name: String) -> CaseResult {
        CaseResult(name: name) {
            let bytes = try json["signed"].bytes("signed")
            // These were signed before EIP-2, with either half of the curve.
            let signed = try SignedTransaction.decoded(bytes, isFrontier: true)
            let owner = Address(try secret(json["key"]).publicKey.addressHash)
            if signed.sender != owner { return "sender \(signed.sender), expected \(owner)" }
            if signed.encoded != bytes { return "comes back as other bytes" }
            var unsigned = try RLP.decode(bytes).list("transaction", count: 9)
            for index in 6..<9 { unsigned[index] = .bytes([]) }
            let expected = try json["unsigned"].bytes("unsigned")
            return RLP.encode(.list(unsigned)) == expected ? nil : "other fields"
        }
    }

    /// A file that a password opens.
    static func keystore(_ test: JSON.Member) -> CaseResult {
        CaseResult(name: test.name) {
            let store = try Keystore(decoding: try test.value["json"].there("json").encoded())
            let key = try store.open(password: try test.value["password"].text("password"))
            let expected = try test.value["priv"].bytes("priv")
            if key.bytes != expected { return "another key" }
            return try Keystore(decoding: store.encoded) == store ? nil : "comes back changed"
        }
    }

    private static func secret(_ json: JSON?) throws(FixtureError) -> Secp256k1.SecretKey {
        guard let key = Secp256k1.SecretKey(try json.bytes("key")) else {
            throw FixtureError("no key")
        }
        return key
    }
}
