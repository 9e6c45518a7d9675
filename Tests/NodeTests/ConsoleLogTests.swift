import Encoding
import Node
import Primitives
import Testing

/// What contracts say by `console.log`.
@Suite struct ConsoleLogTests {
    private func text(_ signature: String, _ values: [ABI.Value], selector: [UInt8]) -> String? {
        ConsoleLog.text(of: selector + ABI.encode(values))
    }

    @Test("the selectors that Hardhat's library calls are known, and what follows is read")
    func words() {
        #expect(
            text("log(string)", [.string("hi")], selector: [0x41, 0x30, 0x4f, 0xac]) == "hi")
        #expect(
            text("log(uint256)", [.uint(7)], selector: [0xf8, 0x2c, 0x50, 0xf1]) == "7")
        #expect(
            text(
                "log(string,uint256)", [.string("%s of %d%%"), .uint(7)],
                selector: [0xb6, 0x0e, 0x72, 0xcc]) == "7 of %d%")
        #expect(
            text(
                "log(string,uint)", [.string("n"), .uint(7)],
                selector: [0x97, 0x10, 0xa9, 0xd0]) == "n 7")
    }

    @Test("what is no call of the library says nothing")
    func nothing() {
        #expect(ConsoleLog.text(of: []) == nil)
        #expect(ConsoleLog.text(of: [1, 2, 3, 4]) == nil)
        #expect(ConsoleLog.text(of: [0x41, 0x30, 0x4f, 0xac, 1]) == nil)
    }
}
