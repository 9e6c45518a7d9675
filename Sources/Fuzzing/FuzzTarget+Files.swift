internal import Encoding
internal import Fixtures
internal import Ledger
internal import Primitives

extension FuzzTarget {
    /// What operators and fillers of tests hand to commands.
    static let files: [FuzzTarget] = [
        FuzzTarget("snappy", seeds: FuzzSeeds.packed) { bytes in
            _ = try? Snappy.decode(bytes, limit: 1 << 20)
            _ = try? Snappy.decodeFrames(bytes, limit: 1 << 20)
        },
        FuzzTarget("era1", seeds: FuzzSeeds.archives) { bytes in
            guard let archive = try? Era1(decoding: bytes) else { return }
            _ = archive.root
            for entry in archive.entries { _ = (try? entry.block).map { try? Block(decoding: $0) } }
        },
        FuzzTarget("fixture", seeds: FuzzSeeds.fixtures) { bytes in FixtureDoor.read(bytes) },
    ]
}

extension FuzzSeeds {
    /// A literal and a copy of it, alone and in a frame.
    static let packed: [[UInt8]] = [
        [9, 8, 0x61, 0x62, 0x63, 9, 3], framed([1, 2, 3]), framed([UInt8](repeating: 7, count: 99)),
    ]

    /// A stream of one chunk that is not packed.
    private static func framed(_ bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32C.checksum(bytes)
        let masked = (sum >> 15 | sum << 17) &+ 0xa282_ead8
        let count = UInt32(bytes.count + 4)
        return [0xff, 6, 0, 0] + Array("sNaPpY".utf8) + [1] + littleEndian(count).dropLast()
            + littleEndian(masked) + bytes
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// A file of one block.
    static var archives: [[UInt8]] {
        func entry(_ kind: UInt16, _ value: [UInt8]) -> [UInt8] {
            [UInt8(kind & 255), UInt8(kind >> 8)] + littleEndian(UInt32(value.count)) + [0, 0]
                + value
        }
        let header = headers.first ?? []
        let block =
            entry(3, framed(header)) + entry(4, framed([0xc2, 0xc0, 0xc0]))
            + entry(5, framed([0xc0])) + entry(6, [UInt8](repeating: 0, count: 32))
        let start = entry(0x3265, [])
        let body = start + block + entry(7, [UInt8](repeating: 0, count: 32))
        let back = UInt64(bitPattern: Int64(start.count - body.count))
        let words = [0, back, 1].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        return [body + entry(0x3266, words)]
    }

    /// A test of each great kind, and what the tools read.
    static let fixtures = [
        """
        {"t":{"env":{"currentCoinbase":"0x0000000000000000000000000000000000000001",
        "currentGasLimit":"0x1000","currentNumber":"1","currentTimestamp":"1",
        "currentBaseFee":"7","currentRandom":"0x0"},"pre":{},"transaction":{"nonce":"0",
        "gasPrice":"8","gasLimit":["0x0"],"to":"","value":["0x"],"data":["0x00"],
        "secretKey":"0x0101010101010101010101010101010101010101010101010101010101010101"},
        "post":{"Osaka":[{"indexes":{"data":0,"gas":0,"value":0}}]}}}
        """,
        #"{"t":{"network":"BerlinToLondonAt5","pre":{},"genesisBlockHeader":{"gasLimit":"1"}}}"#,
        #"{"t":{"txbytes":"0xc0","result":{"Osaka":{"exception":"x"}}}}"#,
        ##"{"t":{"in":["dog","god",["#12"]],"out":"0xc0","root":"0x00","seq":[1],"term":true}}"##,
        """
        {"env":{"currentNumber":"1","currentTimestamp":"9","currentGasLimit":"9",
        "currentCoinbase":"0x0000000000000000000000000000000000000001",
        "parentDifficulty":"0x20000","parentTimestamp":"1","currentRandom":"1"},
        "txs":[{"nonce":"0","gas":"1","gasPrice":"1","value":"0","input":"0x",
        "v":"27","r":"1","s":"1"}],"header":{"number":"1","gasLimit":"1",
        "timestamp":"1"},"ommers":[],"withdrawals":[]}
        """,
    ].map { Array($0.utf8) }
}
