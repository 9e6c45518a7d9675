import Encoding
import Machine
import Primitives

/// One message and the replies to it so far.
struct Exchange: Sendable {
    let caller: Dispatcher.Caller
    let isBatch: Bool
    let requests: [Request]
    /// The names of the answers, if the message was a query or a mutation in GraphQL.
    var keys: [String]?
    /// The WebSocket that the message came by, if it was one.
    var session: Session?
    /// Whether it counts among those that wait.
    var hasWaited = false
    /// The replies in the order of the requests; `nil` where one is being waited for.
    private(set) var replies: [Reply?] = []
    private var missing = 0
    private var size = 0

    init(caller: Dispatcher.Caller, isBatch: Bool, requests: [Request]) {
        self.caller = caller
        self.isBatch = isBatch
        self.requests = requests
    }

    /// Whether replies are being waited for.
    var isWaiting: Bool { missing > 0 }

    /// Whether every request has its reply.
    var isDone: Bool { replies.count == requests.count && !isWaiting }

    /// The first call without a reply.
    var current: Result<Call, RPCError>? {
        replies.count < requests.count ? requests[replies.count].call : nil
    }

    /// Adds the reply to the current call.
    mutating func append(_ reply: Reply) {
        replies.append(bounded(reply))
    }

    /// Makes room for replies that are being waited for.
    mutating func expect(_ count: Int) {
        replies.append(contentsOf: repeatElement(nil, count: count))
        missing += count
    }

    /// Puts replies into the room made for them.
    mutating func place(_ replies: [Reply], at index: Int) {
        for (offset, reply) in replies.enumerated() {
            let place = index + offset
            guard place < self.replies.count, self.replies[place] == nil else { return }
            self.replies[place] = bounded(reply)
            missing -= 1
        }
    }

    /// What the calls from an index on have in common, as far as they have it.
    func run<Element>(
        from index: Int, _ element: (Result<Call, RPCError>) -> Element?
    ) -> [Element] {
        var elements: [Element] = []
        for request in requests[index...] {
            guard let next = element(request.call) else { break }
            elements.append(next)
        }
        return elements
    }

    /// The status of the response over HTTP: what GraphQL complains of is the caller's fault.
    var status: UInt16 {
        keys != nil && response.starts(with: "{\"errors\"".utf8) ? 400 : 200
    }

    /// The text of all replies; empty if there was nothing but notifications.
    var response: [UInt8] {
        if let keys { return GraphResponse.text(replies.compactMap { $0 }, keys) }
        let pairs = zip(requests, replies).compactMap { request, reply in
            request.id.flatMap { id in reply.map { (id, $0) } }
        }
        guard isBatch else { return pairs.first.map { $1.response(id: $0) } ?? [] }
        guard !pairs.isEmpty else { return [] }
        var bytes: [UInt8] = [0x5b]
        bytes.reserveCapacity(size + pairs.count * 64)
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            pair.1.write(id: pair.0, into: &bytes)
        }
        bytes.append(0x5d)
        return bytes
    }

    /// The reply, or what stands for it once a batch's replies have grown too long.
    private mutating func bounded(_ reply: Reply) -> Reply {
        guard isBatch, size + reply.fragment.count > RPCLimits.responseSize else {
            size += reply.fragment.count
            return reply
        }
        return Reply(RPCError.responseTooLarge)
    }
}

/// What a ticket stands for.
struct Question: Sendable {
    let exchange: UInt64
    let index: Int
    let call: NodeCall?
}
