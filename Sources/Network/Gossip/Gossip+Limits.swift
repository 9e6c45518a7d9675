extension Gossip {
    /// The numbers of the mesh, and the bounds of what peers can grow.
    public enum Limits {
        /// How many peers the mesh of a topic should have.
        public static let mesh = 6
        /// With fewer the mesh is filled up.
        public static let meshLow = 5
        /// With more the mesh is thinned out.
        public static let meshHigh = 12
        /// How many of the mesh should be peers that we dialled.
        public static let meshOutbound = 2
        /// How many peers outside the mesh are told what we have; at least so many.
        public static let lazy = 6
        /// Time between two rounds of upkeep.
        public static let heartbeat = Duration.seconds(1)
        /// For how many heartbeats messages are kept to be asked for.
        public static let history = 5
        /// For how many heartbeats peers are told of them.
        public static let gossiped = 3
        /// How long a peer that was pruned is not grafted again.
        public static let backoff = Duration.seconds(60)
        /// The same after we left a topic.
        public static let leaveBackoff = Duration.seconds(10)
        /// The longest wait that a peer can ask of us.
        public static let backoffMost = Duration.seconds(3_600)
        /// How long a message is known as seen.
        public static let seen = Duration.seconds(60)
        /// How many messages are known as seen.
        public static let seenCount = 65_536
        /// How long we publish to the same peers in a topic that is not ours.
        public static let fanout = Duration.seconds(60)
        /// The longest message between peers, and thereby the longest content.
        public static let rpc = 4 * 1_024 * 1_024
        /// The most bytes of content, which leaves room for topic and framing.
        public static let content = rpc - 1_024
        /// The longest name of a topic.
        public static let topic = 256
        /// The most topics of one peer.
        public static let topics = 128
        /// The most messages in one message between peers.
        public static let messages = 1_024
        /// The most entries of each kind in one control part.
        public static let entries = 1_024
        /// The most names that a peer tells or asks for between two heartbeats.
        public static let names = 5_000
        /// The most times that a peer tells us what it has between two heartbeats.
        public static let announcements = 10
        /// How often one message is given to one peer that asks for it.
        public static let repeats = 3
        /// The most names in one «do not send».
        public static let unwanted = 10
        /// The most «do not send» of a peer between two heartbeats.
        public static let refusals = 1_000
        /// Contents from this size on are announced with «do not send».
        public static let announced = 1_024
        /// How long «do not send» waits for others to go with it.
        public static let gathering = Duration.milliseconds(15)
        /// Contents from this size on are announced at once.
        public static let urgent = 32 * 1_024
        /// How long contents that are announced wait for «do not send» before they are forwarded.
        public static let patience = Duration.milliseconds(50)
        /// How long a peer has to send what it said it has.
        public static let promise = Duration.seconds(3)
        /// The most promises that are watched.
        public static let promises = 4_096
        /// The most messages that wait for a verdict.
        public static let waiting = 4_096
        /// The most bytes of messages that wait for a verdict, and that are kept to be asked for.
        public static let bytes = 32 * 1_024 * 1_024
        /// How long a verdict may take.
        public static let verdict = Duration.seconds(30)
    }
}
