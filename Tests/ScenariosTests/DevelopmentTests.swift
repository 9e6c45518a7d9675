import Encoding
import Identifiers
import Ledger
import Machine
import Node
import Primitives
import Scenarios
import Simulation
import Testing

/// A development chain: what its operator asks for is done whole, and outlasts any crash.
@Suite struct DevelopmentTests {
    private static let stranger: JSON = "0xabababababababababababababababababababab"

    /// One node in a virtual world, and who calls it.
    private struct Bench {
        let world: World<Node>

        init(seed: UInt64) throws {
            world = try Village(developmentSeed: seed).world(seed: seed, weather: .calm)
            world.run(for: .seconds(1))
        }

        /// Puts a call to the node without waiting for what comes of it.
        @discardableResult
        func ask(_ method: String, _ parameters: JSON...) -> Ticket { ask(method, parameters) }

        func ask(_ method: String, _ parameters: [JSON]) -> Ticket {
            let call = JSON.object([
                .init("jsonrpc", "2.0"), .init("id", 1), .init("method", .string(method)),
                .init("params", .array(parameters)),
            ])
            return world.request(
                0,
                HTTPRequest(
                    method: "POST", target: "/", headers: [.init("host", "localhost")],
                    body: call.encoded()))
        }

        /// Puts a call to the node and waits for its answer.
        func answer(_ method: String, _ parameters: [JSON]) throws -> JSON {
            let ticket = ask(method, parameters)
            for _ in 0..<300 {
                world.run(for: .milliseconds(100))
                if let reply = world.takeReplies().last(where: { $0.ticket == ticket }) {
                    return try JSON(decoding: reply.response.body)
                }
            }
            throw Silence(method: method)
        }

        @discardableResult
        func call(_ method: String, _ parameters: JSON...) throws -> JSON {
            let answer = try answer(method, parameters)
            return try #require(answer["result"], "\(method): \(answer)")
        }

        struct Silence: Error { let method: String }

        /// A payment from the first account to the second.
        static var payment: JSON {
            let accounts = DevelopmentAccounts.addresses
            return [
                "from": .string(accounts[0].description), "to": .string(accounts[1].description),
                "value": "0x1", "gas": "0x5208",
            ]
        }

        func pay() throws { try call("eth_sendTransaction", Self.payment) }

        /// What the chain is now, to be compared.
        func look() throws -> [JSON] {
            [
                try call("eth_getBlockByNumber", "latest", false),
                try call("eth_getBalance", DevelopmentTests.stranger, "latest"),
                try call("eth_getStorageAt", DevelopmentTests.stranger, "0x1", "latest"),
                try call("eth_getCode", DevelopmentTests.stranger, "latest"),
                try call("eth_getTransactionCount", DevelopmentTests.stranger, "latest"),
                try call("txpool_status"), try call("eth_chainId"),
            ]
        }

        func crash() throws {
            world.crash(0)
            try world.start(0)
            world.run(for: .seconds(1))
        }

        var height: UInt64 { world.read(0) { $0.finalHeight } ?? .max }
    }

    @Test("each transaction has a block of its own, and nothing else has one")
    func blocks() throws {
        let bench = try Bench(seed: 1)
        bench.world.run(for: .seconds(100_000))
        #expect(bench.height == 0)
        for number in 1...3 {
            try bench.pay()
            #expect(bench.height == UInt64(number))
        }
        try bench.call("evm_setAutomine", false)
        try bench.pay()
        try bench.pay()
        #expect(bench.height == 3)
        try bench.call("evm_mine")
        let block = try bench.call("eth_getBlockByNumber", "latest", false)
        #expect(block["transactions"]?.elements?.count == 2 && bench.height == 4)
    }

    @Test("what the operator changes is there at once, without a block, and after a crash")
    func changes() throws {
        let bench = try Bench(seed: 2)
        try bench.pay()
        try bench.call("anvil_setBalance", Self.stranger, "0xde0b6b3a7640000")
        try bench.call("hardhat_setNonce", Self.stranger, "0x5")
        try bench.call("anvil_setCode", Self.stranger, "0x6001")
        try bench.call(
            "anvil_setStorageAt", Self.stranger, "0x1",
            .string("0x" + String(repeating: "0", count: 63) + "7"))
        let before = try bench.look()
        #expect(before[1] == "0xde0b6b3a7640000" && before[3] == "0x6001" && before[4] == "0x5")
        #expect(bench.height == 1)
        try bench.crash()
        #expect(try bench.look() == before)
        // The next block stands on the change, and the one before the newest knows nothing of it.
        try bench.pay()
        #expect(try bench.call("eth_getBalance", Self.stranger, "latest") == before[1])
        #expect(try bench.call("eth_getBalance", Self.stranger, "0x0") == "0x0")
        #expect(try bench.call("eth_getBalance", Self.stranger, "0x1") == before[1])
    }

    @Test("who is impersonated sends without a key, contracts too, also after a crash")
    func impersonation() throws {
        let bench = try Bench(seed: 3)
        let payment: JSON = ["from": Self.stranger, "to": Self.stranger, "gas": "0x5208"]
        try bench.call("anvil_setBalance", Self.stranger, "0xde0b6b3a7640000")
        try bench.call("anvil_setCode", Self.stranger, "0x00")
        let refusal = try bench.answer("eth_sendTransaction", [payment])
        #expect(refusal["error"]?["message"]?.text?.hasPrefix("unknown account") == true)
        try bench.call("anvil_impersonateAccount", Self.stranger)
        bench.ask("eth_sendTransaction", payment)
        bench.world.run(for: .milliseconds(3))
        try bench.crash()
        if bench.height == 0 { try bench.call("eth_sendTransaction", payment) }
        let block = try bench.call("eth_getBlockByNumber", "latest", true)
        #expect(block["transactions"]?[0]?["from"] == Self.stranger && bench.height == 1)
    }

