public import Encoding

/// The answer to one call, already as text: a result, or the reason why there is none.
///
/// Workers write it, so that the loop only puts replies together.
public struct Reply: Hashable, Sendable {
    /// `"result":…` or `"error":…`.
    let fragment: [UInt8]

    /// Creates the answer of a call that went well.
    public init(_ result: JSON) {
        var bytes = Array("\"result\":".utf8)
        result.write(into: &bytes)
        fragment = bytes
    }

    /// Creates the answer of a call that did not.
    public init(_ error: RPCError) {
        var members: [JSON.Member] = [
            .init("code", .integer(error.code)), .init("message", .string(error.message)),
        ]
        if let data = error.data { members.append(.init("data", data)) }
        var bytes = Array("\"error\":".utf8)
        JSON.object(members).write(into: &bytes)
        fragment = bytes
    }

    /// Runs what may fail, and writes down how it went.
    public init(_ body: () throws(RPCError) -> JSON) {
        do {
            self.init(try body())
        } catch {
            self.init(error)
        }
    }

    /// The text of its result; `nil` where it is an error.
    var resultText: [UInt8]? {
        let start = Array("\"result\":".utf8)
        return fragment.starts(with: start) ? Array(fragment.dropFirst(start.count)) : nil
    }

    /// The object of its error; `null` where it is a result.
    var errorJSON: JSON {
        let start = Array("\"error\":".utf8)
        guard fragment.starts(with: start) else { return .null }
        return (try? JSON(decoding: Array(fragment.dropFirst(start.count)))) ?? .null
    }

    /// The number that it says; `nil` where it is an error, or says something else.
    public var number: UInt64? {
        guard let text = resultText, let json = try? JSON(decoding: text) else { return nil }
        return try? Quantity.number64(json)
    }

    /// The same, with the reason of a revert in words where interfaces know it.
    public func explained(by interfaces: Interfaces) -> Reply {
        let start = Array(#""error":"#.utf8)
        guard fragment.starts(with: Self.unexplained),
            let error = try? JSON(decoding: Array(fragment.dropFirst(start.count))),
            let data = error["data"]?.text.flatMap({ try? Hex.decode($0) }),
            let reason = interfaces.reason(data)
        else { return self }
        return Reply(
            RPCError(
                code: 3, message: "execution reverted: \(reason)", data: error["data"]))
    }

    /// How the answer of a call begins whose reason is in no words.
    private static let unexplained = Array(
        #""error":{"code":3,"message":"execution reverted","#.utf8)

    /// Appends the whole response object (JSON-RPC 2.0 §5).
    func write(id: JSON, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"jsonrpc\":\"2.0\",\"id\":".utf8)
        id.write(into: &bytes)
        bytes.append(0x2c)
        bytes.append(contentsOf: fragment)
        bytes.append(0x7d)
    }

    /// The whole response object.
    func response(id: JSON) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fragment.count + 64)
        write(id: id, into: &bytes)
        return bytes
    }
}
