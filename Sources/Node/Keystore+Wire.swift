internal import Encoding
internal import Identifiers

extension Keystore {
    /// The longest file that is read: ten times what any wallet writes.
    public static let sizeLimit = 16_384

    /// Reads the JSON of a file.
    public init(decoding bytes: [UInt8]) throws(KeystoreError) {
        let root: JSON
        do {
            root = try JSON(decoding: bytes, depth: 8, size: Self.sizeLimit, duplicates: .refuse)
        } catch {
            throw .text("\(error)")
        }
        let fields = KeystoreFields(root: root)
        try fields.require("version", is: .number("3"))
        try fields.require("crypto.cipher", is: .string("aes-128-ctr"))
        let address = try fields.optionalAddress()
        self.init(
            address: address, identifier: try fields.identifier(),
            derivation: try fields.derivation(),
            counter: try fields.bytes("crypto.cipherparams.iv", count: 16),
            ciphertext: try fields.bytes("crypto.ciphertext", count: 32),
            mac: try fields.bytes("crypto.mac", count: 32))
    }

    /// The JSON of a file.
    public var encoded: [UInt8] {
        func hex(_ bytes: [UInt8]) -> JSON { .string(Hex.encode(bytes, prefix: false)) }
        let name: JSON
        let parameters: JSON
        switch derivation {
        case .scrypt(let n, let r, let p, let salt):
            name = "scrypt"
            parameters = [
                "dklen": 32, "n": .integer(n), "p": .integer(p), "r": .integer(r),
                "salt": hex(salt),
            ]
        case .pbkdf2(let iterations, let salt):
            name = "pbkdf2"
            parameters = [
                "c": .integer(iterations), "dklen": 32, "prf": "hmac-sha256", "salt": hex(salt),
            ]
        }
        let crypto: JSON = [
            "cipher": "aes-128-ctr", "ciphertext": hex(ciphertext),
            "cipherparams": ["iv": hex(counter)], "kdf": name, "kdfparams": parameters,
            "mac": hex(mac),
        ]
        var members: [JSON.Member] = []
        if let address { members.append(JSON.Member("address", hex(address.bytes))) }
        members.append(JSON.Member("crypto", crypto))
        members.append(JSON.Member("id", .string(Self.text(of: identifier))))
        members.append(JSON.Member("version", 3))
        return JSON.object(members).encoded() + [0x0a]
    }

    /// Writes sixteen bytes as a UUID (RFC 9562, section 4).
    private static func text(of bytes: [UInt8]) -> String {
        let parts = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return parts.map { Hex.encode(Array($0), prefix: false) }.joined(separator: "-")
    }
}

/// The fields of a keystore's JSON, asked for by path.
private struct KeystoreFields {
    let root: JSON

    /// The value at a path; some wallets write `Crypto`.
    func value(_ path: String) throws(KeystoreError) -> JSON {
        var value = root
        for part in path.split(separator: ".") {
            let name = String(part)
            let next = value[name] ?? (name == "crypto" ? value["Crypto"] : nil)
            guard let next else { throw .field(path, found: "missing", expected: "a value") }
            value = next
        }
        return value
    }

    /// The first characters of a value, for a message.
    private func shown(_ value: JSON) -> String {
        String(String(decoding: value.encoded(), as: UTF8.self).prefix(80))
    }

    func require(_ path: String, is expected: JSON) throws(KeystoreError) {
        let found = try value(path)
        guard found == expected else {
            throw .field(path, found: shown(found), expected: shown(expected))
        }
    }

    func bytes(_ path: String, count: Int? = nil) throws(KeystoreError) -> [UInt8] {
        let found = try value(path)
        let expected = count.map { "\($0) bytes in hexadecimal" } ?? "bytes in hexadecimal"
        guard let text = found.text, let bytes = try? Hex.decode(text),
            count == nil || bytes.count == count
        else { throw .field(path, found: shown(found), expected: expected) }
        return bytes
    }

    func number(_ path: String) throws(KeystoreError) -> Int {
        let found = try value(path)
        guard let number = found.integer, number > 0 else {
            throw .field(path, found: shown(found), expected: "a number above zero")
        }
        return number
    }

    func derivation() throws(KeystoreError) -> Keystore.Derivation {
        try require("crypto.kdfparams.dklen", is: .number("32"))
        let salt = try bytes("crypto.kdfparams.salt")
        let name = try value("crypto.kdf")
        switch name {
        case .string("scrypt"):
            return .scrypt(
                n: UInt64(try number("crypto.kdfparams.n")),
                r: UInt64(try number("crypto.kdfparams.r")),
                p: UInt64(try number("crypto.kdfparams.p")), salt: salt)
        case .string("pbkdf2"):
            try require("crypto.kdfparams.prf", is: .string("hmac-sha256"))
            return .pbkdf2(iterations: try number("crypto.kdfparams.c"), salt: salt)
        default:
            throw .field("crypto.kdf", found: shown(name), expected: "scrypt or pbkdf2")
        }
    }

    func optionalAddress() throws(KeystoreError) -> Address? {
        guard root["address"] != nil else { return nil }
        return Address(try bytes("address", count: 20))
    }

    func identifier() throws(KeystoreError) -> [UInt8] {
        let found = try value("id")
        let digits = found.text.map { $0.filter { $0 != "-" } }
        guard let digits, let bytes = try? Hex.decode(digits), bytes.count == 16 else {
            throw .field("id", found: shown(found), expected: "a uuid")
        }
        return bytes
    }
}
