import Apps
import CLI
import Crypto
import Encoding
import Foundation
import Identifiers
import Primitives
import Testing

/// What the shop's demonstration is made of, without a network.
@Suite struct ShopTests {
    private func history(_ text: String) throws -> ShopHistory {
        try ShopHistory(decoding: Array(text.utf8))
    }

    @Test("the sample in the program is the published one")
    func sample() throws {
        let history = try ShopHistory(
            decoding: try #require(Asset.named("CDNOW_sample.txt")).bytes)
        #expect(history.customers.count == 2_357)
        #expect(history.purchases.count == 6_919)
        #expect(history.total == Sales(count: 6_919, cents: 24_409_194))
        #expect(history.byDay.count == 545)
        #expect(history.byCustomer.reduce(0) { $0 + $1.cents } == 24_409_194)
        #expect(history.purchases.map(\.day) == history.purchases.map(\.day).sorted())
    }

    @Test("both forms of the data set are read, in cents, and a customer's purchases numbered")
    func forms() throws {
        let text = " id  date n  v\r\n 00002 19970102  3   89.00\r\n 00001 19970101 1 0.07\r\n"
        let whole = try history(text + " 00002 19970101 2 0.00\n")
        #expect(whole.customers == [1, 2])
        #expect(whole.purchases.map(\.cents) == [7, 0, 8_900])
        #expect(whole.purchases.map(\.number) == [0, 1, 0])
        #expect(whole.byCustomer == [Sales(count: 1, cents: 7), Sales(count: 2, cents: 8_900)])
        let sample = try history(" 00004 0001 19970101  2   29.33\n")
        #expect(sample.customers == [4])
        #expect(sample.purchases[0].discs == 2)
    }

    @Test(
        "a line that is no purchase is named",
        arguments: [
            "1 19970101 2", "1 19970101 2 3.5", "1 x 2 3.50", "1 2 3 4 5.00 6", "1 1 1 1.-1",
        ])
    func malformed(line: String) throws {
        #expect(throws: ShopHistoryError.line(2)) { try history("1 19970101 1 1.00\n\(line)\n") }
        #expect(throws: ShopHistoryError.empty) { try history("name date\n") }
    }

    @Test("the console knows the addresses at which the merchant makes the contracts")
    func addresses() throws {
        let contracts = try ShopContracts()
        let page = try #require(Asset.named("/contracts.js"))
        let text = String(decoding: page.bytes, as: UTF8.self)
        #expect(text.contains("MERCHANT = \"\(Merchant.address)\""))
        for contract in contracts.all {
            #expect(text.contains("\(contract.name): \"\(contract.address)\""))
        }
    }

    @Test("a permit is signed as EIP-712 lays it out")
    func permit() throws {
        // The signature was made with eth-account's sign_typed_data.
        let owner = try #require(Secp256k1.SecretKey([UInt8](repeating: 2, count: 32)))
        let token = try Address(hex: "0x2e40a678a493f406b441ba320b3963fb259ebfbd")
        let permit = Permit(
            owner: Address(owner.publicKey.addressHash),
            spender: try Address(hex: "0xd7845726b7c8c1ccc6fc7e1336cd585db499bbdc"),
            amount: .max, nonce: 0, deadline: .max)
        let signature = permit.signed(
            by: owner, domain: Permit.domain(token: token, chain: 7_317))
        #expect(
            Hex.encode(signature.bytes)
                == "0x90ef40026963c1510594f1e246b66c47fc4dda3d4817c1963c28cae777459713"
                + "3faec3c4b7a16a948f947df5fb746e62723982c1840a06ece99b9129140c405a01")
    }

    @Test("errands are signed in order, whoever signs them")
    func signing() throws {
        let contracts = try ShopContracts()
        let customers = ShopCustomers(seed: [UInt8](repeating: 7, count: 32), numbers: [4, 9])
        let errands = ShopErrands(contracts: contracts, customers: customers, chain: 7)
        let orders = (0..<5).map { number in
            errands.order(
                Purchase(customer: number % 2, number: 0, day: 19_970_101, discs: 1, cents: 5),
                nonce: UInt64(number))
        }
        let parcels = try Parcel.sign(orders, chain: 7)
        #expect(parcels.map(\.hash) == orders.map { Parcel($0, chain: 7).hash })
        #expect(parcels.map(\.sender) == [0, 1, 0, 1, 0])
        #expect(try Parcel.sign([], chain: 7).isEmpty)
    }

    @Test("accounts follow from the seed and the customer's number alone")
    func accounts() {
        let seed = [UInt8](repeating: 7, count: 32)
        let some = ShopCustomers(seed: seed, numbers: [4, 9])
        let more = ShopCustomers(seed: seed, numbers: [1, 9, 12])
        #expect(some.addresses[1] == more.addresses[1])
        #expect(Set(some.addresses + more.addresses).count == 4)
        #expect(ShopCustomers(seed: [8], numbers: [9]).addresses[0] != some.addresses[1])
    }

    @Test("amounts in coins are read exactly")
    func coins() {
        #expect(Coins("1.5")?.wei == UInt256(1_500_000_000_000_000_000))
        #expect(Coins("0.000000000000000001")?.wei == 1)
        #expect(Coins("25")?.wei == UInt256("25000000000000000000"))
        for text in ["", ".5", "1.", "1.0000000000000000001", "-1", "1e3", "1.2.3", "١"] {
            #expect(Coins(text) == nil, "\(text)")
        }
    }

    @Test("money is written with its thousands and cents")
    func money() {
        #expect(dollars(24_409_194) == "$244,091.94")
        #expect(dollars(5) == "$0.05")
        #expect(grouped(1_000_000) == "1,000,000")
    }
}
