/// A great value in memory of its own, so that a copy costs one reference until it is changed.
///
/// A dictionary gives its values out as copies; what is read of them should not cost dozens of
/// references each time. The one element of the array is changed in place while it is not shared.
struct Boxed<Value: Sendable>: Sendable {
    private var storage: [Value]

    /// Puts a value into its box.
    init(_ value: Value) {
        storage = [value]
    }

    /// The value.
    var value: Value {
        _read { yield storage[0] }
        _modify { yield &storage[0] }
    }
}
