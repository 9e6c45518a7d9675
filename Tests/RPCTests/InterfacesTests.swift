import Crypto
import Encoding
import Primitives
import RPC
import Testing

/// Calls, events and reverts in words.
@Suite struct InterfacesTests {
    private func selector(_ signature: String) -> [UInt8] {
        Array(keccak256(Array(signature.utf8)).bytes.prefix(4))
    }

    @Test("what tokens share is known: calls with their arguments and results")
    func calls() {
        let input =
            selector("transfer(address,uint256)")
            + ABI.encode([.address([UInt8](repeating: 0, count: 20)), .uint(5)])
        let zero = "0x0000000000000000000000000000000000000000"
        #expect(Interfaces.known.call(input) == "transfer(to=\(zero), amount=5)")
        #expect(Interfaces.known.result(UInt256(1).bytes, of: input) == "true")
        #expect(Interfaces.known.result(UInt256(2).bytes, of: input) == nil)
        #expect(Interfaces.known.call(Array(input.dropLast())) == nil)
        #expect(Interfaces.known.call([]) == nil)
    }

    @Test("an event is told by how many of its fields are topics")
    func events() {
        let topic = keccak256(Array("Transfer(address,address,uint256)".utf8))
        let (one, two) = (UInt256(1).hash, UInt256(2).hash)
        let coins = Interfaces.known.event(topics: [topic, one, two], data: UInt256(7).bytes)
        let thing = Interfaces.known.event(topics: [topic, one, two, UInt256(7).hash], data: [])
        #expect(coins?.hasSuffix(", value=7)") == true)
        #expect(thing?.hasSuffix(", tokenId=7)") == true)
        #expect(Interfaces.known.event(topics: [topic], data: []) == nil)
        #expect(Interfaces.known.event(topics: [], data: []) == nil)
    }

    @Test("a reply of a revert without words gets them, and any other stays")
    func replies() throws {
        let data = selector("EnforcedPause()")
        let told = Reply(RPCError.reverted(data)).explained(by: .known)
        #expect(
            told
                == Reply(
                    RPCError(
                        code: 3, message: "execution reverted: EnforcedPause()",
                        data: .string(Hex.encode(data)))))
        for reply in [
            Reply(RPCError.reverted([1, 2, 3, 4])), Reply(RPCError.reverted([])),
            Reply(.string("0x")), Reply(RPCError.internal),
        ] {
            #expect(reply.explained(by: .known) == reply)
        }
    }

    @Test("text stays on one line, and interfaces of one's own come first")
    func own() throws {
        var interfaces = Interfaces()
        let json = #"[{"type":"error","name":"Why","inputs":[{"name":"","type":"string"}]}]"#
        interfaces.add(try ABI.interface(try JSON(decoding: Array(json.utf8))))
        interfaces.add(Interfaces.known)
        let output = selector("Why(string)") + ABI.encode([.string("a\n\"b\"")])
        #expect(interfaces.reason(output) == #"Why("a\n\"b\"")"#)
    }
}
