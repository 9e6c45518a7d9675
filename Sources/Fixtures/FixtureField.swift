import Encoding
import Identifiers
import Primitives

// What fixtures are made of; each reader says what is missing, or no such value.
extension JSON? {
    /// A member of the object; `nil` if there is no object, or no such member.
    subscript(name: String) -> JSON? { self?[name] }

    /// The elements of the array, or the members' values; none if it is neither.
    var values: [JSON] { self?.elements ?? self?.members?.map(\.value) ?? [] }

    func there(_ what: String) throws(FixtureError) -> JSON {
        guard let self else { throw FixtureError("\(what) is missing") }
        return self
    }

    func text(_ what: String) throws(FixtureError) -> String {
        guard let text = self?.text else { throw FixtureError("\(what) is missing, or no text") }
        return text
    }

    /// A number as text or digits; `0x` alone is zero.
    func number(_ what: String) throws(FixtureError) -> UInt256 {
        var digits = self?.text
        if case .number(let plain) = self { digits = plain }
        guard let digits, let number = UInt256(digits == "0x" ? "0x0" : digits) else {
            throw FixtureError("\(what) is no number: \(digits ?? "missing")")
        }
        return number
    }

    func number64(_ what: String) throws(FixtureError) -> UInt64 {
        guard let number = try number(what).asUInt64 else {
            throw FixtureError("\(what) is too great")
        }
        return number
    }

    func bytes(_ what: String) throws(FixtureError) -> [UInt8] {
        let text = try text(what)
        do {
            return try Hex.decode(text)
        } catch {
            throw FixtureError("\(what) is not hexadecimal: \(error)")
        }
    }

    func hash(_ what: String) throws(FixtureError) -> Hash32 {
        guard let hash = Hash32(try bytes(what)) else { throw FixtureError("\(what) is no hash") }
        return hash
    }

    func address(_ what: String) throws(FixtureError) -> Address {
        guard let address = Address(try bytes(what)) else {
            throw FixtureError("\(what) is no address")
        }
        return address
    }
}
