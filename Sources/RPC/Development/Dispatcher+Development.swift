/// What a development chain needs of filters when it goes back to a snapshot.
extension Dispatcher {
    /// What filters kept at a moment.
    public struct Kept: Sendable {
        let watches: Watches
    }

    /// What filters keep now.
    public var kept: Kept { Kept(watches: watches) }

    /// Gives filters back what they kept; those that were not there then keep nothing.
    public mutating func restore(_ kept: Kept?) { watches.restore(kept?.watches) }
}
