public import Encoding
public import Identifiers
public import Ledger

extension Pool {
    /// What `txpool_content` tells, of all senders or of one.
    public func content(of sender: Address?) -> JSON {
        var pending: [JSON.Member] = []
        var queued: [JSON.Member] = []
        for address in sender.map({ [$0] }) ?? senders {
            let (entries, executable) = transactions(of: address)
            func rows(_ entries: some Sequence<SignedTransaction>) -> JSON {
                .object(
                    entries.map { .init("\($0.transaction.nonce)", $0.pendingJSON) })
            }
            if executable > 0 {
                pending.append(.init(address.checksummed, rows(entries.prefix(executable))))
            }
            if executable < entries.count {
                queued.append(.init(address.checksummed, rows(entries.dropFirst(executable))))
            }
        }
        return .object([.init("pending", .object(pending)), .init("queued", .object(queued))])
    }

    /// The transactions that wait, of each sender in order, at most so many.
    public func waiting(limit: Int) -> [SignedTransaction] {
        var waiting: [SignedTransaction] = []
        for sender in senders where waiting.count < limit {
            waiting += transactions(of: sender).entries
        }
        return Array(waiting.prefix(limit))
    }
}
