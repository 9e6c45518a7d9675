/// A door through which bytes from outside come in, as a fuzzer knocks on it.
///
/// A run may refuse the bytes in any way that its types allow; it must not trap, and what it reads
/// it must write again as the same bytes, wherever an encoding is canonical.
public struct FuzzTarget: Sendable {
    /// The name, by which a corpus is found and a run is chosen.
    public let name: String

    /// Bytes to begin with, made by the encoders.
    public let seeds: @Sendable () -> [[UInt8]]

    /// Takes bytes in; traps if a promise does not hold.
    public let run: @Sendable ([UInt8]) -> Void

    /// Creates a target.
    init(
        _ name: String, seeds: @autoclosure @escaping @Sendable () -> [[UInt8]] = [],
        run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.run = run
    }

    /// All doors, in the order of their names.
    public static let all: [FuzzTarget] =
        (texts + codecs + transactions + blocks + proofs + consensus + addresses + channels
        + gatherings + calls + code + files)
        .sorted { $0.name < $1.name }
}
