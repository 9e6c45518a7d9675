import Apps
import Crypto
import Encoding
package import Identifiers
import Ledger
import Primitives

/// The shop's contracts: where they stand, and how they are called.
package struct ShopContracts: Sendable {
    /// The stable token.
    let dollar: ShopContract
    /// The shop's ledger.
    let orders: ShopContract
    /// What funds many accounts at once.
    let disperse: ShopContract

    /// A cent in units of the token, which has six decimals.
    static let unitsPerCent: UInt64 = 10_000
    /// How many customers, orders or days one call may name.
    static let most = 500

    /// Reads the contracts that are part of the program.
    package init() throws(Failure) {
        dollar = try ShopContract("Dollar", nonce: 0)
        orders = try ShopContract("Orders", nonce: 1)
        disperse = try ShopContract("Disperse", nonce: 2)
    }

    /// All, in the order of their making.
    package var all: [ShopContract] { [dollar, orders, disperse] }
}

/// Who opens the shop on a local network, with a key that everyone knows.
///
/// So the contracts stand at the same addresses on every such network, and the console finds them.
package enum Merchant {
    /// The secret key: nothing but money of development networks is ever behind it.
    static let key: Secp256k1.SecretKey = {
        let digest = keccak256(Array("martlet development merchant".utf8))
        guard let key = Secp256k1.SecretKey(digest.bytes) else {
            preconditionFailure("the digest is a key")
        }
        return key
    }()

    /// The account.
    package static let address = Address(key.publicKey.addressHash)

    /// The address of the contract that the account makes with this nonce.
    static func contract(nonce: UInt64) -> Address {
        let name = RLP.encode(.list([.bytes(address.bytes), .number(nonce)]))
        return Address(keccak256(name))
    }
}

/// One contract of the program: its code, its interface and its place.
package struct ShopContract: Sendable {
    /// The name of its source.
    package let name: String
    /// Where it stands once the merchant made it.
    package let address: Address
    /// The code that makes it, without arguments.
    let code: [UInt8]
    private let functions: [String: Function]

    private struct Function: Sendable {
        let selector: [UInt8]
        let outputs: [ABI.Kind]
    }

    init(_ name: String, nonce: UInt64) throws(Failure) {
        guard let asset = Asset.named("/contracts/\(name).json"),
            let file = try? JSON(decoding: asset.bytes),
            let code = file["bytecode"]?.text.flatMap({ try? Hex.decode($0) }),
            let entries = file["abi"].flatMap({ try? ABI.interface($0) })
        else { throw Failure("the contract \(name) in this program cannot be read") }
        self.name = name
        self.code = code
        address = Merchant.contract(nonce: nonce)
        functions = entries.filter { $0.sort == .function }.reduce(into: [:]) { table, entry in
            table[entry.name] = Function(
                selector: ABI.selector(entry.signature) { keccak256($0) },
                outputs: entry.outputs.map(\.kind))
        }
    }

    /// The input of a call.
    func input(_ function: String, _ arguments: [ABI.Value]) -> [UInt8] {
        guard let found = functions[function] else {
            preconditionFailure("\(name) has a function \(function)")
        }
        return ABI.encodeCall(selector: found.selector, arguments)
    }

    /// What a call that only reads returns on a node.
    func read(
        _ function: String, _ arguments: [ABI.Value], from node: NodeClient
    ) throws -> [ABI.Value] {
        let call: JSON = [
            "to": .string(address.description),
            "data": .string(Hex.encode(input(function, arguments))),
        ]
        let answer = try node.call("eth_call", call, "latest")
        guard let text = answer.text, let bytes = try? Hex.decode(text),
            let values = try? ABI.decode(bytes, as: functions[function]?.outputs ?? [])
        else {
            throw Failure("\(node): \(name).\(function) answered what cannot be read: \(answer)")
        }
        return values
    }
}

extension ABI.Value {
    /// A list of accounts.
    static func accounts(_ addresses: some Sequence<Address>) -> ABI.Value {
        .array(addresses.map { .address($0.bytes) })
    }

    /// A list of numbers.
    static func numbers(_ numbers: some Sequence<UInt64>) -> ABI.Value {
        .array(numbers.map { .uint(UInt256($0)) })
    }

    /// The numbers of a list; `nil` if this is none, or one does not fit.
    var numbers: [UInt256]? {
        guard case .array(let values) = self else { return nil }
        let numbers = values.compactMap(\.number)
        return numbers.count == values.count ? numbers : nil
    }
}
