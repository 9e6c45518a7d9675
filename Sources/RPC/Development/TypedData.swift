import Crypto
public import Encoding
import Identifiers
public import Primitives

/// The digest of a message whose fields have types, as wallets show and sign it (EIP-712).
public struct TypedData {
    private struct Field {
        let name: String
        let type: String
    }

    private let types: [String: [Field]]

    /// How deep values may lie in one another.
    private static let depthLimit = 32
    /// The fields that a domain may have, in their order, and their types.
    private static let domainFields = [
        Field(name: "name", type: "string"), Field(name: "version", type: "string"),
        Field(name: "chainId", type: "uint256"), Field(name: "verifyingContract", type: "address"),
        Field(name: "salt", type: "bytes32"),
    ]

    /// The digest of a message, given as an object or as its text; `nil` if it does not fit its types.
    public static func digest(of json: JSON) -> Hash32? { try? digest(reading: json) }

    static func digest(reading json: JSON) throws(ParameterFault) -> Hash32 {
        var json = json
        if let text = json.text {
            guard let read = try? JSON(decoding: Array(text.utf8)) else {
                throw .text("expected typed data")
            }
            json = read
        }
        guard let primary = json["primaryType"]?.text, let domain = json["domain"],
            let message = json["message"]
        else { throw .text("expected types, primaryType, domain and message") }
        let data = try TypedData(json["types"], domain)
        var bytes: [UInt8] = [0x19, 0x01]
        bytes += try data.hash(domain, as: "EIP712Domain", depth: 0)
        // A message that is its domain alone has no second part.
        if primary != "EIP712Domain" { bytes += try data.hash(message, as: primary, depth: 0) }
        return keccak256(bytes)
    }

    private init(_ json: JSON?, _ domain: JSON) throws(ParameterFault) {
        guard let members = json?.members else { throw .text("expected an object of types") }
        var types: [String: [Field]] = [:]
        for member in members {
            guard let fields = member.value.elements else { throw .text("expected fields") }
            for field in fields {
                guard let name = field["name"]?.text, let type = field["type"]?.text else {
                    throw .text("expected the name and type of a field of \(member.name)")
                }
                types[member.name, default: []].append(Field(name: name, type: type))
            }
            if fields.isEmpty { types[member.name] = [] }
        }
        if types["EIP712Domain"] == nil {
            types["EIP712Domain"] = Self.domainFields.filter { field in
                domain[field.name].map { !$0.isNull } ?? false
            }
        }
        self.types = types
    }

    /// `hashStruct`: the hash of a value's type and of its fields.
    private func hash(
        _ json: JSON, as type: String, depth: Int
    ) throws(ParameterFault) -> [UInt8] {
        guard let fields = types[type] else { throw .text("unknown type \(type)") }
        guard depth < Self.depthLimit else { throw .text("values lie too deep") }
        var bytes = keccak256(Array(try description(of: type).utf8)).bytes
        for field in fields {
            bytes += try word(json[field.name] ?? .null, as: field.type, depth: depth + 1)
        }
        return keccak256(bytes).bytes
    }

    /// `encodeType`: the type with its fields, and then those that it is made of, sorted.
    private func description(of type: String) throws(ParameterFault) -> String {
        var found: Set<String> = [type]
        var open = [type]
        while let next = open.popLast() {
            for field in types[next] ?? [] {
                let name = String(field.type.prefix { $0 != "[" })
                if types[name] != nil, found.insert(name).inserted { open.append(name) }
            }
        }
        found.remove(type)
        return ([type] + found.sorted()).map { name in
            let fields = (types[name] ?? []).map { "\($0.type) \($0.name)" }
            return "\(name)(\(fields.joined(separator: ",")))"
        }.joined()
    }

    /// `encodeData` of one field: always thirty-two bytes.
    private func word(
        _ json: JSON, as type: String, depth: Int
    ) throws(ParameterFault) -> [UInt8] {
        guard depth < Self.depthLimit else { throw .text("values lie too deep") }
        if type.hasSuffix("]"), let open = type.lastIndex(of: "[") {
            let count = type[type.index(after: open)...].dropLast()
            guard let elements = json.elements, count.isEmpty || Int(count) == elements.count
            else { throw .text("expected an array for \(type)") }
            var bytes: [UInt8] = []
            for element in elements {
                bytes += try word(element, as: String(type[..<open]), depth: depth + 1)
            }
            return keccak256(bytes).bytes
        }
        if types[type] != nil {
            // What is missing in a value that holds values of its own type is zero.
            return json.isNull
                ? [UInt8](repeating: 0, count: 32) : try hash(json, as: type, depth: depth)
        }
        return try Self.atom(json, as: type)
    }

    private static func atom(_ json: JSON, as type: String) throws(ParameterFault) -> [UInt8] {
        switch type {
        case "string":
            guard let text = json.text else { throw .text("expected a string") }
            return keccak256(Array(text.utf8)).bytes
        case "bytes": return keccak256(try Read.bytes(json)).bytes
        case "bool": return [UInt8](repeating: 0, count: 31) + [try Read.bool(json) ? 1 : 0]
        case "address":
            return [UInt8](repeating: 0, count: 12) + (try Read.address(json)).bytes
        default: break
        }
        guard let kind = try? ABI.Kind(type) else { throw .text("unknown type \(type)") }
        switch kind {
        case .fixedBytes(let count):
            let bytes = try Read.bytes(json)
            guard bytes.count == count else { throw .text("expected \(count) bytes") }
            return bytes + [UInt8](repeating: 0, count: 32 - count)
        case .uint(let bits):
            let number = try Read.amount(json)
            guard number.bitWidth <= bits else { throw .text("number > \(bits) bits") }
            return number.bytes
        case .int(let bits): return try signed(json, bits: bits).bytes
        default: throw .text("unknown type \(type)")
        }
    }

    /// A number with a sign, in two's complement.
    private static func signed(_ json: JSON, bits: Int) throws(ParameterFault) -> UInt256 {
        var digits = json.text
        if case .number(let text) = json { digits = text }
        guard let digits else { throw .text("expected a number") }
        let isNegative = digits.hasPrefix("-")
        let size = try Read.amount(.string(isNegative ? String(digits.dropFirst()) : digits))
        let limit = UInt256(1) << (bits - 1)
        guard isNegative ? size <= limit : size < limit else {
            throw .text("number > \(bits) bits")
        }
        return isNegative ? UInt256.zero &- size : size
    }
}
