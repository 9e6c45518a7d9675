import Encoding

/// Where queries in GraphQL come in over HTTP, and how a target holds one (GraphQL over HTTP).
enum GraphQLFace {
    /// The path that they are sent to.
    static let path = "/graphql"

    /// The request that a target holds, as the body of a `POST`; `nil` if it holds none.
    static func body(_ target: String) -> [UInt8]? {
        let parts = target.split(separator: "?", maxSplits: 1)
        guard parts.count == 2, parts[0] == path, target.utf8.count <= RPCLimits.graphSize else {
            return nil
        }
        var members: [JSON.Member] = []
        for pair in parts[1].prefix(while: { $0 != "#" }).split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            members.append(.init(String(sides[0]), .string(decoded(sides[1]))))
        }
        let json = JSON.object(members)
        return json["query"] == nil ? nil : json.encoded()
    }

    /// A text whose bytes may be written as `%` and two digits, and blanks as `+`.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(Hex.value),
                let low = rest.dropFirst().first.flatMap(Hex.value)
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
