import Encoding
import Primitives
import RPC
import Testing

@Suite struct SimulationTests {
    /// A contract's code, laid over an address for one call.
    private func call(
        _ code: String, _ request: String = "", method: String = "eth_call",
        _ overrides: String = ""
    ) throws -> JSON {
        var desk = try Desk()
        let address = "0x00000000000000000000000000000000000000dd"
        let separator = request.isEmpty ? "" : ","
        return try desk.call(
            method,
            """
            {"to":"\(address)"\(separator)\(request)},"latest",
            {"\(address)":{"code":"0x\(code)"\(overrides)}}
            """)
    }

    /// Code that ends with all that follows it: by `f3` it returns it, by `fd` it reverts with it.
    private func ending(_ opcode: String, with data: String) -> String {
        let count = String(data.utf8.count / 2, radix: 16)
        let length = (count.utf8.count == 1 ? "0" : "") + count
        return "60\(length)600c60003960\(length)6000\(opcode)\(data)"
    }

    private func word(_ tail: String) -> String {
        String(repeating: "0", count: 64 - tail.utf8.count) + tail
    }

    @Test("a call returns what the code returns")
    func returns() throws {
        #expect(try call(ending("f3", with: "ffee"))["result"] == "0xffee")
        #expect(try call("")["result"] == "0x")
    }

    @Test("a revert is code 3, with its reason in words and its data")
    func reverts() throws {
        let reason = Hex.encode(ABI.encode([.string("user error")]), prefix: false)
        let error = "08c379a0" + reason
        #expect(
            try call(ending("fd", with: error))["error"]
                == [
                    "code": 3, "message": "execution reverted: user error",
                    "data": .string("0x" + error),
                ])
        let panic = "4e487b71" + word("11")
        #expect(
            try call(ending("fd", with: panic))["error"]?["message"]
                == "execution reverted: arithmetic underflow or overflow")
        #expect(
            try call(ending("fd", with: "01"))["error"]
                == ["code": 3, "message": "execution reverted", "data": "0x01"])
        let hostile = "08c379a0" + String(repeating: "f", count: 128)
        #expect(
            try call(ending("fd", with: hostile))["error"]?["message"] == "execution reverted")
    }

    @Test("code that fails says how, with the server's code")
    func fails() throws {
        #expect(
            try call("5b600056", "\"gas\":\"0x186a0\"")["error"]
                == ["code": -32000, "message": "out of gas"])
        #expect(try call("fe")["error"]?["code"] == -32000)
    }

    @Test("storage is overridden whole or slot by slot")
    func overridesStorage() throws {
        let load = "60015460005260206000f3"
        let slot = "\"0x\(word("1"))\":\"0x\(word("99"))\""
        for name in ["state", "stateDiff"] {
            #expect(
                try call(load, "", ",\"\(name)\":{\(slot)}")["result"]
                    == .string("0x" + word("99")))
        }
        #expect(
            try call(load, "", ",\"state\":{},\"stateDiff\":{}")["error"]?["code"] == -32000)
    }

    @Test("the base fee is seen by those who pay for gas, and by no one else")
    func seesBaseFee() throws {
        let fees = "483a0160005260206000f3"
        #expect(try call(fees)["result"] == .string("0x" + word("")))
        let paying =
            "\"from\":\"\(Desk.rich)\",\"gas\":\"0x5300\",\"maxFeePerGas\":\"0x3b9aca01\""
        #expect(
            try call(fees, paying)["error"]?["message"]?.text?
                .hasPrefix("insufficient funds for gas * price + value: have") == true)
        let cheap = "\"gas\":\"0x5300\",\"gasPrice\":\"0x1\""
        #expect(
            try call(fees, cheap)["error"]?["message"]?.text?
                .hasPrefix("max fee per gas less than block base fee") == true)
    }

    @Test("a plain transfer is estimated to the unit, a write to within a sixty-fourth")
    func estimates() throws {
        #expect(try call("", method: "eth_estimateGas")["result"] == "0x5208")
        let result = try call("600160015500", method: "eth_estimateGas")["result"]
        let gas = try #require(result?.text.flatMap { UInt64($0.dropFirst(2), radix: 16) })
        #expect(43_106...43_106 + 43_106 / 64 ~= gas)
    }

    @Test("an estimate tells why there is none")
    func failsToEstimate() throws {
        #expect(
            try call("60006000fd", method: "eth_estimateGas")["error"]
                == ["code": 3, "message": "execution reverted", "data": "0x"])
        #expect(
            try call("5b600056", method: "eth_estimateGas")["error"]?["message"]
                == "gas required exceeds allowance (16777216)")
        #expect(
            try call("", "\"value\":\"0x1\"", method: "eth_estimateGas")["error"]?["message"]
                == "insufficient funds for gas * price + value: have 0 want 1")
    }

    @Test("numbers at their limits do not stop the node")
    func survivesLimits() throws {
        let most = "\"0x" + String(repeating: "f", count: 64) + "\""
        for request in [
            "\"nonce\":\"0xffffffffffffffff\"", "\"gas\":\"0xffffffffffffffff\"", "\"gas\":\"0x0\"",
            "\"value\":\(most)", "\"gasPrice\":\(most)", "\"maxPriorityFeePerGas\":\(most)",
            "\"maxFeePerGas\":\(most),\"maxPriorityFeePerGas\":\(most)",
            "\"maxFeePerBlobGas\":\(most),\"blobVersionedHashes\":[\"0x\(word("1"))\"]",
            "\"blobVersionedHashes\":[\"0x\(word("1"))\"]",
        ] {
            for method in ["eth_call", "eth_estimateGas"] {
                for balance in ["", ",\"balance\":\(most)"] {
                    let from = "\"from\":\"0x00000000000000000000000000000000000000dd\",\(request)"
                    let reply = try call("00", from, method: method, balance)
                    #expect((reply["result"] == nil) != (reply["error"] == nil))
                }
            }
        }
    }

    @Test("requests that contradict themselves are refused")
    func refuses() throws {
        let price = "\"gasPrice\":\"0x1\""
        for request in [
            "\"data\":\"0x01\",\"input\":\"0x02\"", "\(price),\"maxFeePerGas\":\"0x1\"",
            "\"maxFeePerGas\":\"0x1\",\"maxPriorityFeePerGas\":\"0x2\"",
        ] {
            #expect(try call("00", request)["error"]?["code"] == -32000, "\(request)")
        }
    }
}
