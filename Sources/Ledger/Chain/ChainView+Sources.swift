public import Identifiers
public import Machine
import Store

/// The sources of contracts, which somebody gave and this node verified.
///
/// They are kept beside the chain: nothing that nodes agree on depends on them.
extension ChainView {
    /// What is kept of the source of a contract; `nil` if nothing is.
    public func source(of address: Address) -> [UInt8]? {
        snapshot.value(address.bytes, in: Tables.sources)
    }

    /// What is kept of the sources of contracts, by their addresses, at most so many.
    public func sources(limit: Int) -> [(address: Address, record: [UInt8])] {
        snapshot.entries(from: [0], in: Tables.sources, limit: limit).compactMap { entry in
            Address(entry.key).map { ($0, entry.value) }
        }
    }

    /// Keeps a record of the source of a contract.
    public static func keeping(_ record: [UInt8], for address: Address) -> Write {
        Write(Tables.sources, address.bytes, record)
    }
}
