import Encoding
import Identifiers
import Ledger
import Machine
import Node
import Primitives
import Scenarios
import Simulation
import Testing

/// What a node took in while it had no peers.
@Suite struct CutOffTests {
    private let village = Village(validators: 4, twins: 0, accounts: 1, seed: 5, fault: nil)

    /// Puts a call to a node, lets a second pass, and returns the result.
    private func call(
        _ world: World<Node>, _ node: Int, _ method: String, _ parameter: JSON
    ) throws -> JSON? {
        let call = JSON.object([
            .init("jsonrpc", "2.0"), .init("id", 1), .init("method", .string(method)),
            .init("params", [parameter]),
        ])
        let ticket = world.request(
            node,
            HTTPRequest(
                method: "POST", target: "/", headers: [.init("host", "localhost")],
                body: call.encoded()))
        world.run(for: .seconds(1))
        let reply = try #require(world.takeReplies().last { $0.ticket == ticket })
        return try JSON(decoding: reply.response.body)["result"]
    }

    @Test("a transaction that a node took in while it was cut off reaches the others later")
    func spreadAgain() throws {
        let world = try village.world(seed: 5, weather: .calm)
        world.run(for: .seconds(3))
        #expect(try call(world, 3, "martlet_isolate", true) == true)
        // Its nonce has a gap before it: no block of node 3 can bring it to the others.
        let transaction = SignedTransaction(
            signing: Transaction(
                chainID: village.genesis.rules.chainID, nonce: 1,
                maxPriorityFeePerGas: 1_000_000_000, maxFeePerGas: 20_000_000_000,
                gasLimit: 21_000, to: .zero, value: 1), with: village.accounts[0])
        let hash = JSON.string(transaction.hash.description)
        #expect(
            try call(
                world, 3, "eth_sendRawTransaction",
                .string(Hex.encode(transaction.encoded))) == hash)
        world.run(for: .seconds(15))
        #expect(try call(world, 0, "eth_getTransactionByHash", hash) == .null)
        #expect(try call(world, 3, "martlet_isolate", false) == true)
        world.run(for: .seconds(20))
        for node in 0..<3 {
            let found = try call(world, node, "eth_getTransactionByHash", hash)
            #expect(found?["hash"] == hash, "node \(node)")
        }
    }
}
