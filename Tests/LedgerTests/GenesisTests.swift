import EVM
import Encoding
import Foundation
import Identifiers
import Ledger
import Primitives
import Testing

@Suite struct GenesisTests {
    private let file = """
        {"config": {"chainId": 7, "homesteadBlock": 0, "eip150Block": 0, "eip158Block": 0,
          "byzantiumBlock": 0, "constantinopleBlock": 0, "petersburgBlock": 0,
          "istanbulBlock": 0, "berlinBlock": 0, "londonBlock": 0, "terminalTotalDifficulty": 0,
          "shanghaiTime": 0, "cancunTime": 0, "pragueTime": 100, "osakaTime": 200,
          "blobSchedule": {"cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477}}},
         "gasLimit": "0x1c9c380", "timestamp": "12", "extraData": "0x0102",
         "alloc": {"00000000000000000000000000000000000000aa": {"balance": "1000000000000000000",
           "nonce": 3, "code": "0x6000", "storage": {"0x01": "0x02"}}},
         "martlet": {"blockIntervalMilliseconds": 500, "validators": [{"power": 2,
           "publicKey": "0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}]}}
        """

    private func genesis(_ text: String) throws(GenesisError) -> Genesis {
        try Genesis(decoding: Array(text.utf8))
    }

    @Test("a genesis file gives rules, header, accounts and validators")
    func reading() throws {
        let genesis = try genesis(file)
        #expect(genesis.rules.chainID == 7)
        #expect(genesis.rules.revision(atNumber: 0, timestamp: 99) == .cancun)
        #expect(genesis.rules.revision(atNumber: 5, timestamp: 200) == .osaka)
        #expect(genesis.header.gasLimit == 30_000_000 && genesis.header.timestamp == 12)
        #expect(genesis.header.baseFeePerGas == 1_000_000_000)
        #expect(genesis.header.excessBlobGas == 0 && genesis.header.requestsHash == nil)
        let account = try #require(genesis.accounts.first)
        #expect(account.address == Address(UInt256(0xaa)) && account.nonce == 3)
        #expect(account.balance == 1_000_000_000_000_000_000)
        #expect(account.code == [0x60, 0] && account.storage == [1: 2])
        #expect(genesis.blockIntervalMilliseconds == 500)
        #expect(genesis.idleIntervalMilliseconds == 5000)
        let validator = try #require(genesis.validators.first)
        // The account of the key 1, which everybody knows.
        let known = try Address(hex: "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf")
        #expect(validator.address == known && validator.feeAddress == known)
        #expect(validator.power == 2)
    }

    @Test("what is written is read again as the same chain")
    func writing() throws {
        for genesis in [try genesis(file), Village.genesis] {
            let again = try Genesis(decoding: genesis.json.encoded())
            #expect(again.hash == genesis.hash)
            #expect(again.validators == genesis.validators)
            #expect(again.accounts == genesis.accounts)
            for time in [0, 99, 100, 200, 1 << 40] as [UInt64] {
                #expect(
                    again.rules.revision(atNumber: 1, timestamp: time)
                        == genesis.rules.revision(atNumber: 1, timestamp: time))
                #expect(
                    again.rules.blobParameters(atNumber: 1, timestamp: time)
                        == genesis.rules.blobParameters(atNumber: 1, timestamp: time))
            }
        }
    }

    @Test(
        "a wrong field is told by its name",
        arguments: [
            ("\"chainId\": 7,", "", "genesis field config.chainId is missing"),
            ("\"0x1c9c380\"", "\"plenty\"", "genesis field gasLimit must be a number"),
            (
                "\"12\"", "\"0x1ffffffffffffffffff\"",
                "genesis field timestamp must be a number of 64 bits"
            ),
            ("\"12\"", "\"0xffffffffffffffff\"", "genesis field timestamp must be at most"),
            ("\"gasLimit\"", "\"number\": 4, \"gasLimit\"", "genesis field number must be 0"),
            ("\"0x6000\"", "\"0x600\"", "must be bytes in hexadecimal"),
            ("00aa\"", "00\"", "must be named by an address, once"),
            ("\"0x01\": \"0x02\"", "\"one\": \"0x02\"", "must be named by a slot"),
            ("0x0279be", "0x0579be", "genesis field martlet.validators[0].publicKey must be"),
            ("\"power\": 2", "\"power\": 0", "genesis field martlet.validators[0].power must be"),
            (
                "\"baseFeeUpdateFraction\": 3338477", "\"baseFeeUpdateFraction\": 0",
                "more than zero"
            ),
            (
                "Milliseconds\": 500", "Milliseconds\": 86400001",
                "genesis field martlet.blockIntervalMilliseconds must be at most 86400000"
            ),
            ("{\"config\"", "{{\"config\"", "genesis is no JSON"),
        ])
    func errors(old: String, new: String, said: String) {
        let text = file.replacing(old, with: new)
        #expect(text != file)
        do throws(GenesisError) {
            _ = try genesis(text)
            Issue.record("\(new) was read")
        } catch {
            #expect(error.description.contains(said), "\(error)")
        }
    }

    @Test(
        "the official genesis tests give their first blocks",
        .enabled(if: SharedFile.isThere(SharedFile.small), "the official GenesisTests are missing"))
    func official() throws {
        let bytes = try SharedFile.read(
            SharedFile.small, "small/GenesisTests/basic_genesis_tests.json")
        let cases = try #require(try JSON(decoding: bytes).members)
        #expect(cases.count == 3)
        for item in cases {
            // The files are of a time before `config`, wrote `wei`, and an empty number for zero.
            let body = String(decoding: item.value.encoded(), as: UTF8.self)
                .replacing("\"wei\"", with: "\"balance\"").replacing("\"0x\"", with: "\"0x00\"")
                .replacing("\"extraData\":\"0x00\"", with: "\"extraData\":\"0x\"")
            let genesis = try genesis("{\"config\":{\"chainId\":1}," + body.dropFirst())
            let result = try #require(item.value["result"]?.text)
            #expect(Hex.encode(genesis.block.encoded, prefix: false) == result, "\(item.name)")
        }
    }
}

/// One file of an archive in the share beside the repository.
enum SharedFile {
    static let small = "../shared/conformance/ethereum/03-ethereum-tests/small.tar.zst"

    static func isThere(_ archive: String) -> Bool {
        FileManager.default.fileExists(atPath: archive)
    }

    static func read(_ archive: String, _ name: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["--zstd", "-xOf", archive, name]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }
}
