import Encoding
import Identifiers
import Primitives

/// The parameters of one call, taken one after another in their order.
///
/// What a method does not take is refused by `finish`, as other clients do.
struct Parameters {
    private let values: [JSON]
    private var index = 0

    /// Takes the `params` of a request; they may be missing or `null`, but not named.
    init(_ json: JSON?) throws(RPCError) {
        switch json {
        case nil, .null?: values = []
        case .array(let values)?: self.values = values
        default: throw .invalidParameters("non-array args")
        }
    }

    /// Takes the next value; `nil` if it is missing or `null`.
    mutating func optional<Value>(
        _ read: (JSON) throws(ParameterFault) -> Value
    ) throws(RPCError) -> Value? {
        guard index < values.count else { return nil }
        defer { index += 1 }
        guard !values[index].isNull else { return nil }
        do {
            return try read(values[index])
        } catch {
            throw error.error(argument: index)
        }
    }

    /// Takes the next value, which must be there.
    mutating func next<Value>(
        _ read: (JSON) throws(ParameterFault) -> Value
    ) throws(RPCError) -> Value {
        let place = index
        guard let value = try optional(read) else {
            throw .invalidParameters("missing value for required argument \(place)")
        }
        return value
    }

    /// Refuses values that are left over.
    func finish() throws(RPCError) {
        guard index >= values.count else {
            throw .invalidParameters("too many arguments, want at most \(index)")
        }
    }
}

/// What is wrong with one parameter: a text for the place it stands in, or a whole error.
enum ParameterFault: Error, Hashable {
    case hex(HexFault)
    case field(String, HexFault)
    case text(String)
    case whole(RPCError)

    func error(argument: Int) -> RPCError {
        switch self {
        case .hex(let fault): .invalidParameters("invalid argument \(argument): \(fault.text)")
        case .field(let name, let fault):
            .invalidParameters("invalid argument \(argument): field \(name): \(fault.text)")
        case .text(let text): .invalidParameters("invalid argument \(argument): \(text)")
        case .whole(let error): error
        }
    }
}

/// Readers of one parameter each, to be handed to `next` and `optional`.
enum Read {
    static func address(_ json: JSON) throws(ParameterFault) -> Address {
        try hex { () throws(HexFault) in try Quantity.address(json) }
    }

    static func hash(_ json: JSON) throws(ParameterFault) -> Hash32 {
        try hex { () throws(HexFault) in try Quantity.hash(json) }
    }

    static func bytes(_ json: JSON) throws(ParameterFault) -> [UInt8] {
        try hex { () throws(HexFault) in try Quantity.bytes(json) }
    }

    static func number64(_ json: JSON) throws(ParameterFault) -> UInt64 {
        try hex { () throws(HexFault) in try Quantity.number64(json) }
    }

    static func bool(_ json: JSON) throws(ParameterFault) -> Bool {
        guard let truth = json.truth else { throw .text("expected true or false") }
        return truth
    }

    static func string(_ json: JSON) throws(ParameterFault) -> String {
        guard let text = json.text else { throw .text("expected a string") }
        return text
    }

    static func hex<Value>(_ read: () throws(HexFault) -> Value) throws(ParameterFault) -> Value {
        do {
            return try read()
        } catch {
            throw .hex(error)
        }
    }

    /// Reads a member of an object, if it is there and not `null`.
    static func field<Value>(
        _ json: JSON, _ name: String, _ read: (JSON) throws(HexFault) -> Value
    ) throws(ParameterFault) -> Value? {
        guard let value = json[name], !value.isNull else { return nil }
        do {
            return try read(value)
        } catch {
            throw .field(name, error)
        }
    }
}
