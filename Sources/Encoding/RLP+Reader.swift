public import Primitives

extension RLP {
    /// Reads the values of a list one after another, straight from the bytes.
    ///
    /// Nothing is allocated for values that are only passed over. Transactions, of which
    /// there are thousands in a block, are read with it.
    public struct Reader {
        private let bytes: [UInt8]
        private let end: Int

        /// Where the next value starts.
        public private(set) var position: Int

        /// The values of the list that takes up the bytes from an offset to their end.
        public init(list bytes: [UInt8], from start: Int = 0) throws(Failure) {
            self.init(bytes, try RLP.list(in: bytes, from: start))
        }

        private init(_ bytes: [UInt8], _ range: Range<Int>) {
            self.bytes = bytes
            position = range.lowerBound
            end = range.upperBound
        }

        /// Whether every value was read.
        public var isAtEnd: Bool { position == end }

        /// Checks that every value was read.
        public func finish(_ what: StaticString) throws(Failure) {
            guard isAtEnd else { throw .unexpected("\(what)") }
        }

        /// Reads a list, whose values are read with a reader of their own.
        public mutating func list(_ what: StaticString) throws(Failure) -> Reader {
            Reader(bytes, try next(what, isList: true))
        }

        /// Reads a string of bytes, which must be so many where a count is given.
        public mutating func bytes(
            _ what: StaticString, count: Int? = nil
        ) throws(Failure) -> [UInt8] {
            let range = try next(what, isList: false)
            guard count == nil || count == range.count else { throw .unexpected("\(what)") }
            return Array(bytes[range])
        }

        /// Reads a number without leading zeros.
        public mutating func number(_ what: StaticString) throws(Failure) -> UInt256 {
            let range = try next(what, isList: false)
            guard range.isEmpty || bytes[range.lowerBound] != 0,
                let value = UInt256(bigEndian: bytes.span.extracting(range))
            else { throw .unexpected("\(what)") }
            return value
        }

        /// Reads a number without leading zeros, which must fit 64 bits.
        public mutating func number64(_ what: StaticString) throws(Failure) -> UInt64 {
            guard let value = try number(what).asUInt64 else { throw .unexpected("\(what)") }
            return value
        }

        /// Reads a hash from a string of thirty-two bytes.
        public mutating func hash(_ what: StaticString) throws(Failure) -> Hash32 {
            let range = try next(what, isList: false)
            guard let hash = Hash32(bytes.span.extracting(range)) else {
                throw .unexpected("\(what)")
            }
            return hash
        }

        /// Passes over the next value: where its payload lies, if it is of the kind.
        private mutating func next(
            _ what: StaticString, isList: Bool
        ) throws(Failure) -> Range<Int> {
            guard position < end else { throw .unexpected("\(what)") }
            let item = try item(in: bytes, at: position, end: end)
            guard item.isList == isList else { throw .unexpected("\(what)") }
            position = item.whole.upperBound
            return item.payload
        }
    }
}
