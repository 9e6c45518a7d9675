extension Updater {
    /// Applies changes to a branch: to each child those that lead to it.
    ///
    /// `moved` is a child that the branch does not name yet, since it is not stored yet.
    mutating func apply(
        _ range: Range<Int>, to branch: Branch, moved: (digit: UInt8, node: Node)? = nil,
        at path: NodePath
    ) throws(TrieError) -> Outcome {
        var children: [(digit: UInt8, node: Node?)] = []
        var index = range.lowerBound
        var value: [UInt8]?
        if index < range.upperBound, changes[index].key.count == path.count {
            let new = changes[index].value ?? []
            if new != branch.value { value = new }
            index += 1
        }
        var isMovedPlaced = moved == nil
        while index < range.upperBound {
            let digit = changes[index].key[path.count]
            let start = index
            while index < range.upperBound, changes[index].key[path.count] == digit { index += 1 }
            if let moved, !isMovedPlaced, moved.digit <= digit {
                isMovedPlaced = true
                if moved.digit < digit { children.append((moved.digit, moved.node)) }
            }
            let place = path.appending(digit)
            let hasMoved = moved?.digit == digit
            let old = hasMoved ? moved?.node : try resolve(branch[Int(digit)], at: place)
            switch try apply(start..<index, to: old, at: place) {
            case .unchanged: if hasMoved { children.append((digit, old)) }
            case .changed(let node): children.append((digit, node))
            }
        }
        if let moved, !isMovedPlaced { children.append((moved.digit, moved.node)) }
        guard !children.isEmpty || value != nil else { return .unchanged }
        return .changed(try settle(branch, children, value: value, at: path))
    }

    /// The branch with its changed children: a branch again, or what is left when it has one entry.
    private mutating func settle(
        _ branch: Branch, _ children: [(digit: UInt8, node: Node?)], value: [UInt8]?,
        at path: NodePath
    ) throws(TrieError) -> Node? {
        var digits = branch.digits
        for child in children {
            let bit: UInt16 = 1 << UInt16(child.digit)
            digits = child.node == nil ? digits & ~bit : digits | bit
        }
        let hasValue = !(value ?? branch.value).isEmpty
        guard digits.nonzeroBitCount + (hasValue ? 1 : 0) < 2 else {
            var sealed: [(digit: UInt8, child: Node.Reference)] = []
            sealed.reserveCapacity(children.count)
            for child in children {
                sealed.append((child.digit, place(child, of: branch, at: path)))
            }
            return .branch(branch.replacing(sealed, value: value))
        }
        for child in children where child.node == nil {
            _ = place(child, of: branch, at: path)
        }
        guard digits != 0 else {
            return hasValue ? .leaf(NodePath(), value ?? branch.value) : nil
        }
        let digit = UInt8(digits.trailingZeroBitCount)
        return try collapse(
            branch, onto: digit, children.first { $0.digit == digit }?.node, at: path)
    }

    /// What a branch with one child becomes: the child with a longer path, or a stem to a branch.
    private mutating func collapse(
        _ branch: Branch, onto digit: UInt8, _ changed: Node?, at path: NodePath
    ) throws(TrieError) -> Node? {
        let place = path.appending(digit)
        let reference = branch[Int(digit)]
        let stem = NodePath().appending(digit)
        let node: Node?
        if let changed { node = changed } else { node = try resolve(reference, at: place) }
        guard let node else { return nil }
        switch node {
        case .leaf(let rest, let value):
            if reference.isStored { erase(place) }
            return .leaf(stem.appending(rest), value)
        case .stem(let rest, let child):
            if reference.isStored { erase(place) }
            return .stem(stem.appending(rest), child)
        case .branch:
            guard changed != nil else { return .stem(stem, reference) }
            return .stem(stem, seal(node, at: place, wasStored: reference.isStored))
        }
    }

    /// Stores or takes out a changed child, and says how the branch names it.
    private mutating func place(
        _ child: (digit: UInt8, node: Node?), of branch: Branch, at path: NodePath
    ) -> Node.Reference {
        let place = path.appending(child.digit)
        let wasStored = branch[Int(child.digit)].isStored
        guard let node = child.node else {
            if wasStored { erase(place) }
            return .none
        }
        return seal(node, at: place, wasStored: wasStored)
    }
}
