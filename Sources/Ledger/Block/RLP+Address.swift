public import Encoding
public import Identifiers

extension RLP.Value {
    /// The address in a string of twenty bytes.
    public func address(_ what: String) throws(RLP.Failure) -> Address {
        guard case .bytes(let bytes) = self, let address = Address(bytes) else {
            throw .unexpected(what)
        }
        return address
    }
}

extension RLP.Writer {
    /// Appends an address as a string of twenty bytes.
    public mutating func append(_ address: Address) {
        append(address.bytes)
    }
}
