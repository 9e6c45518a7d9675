import Machine
import Primitives

/// A node's place in the world, whether it is up or not.
///
/// The node lies in memory of its own and is changed in its place: a node is a large value, and
/// code that does not know its type would copy it whole to look at one part.
@safe final class Home<Node: Resident> {
    /// Which start of the node this is.
    var life: Life
    /// When it was started, in the world's time.
    var started: UInt64 = 0
    /// When it is woken next.
    var wakeTime = UInt64.max
    /// When the last change of the log is synced.
    var logTime: UInt64 = 0
    /// When the last batch is synced.
    var databaseTime: UInt64 = 0
    /// Links that have room again, of which the node has not been told.
    var owedRoom: [Link] = []
    /// What outlives it.
    let disk = VirtualDisk()
    /// By how many millionths its clock runs fast.
    let drift: Int64
    /// By how many milliseconds its wall clock is fast.
    let skew: Int64
    /// Whether the node is up.
    private(set) var isUp = false

    private let place: UnsafeMutablePointer<Node>

    init(life: Life, drift: Int64, skew: Int64) {
        self.life = life
        self.drift = drift
        self.skew = skew
        unsafe place = .allocate(capacity: 1)
    }

    deinit {
        leave()
        unsafe place.deallocate()
    }

    /// When the node wants to be woken; `nil` if it does not, or is down.
    var deadline: Instant? {
        // Whoever is up lies in its place; so in all that follows.
        isUp ? unsafe place.pointee.deadline : nil
    }

    /// Puts a node in.
    func enter(_ node: consuming Node) {
        leave()
        unsafe place.initialize(to: node)
        isUp = true
    }

    /// Takes the node out.
    func leave() {
        guard isUp else { return }
        isUp = false
        unsafe place.deinitialize(count: 1)
    }

    /// Tells the node what happened.
    func handle(
        _ occurrence: Occurrence<Node.Work>, at now: Instant,
        into outbox: inout Outbox<Effect<Node.Work>>
    ) {
        guard isUp else { return }
        unsafe place.pointee.handle(occurrence, at: now, into: &outbox)
    }

    /// Lets the node run what has come due.
    func wake(at now: Instant, into outbox: inout Outbox<Effect<Node.Work>>) {
        guard isUp else { return }
        unsafe place.pointee.wake(at: now, into: &outbox)
    }

    /// Looks at the node in its place; `nil` if it is down.
    func read<Result>(_ body: (Node) -> Result) -> Result? {
        isUp ? body(unsafe place.pointee) : nil
    }
}
