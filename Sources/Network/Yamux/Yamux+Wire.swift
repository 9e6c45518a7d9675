extension Yamux {
    /// What a frame is for.
    enum Kind: UInt8, Sendable {
        case data = 0
        case window = 1
        case ping = 2
        case goAway = 3
    }

    /// What a frame says besides.
    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let syn = Flags(rawValue: 1)
        static let ack = Flags(rawValue: 2)
        static let fin = Flags(rawValue: 4)
        static let rst = Flags(rawValue: 8)
    }

    /// The twelve bytes before each frame, big-endian.
    struct Header: Hashable, Sendable {
        static let size = 12

        let kind: Kind
        let flags: Flags
        let stream: UInt32
        let length: UInt32

        init(_ kind: Kind, _ flags: Flags, _ stream: UInt32, _ length: UInt32) {
            self.kind = kind
            self.flags = flags
            self.stream = stream
            self.length = length
        }

        /// Reads a header from twelve bytes, which must be there.
        init(_ bytes: [UInt8], at start: Int) throws(Failure) {
            func word(_ offset: Int, _ count: Int) -> UInt32 {
                (0..<count).reduce(0) { $0 << 8 | UInt32(bytes[start + offset + $1]) }
            }
            guard bytes[start] == 0 else { throw .version(bytes[start]) }
            guard let kind = Kind(rawValue: bytes[start + 1]) else {
                throw .kind(bytes[start + 1])
            }
            self.kind = kind
            flags = Flags(rawValue: UInt16(word(2, 2)))
            stream = word(4, 4)
            length = word(8, 4)
        }

        func write(into output: inout [UInt8]) {
            output.append(0)
            output.append(kind.rawValue)
            output.append(UInt8(flags.rawValue >> 8))
            output.append(UInt8(truncatingIfNeeded: flags.rawValue))
            for word in [stream, length] {
                for shift in [24, 16, 8, 0] as [UInt32] {
                    output.append(UInt8(truncatingIfNeeded: word >> shift))
                }
            }
        }
    }
}

extension [UInt8] {
    static func += (bytes: inout [UInt8], header: Yamux.Header) {
        header.write(into: &bytes)
    }
}
