internal import Crypto
internal import Identifiers
internal import Machine
internal import Network
internal import Primitives

/// One of the two ends of a connection that is fuzzed.
struct FuzzPeer: Sendable {
    let secret: PeerSecret

    /// The end whose code is looked at.
    static let victim = FuzzPeer(1)
    /// The end that says what the fuzzer chose.
    static let attacker = FuzzPeer(2)

    /// Where the attacker seems to be.
    static let endpoint = Endpoint(host: "10.0.0.2", port: 4001)

    private let bytes: [UInt8]

    private init(_ number: UInt8) {
        bytes = [UInt8](repeating: number, count: 32)
        guard let key = Secp256k1.SecretKey(bytes) else { preconditionFailure("a small key") }
        secret = .secp256k1(key)
    }

    var peer: PeerID { secret.peer }

    var identity: Noise.Identity? { Noise.Identity(secret, fixed: bytes) }

    func noise(isInitiator: Bool) -> Noise? {
        guard let identity, let ephemeral = X25519.SecretKey(bytes) else { return nil }
        return Noise(isInitiator: isInitiator, identity: identity, ephemeral: ephemeral)
    }

    func connection() -> Connection? {
        guard let identity, let ephemeral = X25519.SecretKey(bytes) else { return nil }
        return Connection(
            isDialer: true, identity: identity, ephemeral: ephemeral, expected: nil,
            protocols: [], at: .start)
    }

    func swarm() -> Swarm? {
        var configuration = Swarm.Configuration(secret: secret)
        configuration.protocols = ["/blocks"]
        guard var swarm = Swarm(configuration, entropy: bytes, seed: 1, at: .start) else {
            return nil
        }
        var box = Outbox<Swarm.Output>()
        swarm.handle(.subscribe("blocks"), at: .start, into: &box)
        return swarm
    }
}
