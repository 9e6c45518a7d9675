internal import Primitives

extension ABI {
    /// Lays out values one after another, as arguments and results are.
    ///
    /// Bytes that do not fit their place (an address that is not twenty bytes, fixed bytes beyond
    /// 32) are a mistake of the caller and trap.
    public static func encode(_ values: [Value]) -> [UInt8] {
        let heads = values.map { $0.isDynamic ? 32 : encode(value: $0).count }
        var offset = heads.reduce(0, +)
        var output: [UInt8] = []
        var tail: [UInt8] = []
        for value in values {
            let bytes = encode(value: value)
            if value.isDynamic {
                output += UInt256(offset).bytes
                offset += bytes.count
                tail += bytes
            } else {
                output += bytes
            }
        }
        return output + tail
    }

    /// Lays out a call: the selector, then the arguments.
    public static func encodeCall(selector: [UInt8], _ arguments: [Value]) -> [UInt8] {
        selector + encode(arguments)
    }

    private static func encode(value: Value) -> [UInt8] {
        switch value {
        case .uint(let number), .int(let number): number.bytes
        case .bool(let truth): UInt256(truth ? 1 : 0).bytes
        case .address(let bytes): word(bytes, count: 20, left: false)
        case .fixedBytes(let bytes): word(bytes, count: bytes.count, left: true)
        case .bytes(let bytes): counted(bytes)
        case .string(let text): counted(Array(text.utf8))
        case .array(let values): UInt256(values.count).bytes + encode(values)
        case .tuple(let values): encode(values)
        }
    }

    private static func word(_ bytes: [UInt8], count: Int, left: Bool) -> [UInt8] {
        precondition(bytes.count == count && count <= 32, "bytes must fit their word")
        let padding = [UInt8](repeating: 0, count: 32 - count)
        return left ? bytes + padding : padding + bytes
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] {
        UInt256(bytes.count).bytes + bytes
            + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }
}
