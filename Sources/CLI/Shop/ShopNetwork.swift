import Crypto
import Machine

/// The nodes that a demonstration runs on, and how to disturb them.
struct ShopNetwork {
    /// The JSON-RPC of each node.
    let endpoints: [Endpoint]
    /// The key of the account that owns the coins at the start; `nil` where that is not ours.
    let faucet: Secp256k1.SecretKey?
    /// Ends a node's process at once (SIGKILL); `nil` where nodes are not ours to kill.
    let kill: ((Int) throws -> Void)?
    /// Starts a killed node again.
    let restart: ((Int) throws -> Void)?

    /// The nodes that are killed together: as many as can fail, at most two.
    var victims: [Int] {
        guard kill != nil else { return [] }
        let most = min(2, (endpoints.count - 1) / 3)
        return [2, 5, 1].filter { $0 < endpoints.count }.prefix(most).sorted()
    }

    /// A client of the first node that answers.
    func anyNode() throws -> NodeClient {
        for endpoint in endpoints {
            let node = NodeClient(endpoint, timeout: .seconds(30))
            if (try? node.call("eth_blockNumber")) != nil { return node }
        }
        throw Failure("no node of the network answers")
    }
}
