import Machine
import Primitives

extension Dispatcher {
    /// Takes a query in GraphQL in: a worker answers it, or the pool takes what it sends.
    mutating func query(
        _ caller: Caller, _ bytes: [UInt8], mayChange: Bool, at now: Instant,
        into outputs: inout Outbox<Output>
    ) {
        do throws(GraphFault) {
            let request = try GraphRequest(bytes)
            var requests: [Request] = []
            var keys: [String] = []
            if request.operation.isMutation {
                guard mayChange else { throw GraphFault("a mutation is sent by POST") }
                for submission in try request.submissions() {
                    requests.append(Request(id: nil, call: .submit(submission.bytes)))
                    keys.append(submission.key)
                }
            } else {
                requests = [Request(id: nil, call: .node(.query(GraphQuery(request, head))))]
            }
            var exchange = Exchange(
                caller: caller, isBatch: request.operation.isMutation, requests: requests)
            exchange.keys = keys
            begin(exchange, at: now, into: &outputs)
        } catch {
            deliver(GraphResponse.text(error), to: caller, status: 400, into: &outputs)
        }
    }
}
