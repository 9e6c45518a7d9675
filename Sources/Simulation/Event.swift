import Machine

/// One thing that is yet to happen in a world.
///
/// What is meant for a node names its life: a node that was started again has nothing to do with
/// what its former life waited for.
enum Event {
    case wake(Life, at: UInt64)
    case clock(Life)
    case dialed(Life, Ticket, Endpoint)
    case refused(Life, Ticket)
    case opened(Link, Ticket?, from: Endpoint)
    case arrived(Link, [UInt8])
    case closed(Link)
    case computed(Life, Ticket, slot: Int)
    case logged(Life)
    case committed(Life)
    case requested(node: Int, Ticket, HTTPRequest)
    case joined(node: Int, Session, path: String)
    case told(node: Int, Session, [UInt8])
    case left(node: Int, Session)
    case restart(node: Int)
    case crash
    case partition
    case heal(number: UInt64)
    case clog
    case unclog(node: Int)
    case reset
    case fill
    case free(node: Int)
}

/// One node from one start to its end.
struct Life: Hashable {
    let node: Int
    let number: UInt32
}
