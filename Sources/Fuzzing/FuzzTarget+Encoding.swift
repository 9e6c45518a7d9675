internal import Encoding
internal import Ledger
internal import Node
internal import Primitives

extension FuzzTarget {
    /// Texts that operators and callers write.
    static let texts: [FuzzTarget] = [
        FuzzTarget("json", seeds: FuzzSeeds.json) { bytes in
            guard let value = try? JSON(decoding: bytes, size: 1 << 20) else { return }
            let again = try? JSON(decoding: value.encoded())
            precondition(again == value, "what is written is read back")
        },
        FuzzTarget("configuration", seeds: FuzzSeeds.configuration) { bytes in
            _ = try? Configuration(decoding: String(decoding: bytes, as: UTF8.self))
        },
        FuzzTarget("genesis", seeds: FuzzSeeds.genesis) { bytes in
            _ = try? Genesis(decoding: bytes)
        },
        FuzzTarget("keystore", seeds: FuzzSeeds.keystore) { bytes in
            guard let store = try? Keystore(decoding: bytes) else { return }
            precondition((try? Keystore(decoding: store.encoded)) != nil, "it is read back")
        },
        FuzzTarget("bases", seeds: [Array("zQm1".utf8), Array("mfra2".utf8)]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let read = try? Hex.decode(text) {
                let again = try? Hex.decode(Hex.encode(read))
                precondition(again == read, "hexadecimal is read back")
            }
            if let read = try? Base58.decode(text) {
                let again = try? Base58.decode(Base58.encode(read))
                precondition(again == read, "base 58 is read back")
            }
            if let read = try? Base32.decode(text) {
                let again = try? Base32.decode(Base32.encode(read))
                precondition(again == read, "base 32 is read back")
            }
            if let read = Base64URL.decode(text) {
                precondition(Base64URL.decode(Base64URL.encode(read)) == read, "so is base 64")
            }
        },
    ]

    /// Binary forms that others are made of.
    static let codecs: [FuzzTarget] = [
        FuzzTarget("rlp", seeds: [[0xc3, 0xc0, 0x81, 0x80], [0x83, 1, 2, 3]]) { bytes in
            guard let value = try? RLP.decode(bytes) else { return }
            precondition(RLP.encode(value) == bytes, "rlp has one form")
        },
        FuzzTarget("protobuf", seeds: [[0x08, 0x96, 0x01, 0x12, 1, 65]]) { bytes in
            var reader = Protobuf.Reader(bytes)
            while let field = (try? reader.next()) ?? nil {
                _ = try? reader.copy(field)
                _ = try? reader.text(field)
            }
        },
        FuzzTarget("varint", seeds: [[0x80, 0x01]]) { bytes in
            var cursor = 0
            guard let value = try? Varint.decode(bytes, at: &cursor) else { return }
            precondition(
                Varint.encode(value) == Array(bytes.prefix(cursor)), "a varint has one form")
        },
        FuzzTarget("abi", seeds: FuzzSeeds.abi) { bytes in
            let kinds = ["(uint256,address,bool)[]", "string", "bytes32[2]", "int8", "bytes"]
                .compactMap { try? ABI.Kind($0) }
            if let values = try? ABI.decode(bytes, as: kinds) {
                let again = try? ABI.decode(ABI.encode(values), as: kinds)
                precondition(again == values, "what is laid out is read back")
            }
            if let kind = try? ABI.Kind(String(decoding: bytes, as: UTF8.self)) {
                precondition((try? ABI.Kind(kind.name)) == kind, "a kind's name names it")
            }
            if let json = try? JSON(decoding: bytes) { _ = try? ABI.interface(json) }
        },
    ]
}
