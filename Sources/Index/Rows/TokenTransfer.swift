import Crypto
import Encoding
public import Identifiers
public import Ledger
public import Primitives

/// A token that changed hands, as the log of its contract tells.
public struct TokenTransfer: Hashable, Sendable {
    /// The contract.
    public let token: Address
    /// What its logs look like.
    public let standard: Standard
    /// Who had it; zero for what is new.
    public let sender: Address
    /// Who has it now; zero for what is gone.
    public let recipient: Address
    /// Which of the contract's tokens it is; `nil` where all are alike.
    public let item: UInt256?
    /// How many.
    public let amount: UInt256

    /// How a contract tells of transfers.
    public enum Standard: Int64, CaseIterable, Sendable {
        /// All tokens are alike (ERC-20).
        case fungible = 20
        /// Each token is one of its kind (ERC-721).
        case unique = 721
        /// There are several kinds of token (ERC-1155).
        case multiple = 1_155

        /// The name of the standard.
        public var name: String { "ERC-\(rawValue)" }
    }

    private static let transfer = topic("Transfer(address,address,uint256)")
    private static let single = topic("TransferSingle(address,address,address,uint256,uint256)")
    private static let batch = topic(
        "TransferBatch(address,address,address,uint256[],uint256[])")

    private static func topic(_ signature: String) -> Hash32 { keccak256(Array(signature.utf8)) }

    /// The transfers that a log tells of; none where it is not laid out as a standard says.
    ///
    /// Anybody can write such logs: that they are laid out so is all that is known.
    public static func all(in log: Log) -> [TokenTransfer] {
        switch log.topics.first {
        case transfer: return plain(log).map { [$0] } ?? []
        case single: return several(log, batch: false)
        case batch: return several(log, batch: true)
        default: return []
        }
    }

    /// ERC-20 and ERC-721 share a topic: what is unique has its number among the topics.
    private static func plain(_ log: Log) -> TokenTransfer? {
        guard log.topics.count >= 3, let sender = address(log.topics[1]),
            let recipient = address(log.topics[2])
        else { return nil }
        switch (log.topics.count, log.data.count) {
        case (3, 32):
            return TokenTransfer(
                token: log.address, standard: .fungible, sender: sender, recipient: recipient,
                item: nil, amount: UInt256(bigEndian: log.data) ?? .zero)
        case (4, 0):
            return TokenTransfer(
                token: log.address, standard: .unique, sender: sender, recipient: recipient,
                item: UInt256(log.topics[3]), amount: .one)
        default: return nil
        }
    }

    private static func several(_ log: Log, batch: Bool) -> [TokenTransfer] {
        guard log.topics.count == 4, let sender = address(log.topics[2]),
            let recipient = address(log.topics[3])
        else { return [] }
        let word = ABI.Kind.uint(256)
        let kinds =
            batch ? [ABI.Kind.array(word, count: nil), .array(word, count: nil)] : [word, word]
        guard let values = try? ABI.decode(log.data, as: kinds), values.count == 2 else {
            return []
        }
        let (items, amounts) = (numbers(values[0]), numbers(values[1]))
        guard items.count == amounts.count else { return [] }
        return zip(items, amounts).map { item, amount in
            TokenTransfer(
                token: log.address, standard: .multiple, sender: sender, recipient: recipient,
                item: item, amount: amount)
        }
    }

    private static func numbers(_ value: ABI.Value) -> [UInt256] {
        switch value {
        case .array(let values): values.flatMap(numbers)
        case .uint(let number): [number]
        default: []
        }
    }

    /// The address in a topic; `nil` if it holds anything else.
    private static func address(_ topic: Hash32) -> Address? {
        topic.a == 0 && topic.b >> 32 == 0 ? Address(topic) : nil
    }
}
