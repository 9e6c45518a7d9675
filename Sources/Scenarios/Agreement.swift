internal import Node
internal import Primitives
internal import Simulation

/// Checks that no two nodes ever hold different final blocks, or states, at one height.
struct Agreement: Sendable {
    private var points: [Node.FinalPoint] = []
    private var heights: [UInt64]
    /// What was violated, in words.
    private(set) var violations: [String] = []

    init(nodes: Int) {
        heights = Array(repeating: 0, count: nodes)
    }

    /// The greatest height that any node has final.
    var height: UInt64 { UInt64(max(0, points.count - 1)) }

    /// Looks at a node that something happened to.
    mutating func look(at index: Int, in world: World<Node>) {
        guard let height = world.read(index, { $0.finalHeight }) else {
            // A node that starts again reads from its disk, which may be behind.
            heights[index] = 0
            return
        }
        guard height != heights[index] else { return }
        let known = heights[index]
        heights[index] = height
        world.read(index) { node in
            // At a restart only the newest block is new to look at.
            let first = known == 0 ? min(height, UInt64(points.count)) : min(known + 1, height)
            for number in first...height { check(node.finalPoint(at: number), of: index, number) }
        }
    }

    private mutating func check(_ point: Node.FinalPoint?, of index: Int, _ number: UInt64) {
        guard let point else {
            violations.append("node \(index) lacks its own final block \(number)")
            return
        }
        if number == UInt64(points.count) {
            points.append(point)
        } else if number < UInt64(points.count), points[Int(number)] != point {
            let other = points[Int(number)]
            violations.append(
                "node \(index) has \(point.hash) with state \(point.stateRoot) at \(number), "
                    + "another has \(other.hash) with \(other.stateRoot)")
        }
    }
}
