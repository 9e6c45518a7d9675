import Foundation

/// So many seeds from a first one on; `MARTLET_SEEDS=10` runs ten times as many.
func seeds(from first: UInt64, _ count: Int) -> Range<UInt64> {
    let text = ProcessInfo.processInfo.environment["MARTLET_SEEDS"] ?? ""
    return first..<first + UInt64(count * (Int(text) ?? 1))
}
