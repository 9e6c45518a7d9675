package import Crypto

extension Noise {
    /// The three messages of the pattern XX, without libp2p's payloads (section 7.5).
    ///
    /// `-> e`, `<- e, ee, s, es`, `-> s, se`; each message carries a payload behind its keys.
    package struct Handshake: Sendable {
        private let isInitiator: Bool
        private let fixed: X25519.SecretKey
        private let ephemeral: X25519.SecretKey
        private var symmetric: Symmetric
        private var remoteEphemeral: [UInt8] = []
        private var step = 0

        /// The other side's fixed key, once it was told.
        package private(set) var remoteFixed: [UInt8] = []

        /// Creates one side; the ephemeral key is of this handshake alone.
        package init(
            isInitiator: Bool, fixed: X25519.SecretKey, ephemeral: X25519.SecretKey,
            prologue: [UInt8] = []
        ) {
            self.isInitiator = isInitiator
            self.fixed = fixed
            self.ephemeral = ephemeral
            symmetric = Symmetric(prologue: prologue)
        }

        /// The hash of all that was said.
        package var hash: [UInt8] { symmetric.hash }

        /// Whether all three messages went over.
        package var isDone: Bool { step == 3 }

        /// Whether the next message is this side's to write.
        package var isOurs: Bool { !isDone && (step % 2 == 0) == isInitiator }

        /// Writes the next message.
        package mutating func write(_ payload: [UInt8]) throws(Failure) -> [UInt8] {
            guard isOurs else { throw .order }
            var message: [UInt8] = []
            switch step {
            case 0:
                message = writeEphemeral()
            case 1:
                message = writeEphemeral()
                try agree(ephemeral, remoteEphemeral)
                message += try symmetric.seal(fixed.publicKey)
                try agree(fixed, remoteEphemeral)
            default:
                message = try symmetric.seal(fixed.publicKey)
                try agree(fixed, remoteEphemeral)
            }
            message += try symmetric.seal(payload)
            step += 1
            return message
        }

        /// Reads the next message and returns its payload.
        package mutating func read(_ message: [UInt8]) throws(Failure) -> [UInt8] {
            guard !isDone, !isOurs else { throw .order }
            var cursor = 0
            func take(_ count: Int) throws(Failure) -> [UInt8] {
                guard message.count - cursor >= count else { throw .truncated }
                defer { cursor += count }
                return Array(message[cursor..<cursor + count])
            }
            switch step {
            case 0:
                remoteEphemeral = try take(32)
                symmetric.mix(hash: remoteEphemeral)
            case 1:
                remoteEphemeral = try take(32)
                symmetric.mix(hash: remoteEphemeral)
                try agree(ephemeral, remoteEphemeral)
                remoteFixed = try symmetric.open(try take(48))
                try agree(ephemeral, remoteFixed)
            default:
                remoteFixed = try symmetric.open(try take(48))
                try agree(ephemeral, remoteFixed)
            }
            let payload = try symmetric.open(try take(message.count - cursor))
            step += 1
            return payload
        }

        /// The ciphers of the two directions once all is said.
        package func ciphers() -> (sending: Cipher, receiving: Cipher)? {
            guard isDone, let (first, second) = symmetric.split() else { return nil }
            return isInitiator ? (first, second) : (second, first)
        }

        private mutating func writeEphemeral() -> [UInt8] {
            symmetric.mix(hash: ephemeral.publicKey)
            return ephemeral.publicKey
        }

        private mutating func agree(
            _ secret: X25519.SecretKey, _ point: [UInt8]
        ) throws(Failure) {
            // A point of low order would make a key that everyone knows.
            guard let shared = secret.sharedSecret(with: point) else { throw .agreement }
            symmetric.mix(key: shared)
        }
    }
}
