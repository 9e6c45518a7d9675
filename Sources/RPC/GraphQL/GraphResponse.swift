import Encoding

/// How replies become a response in GraphQL (specification, section 7.1).
enum GraphResponse {
    /// The response to a query, whose one reply it is, or to a mutation, whose replies have names.
    static func text(_ replies: [Reply], _ keys: [String]) -> [UInt8] {
        if keys.isEmpty, let text = replies.first?.resultText { return text }
        var errors: [JSON] = []
        var members: [JSON.Member] = []
        for (index, reply) in replies.enumerated() {
            if let text = reply.resultText, let json = try? JSON(decoding: text) {
                if index < keys.count { members.append(.init(keys[index], json)) }
            } else {
                errors.append(
                    error(reply.errorJSON, keys.indices.contains(index) ? keys[index] : nil))
            }
        }
        guard !errors.isEmpty else {
            return JSON.object([.init("data", .object(members))]).encoded()
        }
        return JSON.object([.init("errors", .array(errors)), .init("data", .null)]).encoded()
    }

    /// The response to what is no query.
    static func text(_ fault: GraphFault) -> [UInt8] {
        JSON.object([.init("errors", [fault.json])]).encoded()
    }

    private static func error(_ json: JSON, _ key: String?) -> JSON {
        var fault = GraphFault(json["message"]?.text ?? "")
        fault.code = json["code"]?.integer
        fault.path = key.map { [.string($0)] } ?? []
        return fault.json
    }
}
