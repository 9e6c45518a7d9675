import Crypto
import Encoding
import Glibc
import Identifiers
import Linux
import Node
import Primitives

/// A folder of keystores, one file each, named as geth names them.
struct KeyFolder {
    /// The folder's path.
    let path: String

    /// The keystores in the folder in the order of their addresses, and where they lie.
    func list() throws(Failure) -> [(address: Address, path: String)] {
        var found: [(address: Address, path: String)] = []
        for name in try Files.names(in: path) where !name.hasPrefix(".") {
            let file = "\(path)/\(name)"
            guard let bytes = try? Files.read(file, limit: Keystore.sizeLimit),
                let address = (try? Keystore(decoding: bytes))?.address
            else { continue }
            found.append((address, file))
        }
        return found.sorted { ($0.address, $0.path) < ($1.address, $1.path) }
    }

    /// Puts a key under a password into the folder, and says where; a key is there once only.
    func add(
        _ key: Secp256k1.SecretKey, password: String, isLight: Bool
    ) throws -> (address: Address, path: String) {
        let address = Address(key.publicKey.addressHash)
        if let old = try list().first(where: { $0.address == address }) {
            throw Failure("the key of \(address) is already in \(old.path)")
        }
        let salt = Entropy.seed()
        let store = try Keystore(
            sealing: key, password: password,
            derivation: isLight ? .light(salt: salt) : .standard(salt: salt),
            counter: Array(Entropy.seed().prefix(16)), identifier: Array(Entropy.seed().prefix(16)))
        try Files.makeFolder(path)
        let file = "\(path)/UTC--\(time())--\(Hex.encode(address.bytes, prefix: false))"
        try Files.write(store.encoded, to: file)
        return (address, file)
    }

    /// The time in the form of geth's file names, `2026-01-31T23-59-59.123456789Z`.
    private func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = [
            digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2),
            digits(Int(parts.tm_mday), 2),
        ]
        let hour = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }
        return date.joined(separator: "-") + "T" + hour.joined(separator: "-")
            + ".\(digits(now.tv_nsec, 9))Z"
    }
}
