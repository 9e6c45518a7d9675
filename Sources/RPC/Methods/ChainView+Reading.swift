import Encoding
import Identifiers
import Ledger
import Primitives

extension ChainView {
    /// The number of the block that a selector means; `nil` if the chain has none.
    func number(_ selector: BlockSelector) -> UInt64? {
        switch selector {
        case .latest, .pending: number
        case .earliest: 0
        case .number(let number): number <= self.number ? number : nil
        case .hash(let hash): number(hash: hash)
        }
    }

    /// The block that a selector means; `nil` if the chain has none, throws if it had one.
    func block(_ selector: BlockSelector) throws(RPCError) -> Block? {
        guard let number = number(selector) else { return nil }
        guard !isPruned(number) else { throw .historyPruned }
        return block(number: number)
    }

    /// The block that a selector means; throws if the chain has none.
    func known(_ selector: BlockSelector) throws(RPCError) -> Block {
        guard let block = try block(selector) else { throw .headerNotFound }
        return block
    }

    /// The header of the block that a selector means; throws if the chain has none.
    func header(_ selector: BlockSelector) throws(RPCError) -> Header {
        guard let number = number(selector) else { throw .headerNotFound }
        guard !isPruned(number) else { throw .historyPruned }
        guard let header = header(number: number) else { throw .headerNotFound }
        return header
    }

    /// The state after the block that a selector means.
    func state(_ selector: BlockSelector) throws(RPCError) -> LedgerState {
        guard let number = number(selector) else { throw .headerNotFound }
        do throws(ChainError) {
            return try state(at: number)
        } catch {
            throw RPCError(error)
        }
    }

    /// The account at an address after a block; `nil` where there is none.
    func account(
        _ address: Address, _ selector: BlockSelector
    ) throws(RPCError) -> Ledger.Account? {
        try state(selector).account(address)
    }

    func storageValues(
        _ requests: [StorageRequest], _ selector: BlockSelector
    ) throws(RPCError) -> JSON {
        let state = try state(selector)
        return .object(
            requests.map { request in
                let values = request.keys.map { state.storage(request.address, $0.slot).hash }
                return JSON.Member(
                    request.address.description, .array(values.map { .data($0) }))
            })
    }

    func proof(
        _ address: Address, _ keys: [StorageKey], _ selector: BlockSelector
    ) throws(RPCError) -> JSON {
        guard let number = number(selector) else { throw .headerNotFound }
        do throws(ChainError) {
            return try proof(of: address, slots: keys.map(\.slot), at: number).json(keys)
        } catch {
            throw RPCError(error)
        }
    }

    /// The logs that a query asks for.
    func logs(_ query: LogQuery) throws(RPCError) -> [PlacedLog] {
        var filter = query.filter
        switch query.blocks {
        case .hash(let hash):
            guard let number = number(hash: hash) else { throw .server("unknown block") }
            (filter.from, filter.to) = (number, number)
        case .range(let from, let to):
            // A bound may lie beyond the head only to be told so.
            (filter.from, filter.to) = (bound(from), bound(to))
            guard filter.from <= filter.to else {
                throw .invalidParameters("invalid block range params")
            }
            guard filter.to <= number else {
                throw .invalidParameters("block range extends beyond current head block")
            }
        }
        do throws(ChainError) {
            return try logs(filter)
        } catch {
            throw RPCError(error)
        }
    }

    private func bound(_ selector: BlockSelector) -> UInt64 {
        if case .number(let number) = selector { return number }
        return number(selector) ?? number
    }
}
