/// A queue that gives out what is first in an order: a binary heap.
struct Heap<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private let precedes: @Sendable (Element, Element) -> Bool

    /// Creates a queue of elements in an order.
    init(_ elements: [Element] = [], by precedes: @escaping @Sendable (Element, Element) -> Bool) {
        self.elements = elements
        self.precedes = precedes
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// How many elements there are.
    var count: Int { elements.count }

    /// The first element, left where it is.
    var first: Element? { elements.first }

    mutating func insert(_ element: Element) {
        elements.append(element)
        var index = elements.count - 1
        while index > 0, precedes(elements[index], elements[(index - 1) / 2]) {
            elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() -> Element? {
        guard let first = elements.first else { return nil }
        let last = elements.removeLast()
        replaceFirst(with: last)
        return first
    }

    /// Puts another element in the place of the first.
    mutating func replaceFirst(with element: Element) {
        guard !elements.isEmpty else { return }
        elements[0] = element
        sink(0)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var first = index
            for child in [2 * index + 1, 2 * index + 2] where child < elements.count {
                if precedes(elements[child], elements[first]) { first = child }
            }
            guard first != index else { return }
            elements.swapAt(index, first)
            index = first
        }
    }
}
