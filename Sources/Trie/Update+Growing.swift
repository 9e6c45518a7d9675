import Primitives

/// The way of most updates: accounts and slots change or are new, and none is taken out.
extension Updater {
    /// Applies changes that take nothing out to a branch, which therefore stays one.
    ///
    /// Its write is made before its children's, so that each can say at once where its hash goes.
    mutating func grow(
        _ branch: Branch, with range: Range<Int>, at path: NodePath
    ) throws(TrieError) -> Outcome {
        // A key that ends here changes the branch's value; what is not stored has no write.
        if changes[range.lowerBound].key.count == path.count || branch.bytes.count < 32 {
            return try apply(range, to: branch, at: path)
        }
        let place = writes.count
        let hashedBefore = hashedCount
        writes.append(TrieUpdate.NodeWrite(path: path, node: branch.bytes))
        parents.append((-1, 0))
        var children: [(digit: UInt8, child: Node.Reference)] = []
        children.reserveCapacity(min(range.count, 16))
        var fits = true
        var index = range.lowerBound
        while index < range.upperBound {
            let digit = changes[index].key[path.count]
            let start = index
            while index < range.upperBound, changes[index].key[path.count] == digit { index += 1 }
            let below = path.appending(digit)
            let old = branch[Int(digit)]
            let new: Node.Reference
            switch try apply(start..<index, to: try resolve(old, at: below), at: below) {
            case .unchanged, .changed(nil): continue
            case .changed(let node?): new = seal(node, at: below, wasStored: old.isStored)
            case .written(let index): new = .pending(index)
            }
            children.append((digit, new))
            if case .pending(let child) = new, case .hash = old {
                parents[child] = (place, branch.offset(of: digit))
            } else {
                fits = false
            }
        }
        guard !children.isEmpty else {
            writes.removeLast()
            parents.removeLast()
            return .unchanged
        }
        if !fits, case .changed(let short) = revise(place, branch, children) {
            return .changed(short)
        }
        let waiting = writes.count - place - (hashedCount - hashedBefore)
        if waiting > Updater.patience { hash(from: place + 1) }
        return .written(place)
    }

    /// Replaces a written branch when its children moved: one is new, or has become short.
    private mutating func revise(
        _ place: Int, _ branch: Branch, _ children: [(digit: UInt8, child: Node.Reference)]
    ) -> Outcome {
        let grown = branch.replacing(children, value: nil)
        guard grown.bytes.count >= 32 else {
            // Its children have become short, and so has it: its parent will hold it.
            voids.append(place)
            writes[place].node = []
            return .changed(.branch(grown))
        }
        writes[place].node = grown.bytes
        for (child, offset) in grown.awaited { parents[child] = (place, offset) }
        return .written(place)
    }
}
