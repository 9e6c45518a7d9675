import Crypto
import Identifiers
import Index
import Ledger
import Primitives
import Testing

@Suite struct TokenTransferTests {
    private let token = Address(UInt256(0x70))
    private let a = Address(UInt256(0xa))
    private let b = Address(UInt256(0xb))

    private func topic(_ signature: String) -> Hash32 { keccak256(Array(signature.utf8)) }
    private func words(_ numbers: UInt256...) -> [UInt8] { numbers.flatMap(\.bytes) }

    private func transfers(_ topics: [Hash32], _ data: [UInt8]) -> [TokenTransfer] {
        TokenTransfer.all(in: Log(address: token, topics: topics, data: data))
    }

    @Test("tokens that are all alike, and tokens that are one of a kind, are told apart")
    func plain() {
        let transfer = topic("Transfer(address,address,uint256)")
        let alike = transfers([transfer, a.word.hash, b.word.hash], words(7))
        #expect(alike.map(\.standard) == [.fungible])
        #expect(alike.map(\.amount) == [7])
        #expect(alike.map(\.item) == [nil])
        let unique = transfers([transfer, a.word.hash, b.word.hash, UInt256(9).hash], [])
        #expect(unique.map(\.standard) == [.unique])
        #expect(unique.map(\.item) == [9])
        #expect(unique.map(\.recipient) == [b])
    }

    @Test("tokens of several kinds move one by one and in batches")
    func several() {
        let single = topic("TransferSingle(address,address,address,uint256,uint256)")
        let who = [a.word.hash, a.word.hash, b.word.hash]
        #expect(transfers([single] + who, words(3, 4)).map(\.amount) == [4])
        let batch = topic("TransferBatch(address,address,address,uint256[],uint256[])")
        let moved = transfers([batch] + who, words(0x40, 0xa0, 2, 1, 2, 2, 10, 20))
        #expect(moved.map(\.item) == [1, 2])
        #expect(moved.map(\.amount) == [10, 20])
    }

    @Test("logs that only look like transfers tell of none")
    func hostile() {
        let transfer = topic("Transfer(address,address,uint256)")
        let long = Hash32(a: 1, b: 0, c: 0, d: 0)
        #expect(transfers([transfer, long, b.word.hash], words(7)).isEmpty)
        #expect(transfers([transfer, a.word.hash, b.word.hash], words(7, 7)).isEmpty)
        #expect(transfers([transfer, a.word.hash, b.word.hash], []).isEmpty)
        #expect(transfers([transfer], words(1, 2, 3)).isEmpty)
        let batch = topic("TransferBatch(address,address,address,uint256[],uint256[])")
        let who = [a.word.hash, a.word.hash, b.word.hash]
        #expect(transfers([batch] + who, words(0x40, 0x80, 1, 1, 2, 10, 20)).isEmpty)
        #expect(transfers([batch] + who, words(0x40, 0x40, .max)).isEmpty)
    }
}
