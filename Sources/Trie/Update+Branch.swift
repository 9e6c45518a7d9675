extension Updater {
    /// Applies changes to a branch: to each child those that lead to it.
    ///
    /// `moved` is a child that the branch does not name yet, since it is not stored yet.
    mutating func apply(
        _ range: Range<Int>, to branch: Branch, moved: (digit: UInt8, node: Node)? = nil,
        at path: NodePath
    ) throws(TrieError) -> Outcome {
        var children: [Child] = []
        children.reserveCapacity(16)
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
                if moved.digit < digit { children.append(Child(moved.digit, moved.node)) }
            }
            let place = path.appending(digit)
            let hasMoved = moved?.digit == digit
            let old = hasMoved ? moved?.node : try resolve(branch[Int(digit)], at: place)
            switch try apply(start..<index, to: old, at: place) {
            case .unchanged: if hasMoved { children.append(Child(digit, old)) }
            case .changed(let node): children.append(Child(digit, node))
            case .written(let index): children.append(Child(digit: digit, state: .written(index)))
            }
        }
        if let moved, !isMovedPlaced { children.append(Child(moved.digit, moved.node)) }
        guard !children.isEmpty || value != nil else { return .unchanged }
        return .changed(try settle(branch, children, value: value, at: path))
    }

    /// The branch with its changed children: a branch again, or what is left when it has one entry.
    private mutating func settle(
        _ branch: Branch, _ children: [Child], value: [UInt8]?, at path: NodePath
    ) throws(TrieError) -> Node? {
        var digits = branch.digits
        for child in children {
            let bit: UInt16 = 1 << UInt16(child.digit)
            digits = child.isGone ? digits & ~bit : digits | bit
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
        for child in children where child.isGone {
            _ = place(child, of: branch, at: path)
        }
        guard digits != 0 else {
            return hasValue ? .leaf(NodePath(), value ?? branch.value) : nil
        }
        let digit = UInt8(digits.trailingZeroBitCount)
        return try collapse(
            branch, onto: digit, children.first { $0.digit == digit }, at: path)
    }

    /// What a branch with one child becomes: the child with a longer path, or a stem to a branch.
    private mutating func collapse(
        _ branch: Branch, onto digit: UInt8, _ changed: Child?, at path: NodePath
    ) throws(TrieError) -> Node? {
        let place = path.appending(digit)
        let reference = branch[Int(digit)]
        let stem = NodePath().appending(digit)
        let node: Node?
        switch changed?.state {
        case .written(let index): return .stem(stem, .pending(index))
        case .node(let new): node = new
        case .gone: return nil
        case nil: node = try resolve(reference, at: place)
        }
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
        _ child: Child, of branch: Branch, at path: NodePath
    ) -> Node.Reference {
        let place = path.appending(child.digit)
        let wasStored = branch[Int(child.digit)].isStored
        switch child.state {
        case .gone:
            if wasStored { erase(place) }
            return .none
        case .node(let node): return seal(node, at: place, wasStored: wasStored)
        case .written(let index): return .pending(index)
        }
    }

    /// What became of one child of a branch.
    struct Child {
        enum State {
            /// It is no more.
            case gone
            /// It is this node, not stored yet.
            case node(Node)
            /// It is a branch, and this one of the writes.
            case written(Int)
        }

        let digit: UInt8
        let state: State

        init(digit: UInt8, state: State) {
            self.digit = digit
            self.state = state
        }

        init(_ digit: UInt8, _ node: Node?) {
            self.init(digit: digit, state: node.map(State.node) ?? .gone)
        }

        var isGone: Bool { if case .gone = state { true } else { false } }
    }
}
