import Encoding
import Primitives

/// `martlet status`: how a node and its network are.
struct Status: Command {
    static let name = "status"
    static let summary =
        "show a node's height, view, leader, peers, and who is missing for a quorum"
    static let usage = """
        martlet status [--rpc=URL] [--json]

        Asks a node how it is: the height and hash of its newest final block, the consensus' view and
        who leads it, the validators it hears and those it misses, its peers, and the transactions
        that wait in its pool.

          --rpc=URL  the node's JSON-RPC (http://127.0.0.1:8545)
          --json     prints the node's answer as it is (martlet_status)

        Exits 1 if the node does not answer, or if a quorum is missing.
        """

    private let url: String
    private let isJSON: Bool

    init(_ arguments: inout Arguments) throws(UsageError) {
        url = try arguments.value("rpc") ?? NodeClient.local
        isJSON = try arguments.flag("json")
    }

    func run() throws {
        let node = try NodeClient(url: url)
        let status = try node.call("martlet_status")
        if isJSON {
            print(String(decoding: status.encoded(.pretty), as: UTF8.self))
        } else {
            for (name, value) in lines(status) { print(Table.padded(name, to: 12) + value) }
        }
        let have = status["quorum"]?["have"]?.quantity ?? 0
        let need = status["quorum"]?["need"]?.quantity ?? 0
        guard have >= need else {
            throw Failure("no quorum: \(have) of power is there, \(need) is needed")
        }
    }

    private func lines(_ status: JSON) -> [(String, String)] {
        let validators = status["validators"]?.elements ?? []
        let missing = (status["missing"]?.elements ?? []).map(number)
        let peers = status["peers"]?.elements ?? []
        return [
            ("chain", number(status["network"]?["chainId"])),
            ("height", "\(number(status["height"]))  \(status["hash"]?.text ?? "")"),
            ("view", "\(number(status["view"])), led by validator \(number(status["leader"]))"),
            ("this node", status["index"]?.quantity.map { "validator \($0)" } ?? "no validator"),
            (
                "quorum",
                "\(number(status["quorum"]?["have"])) of power is there,"
                    + " \(number(status["quorum"]?["need"])) is needed"
            ),
            (
                "missing",
                missing.isEmpty
                    ? "none of \(validators.count) validators"
                    : "validators \(missing.joined(separator: ", ")) of \(validators.count)"
            ),
            (
                "pool",
                "\(number(status["pool"]?["pending"])) can be included,"
                    + " \(number(status["pool"]?["queued"])) wait for another"
            ),
            ("peers", "\(peers.count)"),
        ] + peers.map { ("", $0.text ?? "") }
    }

    private func number(_ value: JSON?) -> String { value?.quantity.map(String.init) ?? "?" }
}
