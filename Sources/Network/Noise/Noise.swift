public import Crypto
public import Identifiers
public import Machine
public import Primitives

/// Makes a connection private and tells who is at its other end (libp2p specs, noise).
///
/// Noise_XX_25519_ChaChaPoly_SHA256; the fixed keys are bound to the peers' names by signatures
/// in the second and third message. Each message is behind its length in two bytes, big-endian.
public struct Noise: Machine {
    /// What can happen.
    public enum Input: Sendable {
        /// The other side is ready for the handshake.
        case opened
        /// Bytes arrived.
        case received([UInt8])
        /// Bytes are to go out encrypted.
        case write([UInt8])
    }

    /// What it asks for.
    public enum Output: Hashable, Sendable {
        /// Write bytes.
        case send([UInt8])
        /// The other side has proved its name; from now on all is encrypted.
        case established(PeerID, PeerKey)
        /// The other side said this.
        case received([UInt8])
        /// The connection cannot be trusted, or is used up.
        case failed(Failure)
    }

    /// Why a connection cannot be used.
    public enum Failure: Error, Hashable {
        /// A message of the handshake is too short.
        case truncated
        /// A message came when it was not due.
        case order
        /// A key of the other side is of low order.
        case agreement
        /// Bytes were not encrypted with the agreed key.
        case decryption
        /// The payload of the handshake is malformed.
        case payload
        /// The name is not proved by its signature.
        case signature
        /// The other side is not the peer that was dialled.
        case unexpected(PeerID)
        /// The other side has our own name.
        case ourselves
        /// The counter of messages has come to its end.
        case exhausted
    }

    private let identity: Identity
    private let expected: PeerID?
    private var handshake: Handshake
    private var ciphers: (sending: Cipher, receiving: Cipher)?
    private var inflow = Inflow()
    private var hasFailed = false

    /// Creates one side; the initiator may tell whom it expects.
    public init(
        isInitiator: Bool, identity: Identity, ephemeral: X25519.SecretKey,
        expected: PeerID? = nil
    ) {
        self.identity = identity
        self.expected = expected
        handshake = Handshake(
            isInitiator: isInitiator, fixed: identity.fixed, ephemeral: ephemeral)
    }

    /// Always `nil`: the owner of the connection keeps its time.
    public var deadline: Instant? { nil }

    /// Takes one input in.
    public mutating func handle(
        _ input: Input, at now: Instant, into outputs: inout Outbox<Output>
    ) {
        guard !hasFailed else { return }
        do {
            switch input {
            case .opened:
                // The first message carries nothing: nothing in it would be secret.
                if handshake.isOurs { outputs.append(.send(Self.frame(try handshake.write([])))) }
            case .received(let bytes):
                inflow.feed(bytes)
                try read(into: &outputs)
            case .write(let bytes):
                outputs.append(.send(try seal(bytes)))
            }
        } catch {
            hasFailed = true
            outputs.append(.failed(error))
        }
    }

    /// Does nothing: no deadline is ever set.
    public mutating func wake(at now: Instant, into outputs: inout Outbox<Output>) {}

    private static func frame(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }

    private mutating func read(into outputs: inout Outbox<Output>) throws(Failure) {
        while inflow.count >= 2 {
            let start = inflow.cursor
            let count = Int(inflow.bytes[start]) << 8 | Int(inflow.bytes[start + 1])
            guard inflow.count >= 2 + count else { return }
            if ciphers != nil {
                let bytes = inflow.bytes
                let sealed = bytes.span.extracting(start + 2..<start + 2 + count)
                guard let plain = ciphers?.receiving.open(sealed) else { throw .decryption }
                inflow.skip(2 + count)
                if !plain.isEmpty { outputs.append(.received(plain)) }
            } else {
                inflow.skip(2)
                try advance(count == 0 ? [] : inflow.take(count), into: &outputs)
            }
        }
    }

    private mutating func advance(
        _ message: [UInt8], into outputs: inout Outbox<Output>
    ) throws(Failure) {
        let payload = try handshake.read(message)
        if handshake.remoteFixed.isEmpty {
            outputs.append(.send(Self.frame(try handshake.write(identity.payload))))
            return
        }
        let key = try Self.verify(payload, for: handshake.remoteFixed)
        let peer = PeerID(key)
        if let expected, expected != peer { throw .unexpected(peer) }
        guard peer != identity.peer else { throw .ourselves }
        if handshake.isOurs {
            outputs.append(.send(Self.frame(try handshake.write(identity.payload))))
        }
        guard let pair = handshake.ciphers() else { throw .order }
        ciphers = pair
        outputs.append(.established(peer, key))
    }

    private mutating func seal(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        guard ciphers != nil else { throw .order }
        let span = bytes.span
        let pieces = bytes.count / Self.plainLimit + 1
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + pieces * (2 + ChaChaPoly.tagSize))
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.plainLimit, bytes.count)
            guard let sealed = ciphers?.sending.seal(span.extracting(start..<end)) else {
                throw .exhausted
            }
            output.append(UInt8(sealed.count >> 8))
            output.append(UInt8(truncatingIfNeeded: sealed.count))
            output += sealed
            start = end
        }
        return output
    }
}
