import Crypto
import Encoding
import Node

/// A secret key of an account, as commands take it from a file.
enum AccountKey {
    /// Reads a keystore file or one with 64 hexadecimal digits; `-` is standard input.
    static func read(_ path: String, passwordFile: String?) throws -> Secp256k1.SecretKey {
        let bytes = try Files.read(path, limit: Keystore.sizeLimit)
        let text = bytes.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if text.first == 0x7b {
            let store = try Keystore(decoding: bytes)
            let password = try Password.read(
                file: passwordFile, prompt: "password of \(path): ", isNew: false)
            return try store.open(password: password)
        }
        guard let secret = try? Hex.decode(String(decoding: text, as: UTF8.self)),
            let key = Secp256k1.SecretKey(secret)
        else {
            throw Failure("\(path) holds neither a keystore nor 64 hexadecimal digits of a key")
        }
        return key
    }
}
