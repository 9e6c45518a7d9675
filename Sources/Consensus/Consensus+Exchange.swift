public import Machine
public import Primitives

extension Consensus {
    /// Everything that can happen to consensus.
    public enum Input: Sendable {
        /// A peer sent a message.
        case received(Message, from: Source)
        /// Where a node stands that has no link to this one, as a peer passed it on.
        case overheard(Status, from: Source)
        /// A peer is there to be asked.
        case connected(Source)
        /// A peer is gone.
        case disconnected(Source)
        /// The answer to ``Output/build(_:)``; without a value the view is nullified at once.
        case valueBuilt(view: UInt64, parent: Hash32, Value?)
        /// The answer to ``Output/judge(_:)``.
        case valueJudged(proposal: Hash32, Verdict)
        /// What was appended or replaced under this ticket is on disk.
        case persisted(Ticket)
        /// The ledger has all blocks up to this height on disk.
        case committed(height: UInt64)
        /// Whether transactions wait that a block could take up.
        case valueWaiting(Bool)
        /// The answer to ``Output/recall(_:height:count:bytes:)``, from the height asked for on;
        /// fewer where there are no more.
        case recalled(Ticket, [Recalled])
    }

    /// Everything consensus asks of its owner.
    public enum Output: Sendable {
        /// Send a message.
        case send(Message, to: Target)
        /// Append to the log and sync; then ``Input/persisted(_:)``.
        case append(Ticket, [UInt8])
        /// Put this in the place of the whole log, all or nothing; then ``Input/persisted(_:)``.
        case replace(Ticket, [UInt8])
        /// Build a value; then ``Input/valueBuilt(view:parent:_:)``.
        case build(Build)
        /// Judge a value; then ``Input/valueJudged(proposal:_:)``.
        case judge(Judgement)
        /// A block is final: in order of height, each once.
        case finalized(Finalized)
        /// Read final blocks for a peer; values only until so many bytes are read, at least one.
        case recall(Ticket, height: UInt64, count: Int, bytes: Int)
        /// A peer did wrong.
        case report(Offence, Source)
        /// Something happened that a person or a program may want to know.
        case emit(Event)
    }

    /// To whom a message goes.
    public enum Target: Hashable, Sendable {
        /// To all nodes, validators or not, each directly or by gossip that repeats repetitions.
        case everyone
        /// To the validator in this place.
        case validator(Int)
        /// To one peer.
        case peer(Source)
    }

    /// What a new value is to stand on.
    public struct Build: Hashable, Sendable {
        /// The view it is for.
        public let view: UInt64
        /// The parent's proposal; to be given back.
        public let parent: Hash32
        /// The parent's value: build on its post-state.
        public let parentValue: Hash32
        /// The height of the new value.
        public let height: UInt64
        /// What its extra data must be (SPEC §1, Block).
        public let commitment: Hash32
        /// The leader's place: the own one.
        public let leader: Int
    }

    /// What a value must be valid as.
    public struct Judgement: Hashable, Sendable {
        /// The proposal; to be given back.
        public let proposal: Hash32
        /// The view it was proposed in.
        public let view: UInt64
        /// The value.
        public let value: Value
        /// The parent's value, valid or final: judge on its post-state.
        public let parentValue: Hash32
        /// The height it must have.
        public let height: UInt64
        /// What its extra data must be.
        public let commitment: Hash32
        /// The leader's place: its fee address must be the coinbase.
        public let leader: Int
    }

    /// What the ledger says about a value.
    public enum Verdict: Hashable, Sendable {
        /// It is valid; the ledger holds its post-state.
        case valid
        /// Its bytes are what its hash names, and they break a rule.
        case invalid
        /// Its bytes are not what its hash names, or its extra data is not the commitment: they
        /// were changed on the way, and another copy may be good.
        case mismatched
        /// It cannot be said yet, for example because its time is not come.
        case pending
    }

    /// A block that is final.
    public struct Finalized: Hashable, Sendable {
        /// Its place; keep ``FinalBlock/encoded`` with the block, by height.
        public let block: FinalBlock
        /// Its proposal.
        public let proposal: Hash32
        /// The value.
        public let value: Value
        /// The finalization that made it final, its own or a descendant's.
        public let certificate: Certificate
    }

    /// A final block out of the ledger.
    public struct Recalled: Hashable, Sendable {
        /// What ``FinalBlock/encoded`` was.
        public let record: [UInt8]
        /// The value's bytes; `nil` once enough bytes are read.
        public let value: [UInt8]?

        /// Creates an answer.
        public init(record: [UInt8], value: [UInt8]?) {
            self.record = record
            self.value = value
        }
    }

    /// What a peer did wrong.
    public enum Offence: String, Hashable, CaseIterable, Sendable {
        /// A signature is not that of the validator it names.
        case badSignature
        /// A certificate is no quorum, or a signature in it is wrong.
        case badCertificate
        /// A proposal is not its leader's, or not justified.
        case badProposal
        /// A value's bytes are not what its hash names.
        case badValue
        /// A reply does not answer its question.
        case badReply
    }

    /// What happened.
    public enum Event: Hashable, Sendable {
        /// A view began, led by this validator.
        case entered(view: UInt64, leader: Int)
        /// The leader of the view was passed over: it has been silent for long.
        case skipped(view: UInt64, leader: Int)
        /// A proposal was sent by this node.
        case proposed(view: UInt64, proposal: Hash32)
        /// A vote was signed by this node.
        case voted(Vote.Kind, view: UInt64)
        /// A certificate was taken in.
        case certified(Vote.Kind, view: UInt64)
        /// A block became final.
        case finalized(height: UInt64, view: UInt64, value: Hash32)
        /// A validator is convicted; the two votes are proof.
        case convicted(Evidence)
        /// The log does not vouch for the past: nothing is signed until a quorum answered (W4).
        case probationBegan(LogCondition)
        /// Probation is over: nothing is signed below this view.
        case probationEnded(floor: UInt64)
        /// This node signs nothing any more: a person must act.
        case halted(Alarm)
        /// Blocks are fetched up to a finalization of this view.
        case syncing(height: UInt64, view: UInt64)
    }

    /// How the log was found at the start.
    public enum LogCondition: String, Hashable, Sendable {
        /// It remembers everything.
        case whole
        /// Its last, unfinished frame was cut off.
        case torn
        /// It is damaged elsewhere.
        case damaged
        /// There is none, or none with a birth record.
        case missing
        /// It is another chain's.
        case foreign
    }

    /// Why a node stopped signing.
    public enum Alarm: Hashable, Sendable {
        /// A quorum notarized what this node finds invalid: software differs.
        case invalidBlock(proposal: Hash32, view: UInt64)
        /// Two certificates contradict each other: more than a third lied.
        case contradiction(view: UInt64)
        /// The own key signed a vote that the log does not have: it is in use elsewhere.
        case keyUsedElsewhere(view: UInt64)
    }
}
