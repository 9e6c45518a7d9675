import Crypto
import Encoding
import Identifiers
import Ledger
import Primitives
import Testing

@Suite struct TransactionTests {
    private static let key = Secp256k1.SecretKey([UInt8](repeating: 0x46, count: 32))

    /// One transaction of each kind, every field of it drawn from a seed.
    private static func sample(_ kind: Transaction.Kind, _ random: inout Random) -> Transaction {
        func word() -> UInt256 {
            UInt256(random.next(), random.next(), random.next(), random.next())
                >> Int(random.next() % 256)
        }
        func bytes() -> [UInt8] {
            (0..<random.next() % 80).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        let address = Address(word())
        let creates = random.next() % 4 == 0 && (kind != .blob && kind != .setCode)
        var transaction = Transaction(
            chainID: random.next() >> 1, nonce: random.next(), maxPriorityFeePerGas: word(),
            maxFeePerGas: word(), gasLimit: random.next(), to: creates ? nil : address,
            value: word(), data: bytes())
        transaction.kind = kind
        if kind == .legacy || kind == .accessList {
            transaction.maxPriorityFeePerGas = transaction.maxFeePerGas
        }
        if kind == .legacy, random.next() % 2 == 0 { transaction.chainID = nil }
        if kind != .legacy {
            transaction.accessList = [.init(address: address, slots: [word(), word()])]
        }
        if kind == .blob {
            transaction.maxFeePerBlobGas = word()
            transaction.blobHashes = [word().hash]
        }
        if kind == .setCode {
            transaction.authorizationList = [
                Authorization(chainID: word(), address: address, nonce: random.next())
            ]
        }
        return transaction
    }

    @Test("what is encoded is read back, and its sender recovered", arguments: 1...40)
    func roundTrip(seed: UInt64) throws {
        var random = Random(seed: seed)
        let key = try #require(Self.key)
        for kind in Transaction.Kind.allCases {
            let signed = SignedTransaction(
                signing: Self.sample(kind, &random), with: key)
            let back = try Transaction(decoding: signed.encoded)
            #expect(back == signed.transaction, "seed \(seed): \(kind)")
            #expect(back.hash == signed.hash)
            #expect(back.recoverSender() == Address(key.publicKey.addressHash))
        }
    }

    @Test(
        "changed bytes are refused, or are the encoding of what they are read as", arguments: 1...60
    )
    func mutated(seed: UInt64) throws {
        var random = Random(seed: seed)
        let key = try #require(Self.key)
        for kind in Transaction.Kind.allCases {
            let original = SignedTransaction(signing: Self.sample(kind, &random), with: key)
            for _ in 0..<40 {
                var bytes = original.encoded
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
                guard let read = try? Transaction(decoding: bytes) else { continue }
                #expect(read.encoded == bytes, "seed \(seed): \(kind)")
                _ = read.recoverSender()
            }
        }
    }

    @Test("the example of EIP-155 is signed as written there")
    func replayProtection() throws {
        let key = try #require(Self.key)
        let transaction = Transaction(
            chainID: 1, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 21000,
            to: try Address(hex: "0x3535353535353535353535353535353535353535"),
            value: 1_000_000_000_000_000_000)
        #expect(
            transaction.signingHash.description
                == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
        let signed = SignedTransaction(signing: transaction, with: key)
        #expect(
            Hex.encode(signed.encoded)
                == "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0"
                + "b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa63"
                + "6276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
    }

    @Test("the greater of the two signatures is nobody's (EIP-2), but was somebody's in Frontier")
    func malleability() throws {
        let key = try #require(Self.key)
        let transaction = Transaction(
            chainID: nil, nonce: 0, gasPrice: 1, gasLimit: 21000, to: .zero)
        var signed = SignedTransaction(signing: transaction, with: key).transaction
        let order = UInt256(
            0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, .max)
        signed.s = order &- signed.s
        signed.yParity ^= 1
        #expect(signed.recoverSender() == nil)
        #expect(signed.recoverFrontierSender() == Address(key.publicKey.addressHash))
    }

    @Test("no bytes, an unknown kind and a signature of no chain are told apart")
    func refused() {
        #expect(throws: TransactionError.empty) { try Transaction(decoding: []) }
        #expect(throws: TransactionError.unknownKind(5)) { try Transaction(decoding: [5, 0xc0]) }
        #expect(throws: TransactionError.unknownKind(0)) { try Transaction(decoding: [0, 0xc0]) }
        let fields = [RLP.Value](repeating: .number(UInt64(0)), count: 9)
        #expect(throws: TransactionError.signatureValue) {
            try Transaction(decoding: RLP.encode(.list(fields)))
        }
    }

    @Test("what a unit of gas costs follows EIP-1559")
    func fees() {
        let transaction = Transaction(
            chainID: 1, nonce: 0, maxPriorityFeePerGas: 2, maxFeePerGas: 10, gasLimit: 21000,
            to: .zero)
        #expect(transaction.effectiveGasPrice(baseFee: 5) == 7)
        #expect(transaction.effectiveGasPrice(baseFee: 9) == 10)
        #expect(transaction.priorityFee(baseFee: 9) == 1)
        #expect(transaction.priorityFee(baseFee: 11) == nil)
    }
}
