import Encoding

/// One request, decoded as far as it could be (JSON-RPC 2.0 §4).
struct Request: Hashable, Sendable {
    /// What the reply is tied to by; `nil` for a notification, which gets none.
    let id: JSON?
    /// The call, or why there is none.
    let call: Result<Call, RPCError>

    /// Creates a request of which everything is known.
    init(id: JSON?, call: Call) {
        self.id = id
        self.call = .success(call)
    }

    /// Reads a request; whatever is wrong with it becomes its answer.
    init(_ json: JSON) {
        guard case .object = json, json["jsonrpc"] == "2.0", let name = json["method"]?.text,
            !name.isEmpty, let id = Request.id(json["id"])
        else {
            self.id = Request.id(json["id"])?.some ?? .null
            call = .failure(.invalidRequest)
            return
        }
        self.id = id.some
        call = Result { () throws(RPCError) in try Catalogue.call(name, json["params"]) }
    }

    /// The identifiers that there are: strings, numbers, `null`, and none at all.
    private enum Identifier {
        case none
        case some(JSON)

        var some: JSON? {
            if case .some(let json) = self { json } else { nil }
        }
    }

    private static func id(_ json: JSON?) -> Identifier? {
        switch json {
        case nil: Identifier.none
        case .string?, .number?, .null?: json.map { .some($0) }
        default: nil
        }
    }
}

/// What one message holds: a request, a batch of them, or nothing that can be answered.
enum Message: Hashable, Sendable {
    case single(Request)
    case batch([Request])
    case refused(RPCError)

    /// Reads a message.
    init(_ bytes: [UInt8]) {
        guard
            let json = try? JSON(
                decoding: bytes, depth: RPCLimits.requestDepth, size: RPCLimits.requestSize)
        else {
            self = .refused(.parse)
            return
        }
        guard case .array(let elements) = json else {
            self = .single(Request(json))
            return
        }
        switch elements.count {
        case 0: self = .refused(.emptyBatch)
        case ...RPCLimits.batchCount: self = .batch(elements.map(Request.init))
        default: self = .refused(.batchTooLarge)
        }
    }
}
