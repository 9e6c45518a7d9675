public import Primitives

extension RLP {
    /// Writes values one after another into one array, with no tree of values between.
    ///
    /// What is hashed by the thousand (trie nodes, receipts, headers) is written with it.
    public struct Writer: Sendable {
        /// What was written so far.
        public private(set) var bytes: [UInt8] = []

        /// Creates an empty writer with room for some bytes.
        public init(capacity: Int = 0) {
            bytes.reserveCapacity(capacity)
        }

        /// Appends a string of bytes.
        public mutating func append(_ string: [UInt8]) {
            if string.count == 1, string[0] < 0x80 {
                bytes.append(string[0])
            } else {
                RLP.header(string.count, short: 0x80, into: &bytes)
                bytes += string
            }
        }

        /// Appends a number without leading zeros.
        public mutating func append(_ number: UInt64) {
            if number > 0, number < 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: number))
            } else {
                let width = (64 - number.leadingZeroBitCount + 7) / 8
                bytes.append(0x80 + UInt8(truncatingIfNeeded: width))
                RLP.append(number, width: width, to: &bytes)
            }
        }

        /// Appends a number without leading zeros.
        public mutating func append(_ number: UInt256) {
            guard let small = number.asUInt64 else {
                let width = (number.bitWidth + 7) / 8
                bytes.append(0x80 + UInt8(truncatingIfNeeded: width))
                let words = [number.w0, number.w1, number.w2, number.w3]
                for place in (0..<width).reversed() {
                    let word = words[place >> 3]
                    bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * (place & 7))))
                }
                return
            }
            append(small)
        }

        /// Appends a hash as a string of thirty-two bytes.
        public mutating func append(_ hash: Hash32) {
            bytes.append(0xa0)
            hash.append(to: &bytes)
        }

        /// Appends values that are encoded already.
        public mutating func append(encoded: [UInt8]) {
            bytes += encoded
        }

        /// Appends values that lie encoded in a range of other bytes.
        public mutating func append(encoded other: [UInt8], _ range: Range<Int>) {
            bytes += other[range]
        }

        /// Appends a list of what the body appends.
        public mutating func list<E: Error>(_ body: (inout Writer) throws(E) -> Void) throws(E) {
            let start = bytes.count
            try body(&self)
            let count = bytes.count - start
            let width = count <= 55 ? 0 : (Int.bitWidth - count.leadingZeroBitCount + 7) / 8
            bytes.insert(contentsOf: repeatElement(0, count: width + 1), at: start)
            bytes[start] = width == 0 ? 0xc0 + UInt8(count) : 0xf7 + UInt8(width)
            for place in 0..<width {
                bytes[start + width - place] = UInt8(truncatingIfNeeded: count >> (8 * place))
            }
        }
    }

    /// Appends the low bytes of a number, the most significant first.
    static func append(_ number: UInt64, width: Int, to output: inout [UInt8]) {
        for place in (0..<width).reversed() {
            output.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
        }
    }
}
