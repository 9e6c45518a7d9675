import Crypto
import Encoding
import Identifiers
import Primitives

/// The transactions of the shop, by what they are for.
package struct ShopErrands: Sendable {
    let contracts: ShopContracts
    let customers: ShopCustomers
    let chain: UInt64

    /// Creates what the merchant and these customers can do on a chain.
    package init(contracts: ShopContracts, customers: ShopCustomers, chain: UInt64) {
        self.contracts = contracts
        self.customers = customers
        self.chain = chain
    }

    /// The number that stands for the merchant among the senders; customers are numbered from 0.
    static let merchant = -1
    /// The number that stands for the faucet.
    static let faucet = -2
    /// How many accounts one transaction funds: below the 16,777,216 gas of EIP-7825.
    static let funded = 50
    /// What each customer is given for gas: 50 of the chain's money.
    static let allowance = UInt256("50000000000000000000") ?? .max

    /// What the merchant is given: ten million coins, which pay for the gas of all customers.
    static let float = UInt256("10000000000000000000000000") ?? .max

    /// Gives the merchant money.
    func float(from faucet: Secp256k1.SecretKey, nonce: UInt64) -> Errand {
        Errand(
            key: faucet, sender: Self.faucet, nonce: nonce, to: Merchant.address,
            value: Self.float, data: [], gas: 21_000)
    }

    /// Makes the contracts, at the merchant's first nonces.
    func contracts(from nonce: UInt64) -> [Errand] {
        let token = ABI.encode([.address(contracts.dollar.address.bytes)])
        let codes = [contracts.dollar.code, contracts.orders.code + token, contracts.disperse.code]
        return codes.enumerated().dropFirst(Int(nonce)).map { place, code in
            merchant(UInt64(place), to: nil, code, gas: 4_000_000)
        }
    }

    /// Issues so many units to the merchant, and lets the purse pay them out.
    func issue(_ units: UInt256, nonce: UInt64) -> [Errand] {
        let minted = contracts.dollar.input(
            "mint", [.address(Merchant.address.bytes), .uint(units)])
        let allowed = contracts.dollar.input(
            "approve", [.address(contracts.disperse.address.bytes), .uint(.max)])
        return [
            merchant(nonce, to: contracts.dollar.address, minted, gas: 200_000),
            merchant(nonce + 1, to: contracts.dollar.address, allowed, gas: 200_000),
        ]
    }

    /// Gives accounts wei for gas, and units of the token.
    func fund(_ receivers: [(account: Address, units: UInt256)], nonce: UInt64) -> Errand {
        let input = contracts.disperse.input(
            "fund",
            [
                .address(contracts.dollar.address.bytes), .accounts(receivers.map(\.account)),
                .array(receivers.map { .uint($0.units) }), .uint(Self.allowance),
            ])
        var sum = UInt256.zero
        for _ in receivers { sum = sum &+ Self.allowance }
        return merchant(
            nonce, to: contracts.disperse.address, input, value: sum,
            gas: 100_000 + 65_000 * UInt64(receivers.count))
    }

    /// Delivers orders.
    func deliver(_ orders: [Purchase], nonce: UInt64) -> Errand {
        let input = contracts.orders.input(
            "deliver",
            [
                .accounts(orders.map { customers.addresses[$0.customer] }),
                .numbers(orders.map(\.number)),
            ])
        return merchant(
            nonce, to: contracts.orders.address, input,
            gas: 100_000 + 10_000 * UInt64(orders.count))
    }

    /// Makes an account a customer, by a permit that it signs.
    func register(_ customer: Int, domain: Hash32, nonce: UInt64) -> Errand {
        let permit = Permit(
            owner: customers.addresses[customer], spender: contracts.orders.address, amount: .max,
            nonce: 0, deadline: .max)
        let signature = permit.signed(by: customers.keys[customer], domain: domain)
        let input = contracts.orders.input(
            "register",
            [
                .uint(.max), .uint(UInt256(permit.deadline)),
                .uint(UInt256(27 + UInt64(signature.recoveryID))),
                .fixedBytes(signature.r.bytes), .fixedBytes(signature.s.bytes),
            ])
        return own(customer, nonce, input, gas: 140_000)
    }

    /// Makes a purchase.
    package func order(_ purchase: Purchase, nonce: UInt64) -> Errand {
        let values = [purchase.number, purchase.day, purchase.discs, purchase.cents]
        let input = contracts.orders.input("order", values.map { .uint(UInt256($0)) })
        return own(purchase.customer, nonce, input, gas: 120_000)
    }

    private func own(_ customer: Int, _ nonce: UInt64, _ input: [UInt8], gas: UInt64) -> Errand {
        Errand(
            key: customers.keys[customer], sender: customer, nonce: nonce,
            to: contracts.orders.address, data: input, gas: gas)
    }

    private func merchant(
        _ nonce: UInt64, to: Address?, _ input: [UInt8], value: UInt256 = .zero, gas: UInt64
    ) -> Errand {
        Errand(
            key: Merchant.key, sender: Self.merchant, nonce: nonce, to: to, value: value,
            data: input, gas: gas)
    }
}
