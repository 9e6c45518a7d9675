public import Crypto

/// What a node must be told before it can take part.
public struct Configuration: Sendable {
    /// The chain and epoch.
    public var instance: Instance
    /// Who decides.
    public var validators: Validators
    /// The own key; `nil` for a node that only follows.
    public var key: Secp256k1.SecretKey?
    /// How long things may take.
    public var timing: Timing
    /// What size of the log is not worth rewriting.
    public var logSize: Int
    /// A planted bug, for tests of tests.
    public var fault: Fault?

    /// Creates a configuration.
    public init(
        instance: Instance, validators: Validators, key: Secp256k1.SecretKey?,
        timing: Timing = Timing(), fault: Fault? = nil, logSize: Int = Limits.logSize
    ) {
        self.instance = instance
        self.validators = validators
        self.key = key
        self.timing = timing
        self.fault = fault
        self.logSize = logSize
    }
}

/// How long things may take (SPEC R7, Pace, Skip rule).
public struct Timing: Hashable, Sendable {
    /// Δ: within what time a message should arrive.
    public var delay = Duration.milliseconds(500)
    /// Δmax: what Δ may grow to while nothing becomes final.
    public var delayLimit = Duration.seconds(10)
    /// The time from one block to the next under load; zero is as fast as the network.
    public var blockInterval = Duration.seconds(1)
    /// How long a leader without transactions may wait.
    public var idleInterval = Duration.seconds(5)
    /// After what silence of a leader nobody waits for it any more.
    public var skipTimeout = Duration.seconds(5)
    /// How often everybody tells where it stands.
    public var statusInterval = Duration.seconds(2)
    /// After what time a verdict that was pending is asked for again.
    public var judgeAgain = Duration.milliseconds(100)

    /// Creates the default timing.
    public init() {}
}

/// Bugs that can be planted, to see that the checkers find them.
public enum Fault: String, Hashable, CaseIterable, Sendable {
    /// Half of the power is taken for a quorum.
    case quorumLowered
    /// Votes leave before they are on disk.
    case volatileVotes
    /// A view is finalized although it was nullified, or the other way round.
    case nullifyAndFinalize
}

/// Who sent a message: the owner's token for a peer, which consensus only compares.
public struct Source: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// Creates a token.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders tokens by number.
    public static func < (left: Source, right: Source) -> Bool { left.number < right.number }
}
