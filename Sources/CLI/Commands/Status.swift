import Encoding
import Machine
import Primitives

/// `martlet status`: how a node and its network are.
struct Status: Command {
    static let name = "status"
    static let summary =
        "show a node's height, view, leader, peers, and who is missing for a quorum"
    static let usage = """
        martlet status [--rpc=URL | --dir=DIR] [--json]

        Asks a node how it is: the height and hash of its newest final block, the consensus' view and
        who leads it, the validators it hears and those it misses, its peers, and the transactions
        that wait in its pool. Of the local network that runs in DIR the first node that answers is
        asked, and those that do not answer are named.

          --rpc=URL  the JSON-RPC of the node to ask; if neither this nor a running network is
                     there, http://127.0.0.1:8545
          --dir=DIR  the local network's folder (.martlet)
          --json     prints the node's answer as it is (martlet_status)

        Exits 1 if no node answers, or if a quorum is missing.
        """

    private let nodes: [Endpoint]
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        let url = try arguments.value("rpc", as: NodeURL.self)
        let directory = try arguments.value("dir", as: String.self)
        guard url == nil || directory == nil else { throw .conflicting("rpc", "dir") }
        let local = RunningNetwork(in: directory ?? ".martlet")?.rpc
        nodes = url.map { [$0.endpoint] } ?? local ?? [NodeClient.local]
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let (place, status) = try answer()
        if isJSON {
            print(String(decoding: status.encoded(.pretty), as: UTF8.self))
        } else {
            let down = nodes.indices.filter { $0 != place && !isUp(nodes[$0]) }
            let rows =
                lines(status, from: nodes[place])
                + down.map { index in
                    ("", "node \(index) does not answer at \(NodeURL(nodes[index]))")
                }
            for (name, value) in rows { print(Table.padded(name, to: 12) + value) }
        }
        let have = status["quorum"]?["have"]?.quantity ?? 0
        let need = status["quorum"]?["need"]?.quantity ?? 0
        guard have >= need else {
            throw Failure("no quorum: \(have) of power is there, \(need) is needed")
        }
    }

    /// What the first node that answers says.
    private func answer() throws -> (place: Int, JSON) {
        var failure: NodeFailure?
        for (place, endpoint) in nodes.enumerated() {
            do throws(NodeFailure) {
                return (place, try NodeClient(endpoint).call("martlet_status"))
            } catch {
                failure = failure ?? error
            }
        }
        let what = nodes.count > 1 ? "none of \(nodes.count) nodes answers: " : ""
        throw Failure("\(what)\(failure.map { "\($0)" } ?? "no node is known")")
    }

    private func isUp(_ endpoint: Endpoint) -> Bool {
        (try? NodeClient(endpoint, timeout: .seconds(2)).call("eth_blockNumber")) != nil
    }

    private func lines(_ status: JSON, from endpoint: Endpoint) -> [(String, String)] {
        let validators = status["validators"]?.elements ?? []
        let missing = (status["missing"]?.elements ?? []).map(number)
        let peers = status["peers"]?.elements ?? []
        return [
            ("chain", number(status["network"]?["chainId"])),
            ("height", "\(number(status["height"]))  \(status["hash"]?.text ?? "")"),
            ("view", "\(number(status["view"])), led by validator \(number(status["leader"]))"),
            (
                "this node",
                (status["index"]?.quantity.map { "validator \($0)" } ?? "no validator")
                    + " at \(NodeURL(endpoint))"
                    + (status["silent"]?.text.map { ", which signs nothing: \($0)" } ?? "")
            ),
            (
                "quorum",
                "\(number(status["quorum"]?["have"])) of power is there,"
                    + " \(number(status["quorum"]?["need"])) is needed"
            ),
            (
                "missing",
                missing.isEmpty
                    ? "none of \(validators.count) validators"
                    : "validator\(missing.count == 1 ? "" : "s") \(missing.joined(separator: ", ")) of \(validators.count)"
            ),
            (
                "pool",
                "\(number(status["pool"]?["pending"])) can be included,"
                    + " \(number(status["pool"]?["queued"])) wait for another"
            ),
            (
                "history",
                "\(status["history"]?["setting"]?.text ?? "?"): blocks from"
                    + " \(number(status["history"]?["oldestBlock"])), states from"
                    + " \(number(status["history"]?["oldestState"]))"
            ),
            ("peers", "\(peers.count)"),
        ] + peers.map { ("", $0.text ?? "") }
    }

    private func number(_ value: JSON?) -> String { value?.quantity.map(String.init) ?? "?" }
}