    @Test("a snapshot brings back blocks, state, time and pool, also after a crash")
    func snapshots() throws {
        let bench = try Bench(seed: 4)
        try bench.call("evm_setAutomine", false)
        try bench.pay()
        try bench.call("anvil_setBalance", Self.stranger, "0x64")
        let before = try bench.look()
        let id = try bench.call("evm_snapshot")
        try bench.call("evm_increaseTime", 1_000_000)
        try bench.call("hardhat_mine", 5)
        try bench.call("anvil_setBalance", Self.stranger, "0x1")
        try bench.call("anvil_setCode", Self.stranger, "0x60")
        #expect(try bench.look() != before && bench.height == 5)
        try bench.crash()
        #expect(try bench.call("evm_revert", id) == true)
        #expect(try bench.look() == before)
        #expect(try bench.call("evm_revert", id) == false)
        try bench.crash()
        #expect(try Array(bench.look()[..<5]) == Array(before[..<5]))
        try bench.call("evm_mine")
        let time = try bench.call("eth_getBlockByNumber", "latest", false)["timestamp"]
        let first = try bench.call("eth_getBlockByNumber", "0x0", false)["timestamp"]
        let wall = try #require(time?.text.flatMap { UInt256($0)?.asUInt64 })
        #expect(first != time && bench.height == 1 && wall < 1_000_000 + 2_000_000_000)
    }

    @Test("after a revert filters have what they had, and later ones nothing that is gone")
    func filters() throws {
        let bench = try Bench(seed: 5)
        let old = try bench.call("eth_newBlockFilter")
        try bench.pay()
        let id = try bench.call("evm_snapshot")
        let new = try bench.call("eth_newBlockFilter")
        try bench.pay()
        #expect(try bench.call("eth_getFilterChanges", old).elements?.count == 2)
        try bench.call("evm_revert", id)
        #expect(try bench.call("eth_getFilterChanges", old).elements?.count == 1)
        #expect(try bench.call("eth_getFilterChanges", new) == [])
        try bench.pay()
        #expect(try bench.call("eth_getFilterChanges", new).elements?.count == 1)
    }

    @Test("a reset begins another chain, on which nothing signed for the old one counts")
    func reset() throws {
        let bench = try Bench(seed: 6)
        try bench.call("evm_setAutomine", false)
        let first = try bench.call("eth_getBlockByNumber", "0x0", false)
        let chain = try bench.call("eth_chainId")
        let hash = try bench.call("eth_sendTransaction", Bench.payment)
        try bench.call("evm_mine")
        let raw = try bench.call("debug_getRawTransaction", hash)
        try bench.call("anvil_setBalance", Self.stranger, "0x64")
        #expect(try bench.call("hardhat_reset") == true)
        for _ in 0..<2 {
            #expect(bench.height == 0)
            #expect(try bench.call("eth_getBlockByNumber", "0x0", false) != first)
            #expect(try bench.call("eth_chainId") != chain)
            #expect(try bench.call("eth_getBalance", Self.stranger, "latest") == "0x0")
            let refusal = try bench.answer("eth_sendRawTransaction", [raw])
            #expect(refusal["error"]?["message"]?.text?.contains("chain") == true)
            try bench.crash()
        }
        try bench.pay()
        #expect(bench.height == 1)
    }

    @Test("whenever the node dies, what was asked for last is done whole or not at all")
    func crashes() throws {
        for seed in 0..<UInt64(40) {
            let bench = try Bench(seed: seed)
            var chance = Random(seed: seed)
            var snapshots: [(id: JSON, look: [JSON])] = []
            for step in 0..<12 {
                let note = Comment("seed \(seed), step \(step)")
                let before = try bench.look()
                if snapshots.count < 3, chance.next() % 3 == 0 {
                    snapshots.append((try bench.call("evm_snapshot"), before))
                    continue
                }
                let kind = chance.next() % 4
                switch kind {
                case 0: bench.ask("eth_sendTransaction", Bench.payment)
                case 1: bench.ask("anvil_mine", 2)
                case 2 where !snapshots.isEmpty: bench.ask("evm_revert", snapshots[0].id)
                default:
                    bench.ask(
                        "anvil_setBalance", Self.stranger, .string("\(chance.next() % 1_000)"))
                }
                bench.world.run(for: .microseconds(Int(chance.next() % 30_000)))
                try bench.crash()
                let after = try bench.look()
                guard kind == 2, let first = snapshots.first else { continue }
                // The chain is as it was before the call, or as at the snapshot; never between.
                #expect(after == before || after[..<5] == first.look[..<5], note)
                let isBack = try after != before || bench.call("evm_revert", first.id) == true
                if isBack {
                    #expect(try bench.look()[..<5] == first.look[..<5], note)
                    snapshots = []
                }
            }
            let height = bench.height
            try bench.pay()
            #expect(bench.height == height + 1, "seed \(seed)")
        }
    }
}
