/// Addresses of the Internet Protocol as text and as bytes.
public enum IPAddress {
    /// Reads four bytes from dotted decimals without leading zeros.
    public static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part == "0" || !part.hasPrefix("0"),
                part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Writes four bytes as dotted decimals.
    public static func text(four bytes: [UInt8]) -> String {
        bytes.map(\.description).joined(separator: ".")
    }

    /// Reads sixteen bytes from the text of RFC 4291, section 2.2.
    public static func six(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        let parts: [Substring] = String(text).split(
            separator: Character(":"), maxSplits: 16, omittingEmptySubsequences: false)
        let words = parts.map { String($0) }
        guard words.count >= 3, words.count <= 9 else { return nil }
        // A gap is one empty word, or two at either end.
        var groups: [UInt8] = []
        var gap: Int?
        for (index, word) in words.enumerated() {
            if word.isEmpty {
                let outer = index == 0 || index == words.count - 1
                if outer {
                    let next = index == 0 ? words[1] : words[index - 1]
                    guard next.isEmpty else { return nil }
                    continue
                }
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == words.count - 1, word.contains(".") {
                guard let four = four(word) else { return nil }
                groups += four
            } else {
                guard word.utf8.count <= 4, word.utf8.allSatisfy(isHexadecimal),
                    let group = UInt16(word, radix: 16)
                else { return nil }
                groups += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
            }
        }
        guard let gap else { return groups.count == 16 ? groups : nil }
        guard groups.count <= 14 else { return nil }
        groups.insert(contentsOf: [UInt8](repeating: 0, count: 16 - groups.count), at: gap)
        return groups
    }

    /// Writes sixteen bytes as RFC 5952 wants it: lower case, the longest run of zeros left out.
    public static func text(six bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { index in
            Int(bytes[index]) << 8 | Int(bytes[index + 1])
        }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        func join(_ range: Range<Int>) -> String {
            range.map { String(groups[$0], radix: 16) }.joined(separator: ":")
        }
        guard longest.count > 1 else { return join(0..<8) }
        return join(0..<longest.lowerBound) + "::" + join(longest.upperBound..<8)
    }

    private static func isHexadecimal(_ character: UInt8) -> Bool {
        switch character {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
