import Crypto
import Encoding
import Identifiers
import Linux
import Node
import Primitives

/// `martlet key`: creates, imports and lists keys of accounts, each under a password.
struct Key: Command {
    static let name = "key"
    static let summary = "create, import and list keys, each in a file under a password"
    static let usage = """
        martlet key create [--dir=DIR] [--password-file=FILE] [--light] [--json]
        martlet key import SOURCE [--source-password-file=FILE] [--dir=DIR]
                    [--password-file=FILE] [--light] [--json]
        martlet key list [--dir=DIR] [--json]

        Keeps secret keys in Ethereum's keystore files (Web3 secret storage, version 3), which geth
        and other wallets read and write. A file can be read by its owner alone.

        create   Draws a new key from the kernel's entropy and prints its address and its file.
        import   Takes a key from SOURCE: a file with 64 hexadecimal digits, a keystore file of
                 another wallet, or - for standard input. A key is in a folder once only.
        list     Prints the address and the file of every key in the folder.

        --dir=DIR                    the folder of keys; keystore, unless told otherwise
        --password-file=FILE         the first line of FILE is the password of the new file;
                                     without it the terminal is asked, and nothing is shown
        --source-password-file=FILE  the same, for the keystore file that is imported
        --light                      a cheap derivation (4 MiB, some milliseconds), for tests only
        --json                       prints {"address":…,"file":…}, or a list of them
        """

    private enum Action: Equatable {
        case create
        case `import`(source: String, passwordFile: String?)
        case list
    }

    private let action: Action
    private let folder: KeyFolder
    private let passwordFile: String?
    private let isLight: Bool
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        let word = try arguments.positional("create, import or list")
        switch word {
        case "create": action = .create
        case "import":
            action = .import(
                source: try arguments.positional("SOURCE"),
                passwordFile: try arguments.value("source-password-file"))
        case "list": action = .list
        default: throw .unknown(word, known: ["create", "import", "list"])
        }
        folder = KeyFolder(path: try arguments.value("dir") ?? "keystore")
        isJSON = try arguments.flag("json")
        guard action != .list else {
            (passwordFile, isLight) = (nil, false)
            return
        }
        passwordFile = try arguments.value("password-file")
        isLight = try arguments.flag("light")
    }

    func run() throws {
        switch action {
        case .list:
            let entries = try folder.list()
            if isJSON {
                show(.array(entries.map { json($0.address, $0.path) }))
            } else {
                for entry in entries { print("\(entry.address)  \(entry.path)") }
            }
        case .create: try add(try draw())
        case .import(let source, let passwordFile):
            try add(try AccountKey.read(source, passwordFile: passwordFile))
        }
    }

    private func add(_ key: Secp256k1.SecretKey) throws {
        let password = try Password.read(
            file: passwordFile, prompt: "password for the new file: ", isNew: true)
        let entry = try folder.add(key, password: password, isLight: isLight)
        if isJSON {
            show(json(entry.address, entry.path))
        } else {
            print("\(entry.address)  \(entry.path)")
        }
    }

    /// A key of fresh chance; all but one in 2¹²⁸ draws are one.
    private func draw() throws -> Secp256k1.SecretKey {
        guard let key = Secp256k1.SecretKey(Entropy.seed()) else {
            throw Failure("the kernel's entropy gave no key: run this again")
        }
        return key
    }

    private func json(_ address: Address, _ path: String) -> JSON {
        ["address": .string(address.description), "file": .string(path)]
    }

    private func show(_ value: JSON) {
        print(String(decoding: value.encoded(), as: UTF8.self))
    }
}
