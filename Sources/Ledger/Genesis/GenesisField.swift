import Encoding
import Identifiers
import Primitives

/// One field of a genesis file, and how it is named in errors.
struct GenesisField {
    /// Its name, with those of the objects around it.
    let name: String
    /// Its value; `nil` if it is missing.
    let value: JSON?

    /// A field of the object.
    subscript(name: String) -> GenesisField {
        GenesisField(name: self.name.isEmpty ? name : "\(self.name).\(name)", value: value?[name])
    }

    /// Whether it is there.
    var isThere: Bool { value.map { !$0.isNull } ?? false }

    /// The fields of the object, in order.
    func fields() throws(GenesisError) -> [(name: String, field: GenesisField)] {
        guard let members = value?.members else { throw wrong("an object") }
        return members.map {
            ($0.name, GenesisField(name: "\(name).\($0.name)", value: $0.value))
        }
    }

    /// The elements of the array.
    func elements() throws(GenesisError) -> [GenesisField] {
        guard let elements = value?.elements else { throw wrong("an array") }
        return elements.enumerated().map {
            GenesisField(name: "\(name)[\($0)]", value: $1)
        }
    }

    /// A number: digits, or a string of decimal digits or hexadecimal ones after `0x`.
    func number256() throws(GenesisError) -> UInt256 {
        let text: String?
        if case .number(let digits) = value { text = digits } else { text = value?.text }
        guard let text, let number = UInt256(text) else { throw wrong("a number") }
        return number
    }

    /// A number of 64 bits.
    func number() throws(GenesisError) -> UInt64 {
        guard let number = try number256().asUInt64 else { throw wrong("a number of 64 bits") }
        return number
    }

    /// A number of 64 bits, or another one if it is missing.
    func number(or other: UInt64) throws(GenesisError) -> UInt64 {
        isThere ? try number() : other
    }

    /// True or false, or the usual one if it is missing.
    func flag(or usual: Bool) throws(GenesisError) -> Bool {
        guard isThere else { return usual }
        guard let truth = value?.truth else { throw wrong("true or false") }
        return truth
    }

    /// Text.
    func text() throws(GenesisError) -> String {
        guard let text = value?.text else { throw wrong("a string") }
        return text
    }

    /// Bytes in hexadecimal, so many where a count is given.
    func bytes(count: Int? = nil) throws(GenesisError) -> [UInt8] {
        let expected = count.map { "\($0) bytes in hexadecimal" } ?? "bytes in hexadecimal"
        guard let text = value?.text, let bytes = try? Hex.decode(text),
            count == nil || count == bytes.count
        else { throw wrong(expected) }
        return bytes
    }

    /// A hash.
    func hash() throws(GenesisError) -> Hash32 {
        guard let hash = Hash32(try bytes(count: 32)) else { throw wrong("32 bytes") }
        return hash
    }

    /// An address.
    func address() throws(GenesisError) -> Address {
        guard let address = Address(try bytes(count: 20)) else { throw wrong("20 bytes") }
        return address
    }

    /// The error that says that the field is missing, or not what it must be.
    func wrong(_ expected: String) -> GenesisError {
        isThere ? .invalid(field: name, expected: expected) : .missing(name)
    }
}
