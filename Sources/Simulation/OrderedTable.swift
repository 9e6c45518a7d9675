import Machine

/// An ordered map as a value: a copy is free, and a change after it copies little.
///
/// Sorted chunks of at most sixty-four entries; a copy shares all chunks that are not changed.
struct OrderedTable: Sendable {
    private var chunks: [[Entry]] = []

    /// The most entries of a chunk.
    private static let chunkLimit = 64

    /// The value of a key.
    func value(_ key: [UInt8]) -> [UInt8]? {
        guard let chunk = chunk(for: key) else { return nil }
        let place = Self.place(of: key, in: chunks[chunk])
        return place.isFound ? chunks[chunk][place.index].value : nil
    }

    /// Entries from the first key not less than a given one, at most so many.
    func entries(from start: [UInt8], limit: Int) -> [Entry] {
        var entries: [Entry] = []
        guard limit > 0, var chunk = chunk(for: start) else { return entries }
        var index = Self.place(of: start, in: chunks[chunk]).index
        while chunk < chunks.count {
            while index < chunks[chunk].count {
                entries.append(chunks[chunk][index])
                if entries.count == limit { return entries }
                index += 1
            }
            chunk += 1
            index = 0
        }
        return entries
    }

    /// The entry with the greatest key.
    var last: Entry? { chunks.last?.last }

    /// Puts a value in, or takes a key out.
    mutating func set(_ key: [UInt8], _ value: [UInt8]?) {
        guard let chunk = chunk(for: key) else {
            if let value { chunks = [[Entry(key: key, value: value)]] }
            return
        }
        let place = Self.place(of: key, in: chunks[chunk])
        switch (value, place.isFound) {
        case (let value?, true): chunks[chunk][place.index] = Entry(key: key, value: value)
        case (let value?, false):
            chunks[chunk].insert(Entry(key: key, value: value), at: place.index)
            if chunks[chunk].count > Self.chunkLimit { split(chunk) }
        case (nil, true):
            chunks[chunk].remove(at: place.index)
            if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
        case (nil, false): break
        }
    }

    private mutating func split(_ chunk: Int) {
        let upper = Array(chunks[chunk][(Self.chunkLimit / 2)...])
        chunks[chunk].removeLast(upper.count)
        chunks.insert(upper, at: chunk + 1)
    }

    /// The last chunk whose first key is not greater than a key, else the first; `nil` if empty.
    private func chunk(for key: [UInt8]) -> Int? {
        guard !chunks.isEmpty else { return nil }
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.order(chunks[middle][0].key, key) <= 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return max(0, low - 1)
    }

    private static func place(of key: [UInt8], in chunk: [Entry]) -> (index: Int, isFound: Bool) {
        var (low, high) = (0, chunk.count)
        while low < high {
            let middle = (low + high) / 2
            let order = order(chunk[middle].key, key)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    /// Less than zero if the left key comes first, zero if they are the same.
    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let (left, right) = (left.span, right.span)
        let shorter = min(left.count, right.count)
        var index = 0
        while index < shorter {
            if left[index] != right[index] { return Int(left[index]) - Int(right[index]) }
            index += 1
        }
        return left.count - right.count
    }
}
