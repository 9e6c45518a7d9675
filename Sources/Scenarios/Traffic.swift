internal import Crypto
internal import Encoding
internal import Identifiers
internal import Ledger
internal import Machine
internal import Node
internal import Primitives
internal import Simulation

/// People who pay each other: each payment has an amount of its own and must arrive exactly once.
///
/// Each payer sends its next payments to some node that is up, and sends what is not final again
/// to another, as wallets do. A payment is known by its payer's nonce, so that a payment
/// that counted twice, or not at all, shows in the payee's balance.
struct Traffic: Sendable {
    private struct Payment: Sendable {
        let transaction: SignedTransaction
        let payee: Address
        let amount: UInt256
    }

    private let payments: [[Payment]]
    private var sent: [Int]
    private var random: Random
    private var nextAt: UInt64 = 0
    private var resendAt: UInt64 = 0
    private let interval: UInt64

    /// Makes up payments: so many for each account, spread over a time.
    init(_ village: Village, perAccount: Int, over seconds: UInt64, seed: UInt64) {
        var random = Random(seed: seed)
        var payments: [[Payment]] = []
        for (index, key) in village.accounts.enumerated() {
            var row: [Payment] = []
            for nonce in 0..<perAccount {
                let payee = Address(UInt256(0x1_0000 + UInt64(index)))
                let amount = UInt256(1 + random.next() % 1_000_000)
                let transaction = Transaction(
                    chainID: village.genesis.rules.chainID, nonce: UInt64(nonce),
                    maxPriorityFeePerGas: 1_000_000_000, maxFeePerGas: 20_000_000_000,
                    gasLimit: 21_000, to: payee, value: amount)
                row.append(
                    Payment(
                        transaction: SignedTransaction(signing: transaction, with: key),
                        payee: payee, amount: amount))
            }
            payments.append(row)
        }
        self.payments = payments
        self.random = random
        sent = payments.map { _ in 0 }
        let total = UInt64(max(1, payments.count * perAccount))
        interval = max(1, seconds * 1_000_000_000 / total)
    }

    /// How many payments there are.
    var count: Int { payments.reduce(0) { $0 + $1.count } }

    /// Sends what is due at this time.
    mutating func send(in world: World<Node>) {
        let now = world.now.nanoseconds
        while nextAt <= now {
            nextAt += interval
            let payer = Int(random.next() % UInt64(payments.count))
            guard sent[payer] < payments[payer].count else { continue }
            send(payments[payer][sent[payer]], in: world)
            sent[payer] += 1
        }
        guard resendAt <= now else { return }
        resendAt = now + 4_000_000_000
        resend(in: world)
    }

    /// Sends everything that is left, at once.
    mutating func sendAll(in world: World<Node>) {
        for payer in payments.indices {
            while sent[payer] < payments[payer].count {
                send(payments[payer][sent[payer]], in: world)
                sent[payer] += 1
            }
        }
    }

    /// Sends again what is not final where a node is asked.
    private mutating func resend(in world: World<Node>) {
        guard let node = anyNode(of: world) else { return }
        let nonces = world.read(node) { node in
            let state = node.finalView.state
            return payments.map { state.account($0.first?.transaction.sender ?? .zero)?.nonce ?? 0 }
        }
        for (payer, nonce) in (nonces ?? []).enumerated() {
            let first = Int(clamping: nonce)
            guard first < sent[payer] else { continue }
            for payment in payments[payer][first..<min(sent[payer], first + 16)] {
                send(payment, in: world)
            }
        }
    }

    private mutating func send(_ payment: Payment, in world: World<Node>) {
        guard let node = anyNode(of: world) else { return }
        let call = JSON.object([
            .init("jsonrpc", "2.0"), .init("id", 1),
            .init("method", "eth_sendRawTransaction"),
            .init("params", [.string(Hex.encode(payment.transaction.encoded))]),
        ])
        world.request(
            node,
            HTTPRequest(
                method: "POST", target: "/", headers: [.init("host", "localhost")],
                body: call.encoded()))
    }

    private mutating func anyNode(of world: World<Node>) -> Int? {
        let up = (0..<world.count).filter { world.isUp($0) }
        return up.isEmpty ? nil : up[Int(random.next() % UInt64(up.count))]
    }

    /// Whether a node has all payments final.
    func isDone(at node: Node) -> Bool {
        let state = node.finalView.state
        return payments.allSatisfy { row in
            guard let payer = row.first?.transaction.sender else { return true }
            return state.account(payer)?.nonce == UInt64(row.count)
        }
    }

    /// What is lost or doubled where a node is asked; empty if nothing is.
    func losses(at node: Node) -> [String] {
        let view = node.finalView
        var found: [String] = []
        for row in payments {
            guard let payee = row.first?.payee else { continue }
            let expected = row.reduce(UInt256.zero) { $0 &+ $1.amount }
            let balance = view.state.account(payee)?.balance ?? .zero
            if balance != expected {
                found.append("payee \(payee) has \(balance), expected \(expected)")
            }
            for payment in row where view.transaction(payment.transaction.hash) == nil {
                found.append("transaction \(payment.transaction.hash) is not in the chain")
            }
        }
        return found
    }
}
