extension RLP {
    /// Where one value lies within bytes: what is read of it is up to the reader.
    public struct Item: Hashable, Sendable {
        /// Whether the value is a list.
        public let isList: Bool
        /// The whole value, its header included.
        public let whole: Range<Int>
        /// The string's bytes, or the values in the list.
        public let payload: Range<Int>
    }

    /// Finds the value that starts at an offset and ends at `end` or before it.
    ///
    /// Checks the value's own header, and not what a list holds.
    public static func item(
        in bytes: [UInt8], at start: Int, end: Int
    ) throws(Failure) -> Item {
        guard start < end else { throw .truncated(at: start, needed: 1) }
        let first = bytes[start]
        var cursor = start
        if first < 0x80 {
            return Item(isList: false, whole: start..<start + 1, payload: start..<start + 1)
        }
        let isList = first >= 0xc0
        let count = try length(bytes, &cursor, end: end, short: isList ? 0xc0 : 0x80)
        if !isList, count == 1, bytes[cursor] < 0x80 { throw .notCanonical(at: start) }
        return Item(
            isList: isList, whole: start..<cursor + count, payload: cursor..<cursor + count)
    }

    /// Finds the values that lie one after another in a range, which they must fill.
    ///
    /// Throws when there are more of them than `limit`, before looking at the rest.
    public static func items(
        in bytes: [UInt8], _ range: Range<Int>, limit: Int = .max
    ) throws(Failure) -> [Item] {
        var items: [Item] = []
        items.reserveCapacity(min(limit, 17))
        var cursor = range.lowerBound
        while cursor < range.upperBound {
            guard items.count < limit else { throw .unexpected("more than \(limit) values") }
            let item = try item(in: bytes, at: cursor, end: range.upperBound)
            items.append(item)
            cursor = item.whole.upperBound
        }
        return items
    }

    /// Finds the elements of the list that takes up all of the bytes.
    public static func elements(
        of bytes: [UInt8], limit: Int = .max
    ) throws(Failure) -> [Item] {
        try items(in: bytes, list(in: bytes, from: 0), limit: limit)
    }

    /// Finds one element of a list, counted from zero.
    public static func item(
        in bytes: [UInt8], _ index: Int, of list: Item
    ) throws(Failure) -> Item {
        let end = list.payload.upperBound
        var item = try item(in: bytes, at: list.payload.lowerBound, end: end)
        for _ in 0..<index { item = try self.item(in: bytes, at: item.whole.upperBound, end: end) }
        return item
    }

    /// Finds what is in the list that takes up the bytes from an offset to their end.
    static func list(in bytes: [UInt8], from start: Int) throws(Failure) -> Range<Int> {
        let list = try item(in: bytes, at: start, end: bytes.count)
        guard list.isList else { throw .unexpected("string for list") }
        guard list.whole.upperBound == bytes.count else {
            throw .trailing(at: list.whole.upperBound)
        }
        return list.payload
    }
}
