/// One version of the execution rules, named as Ethereum names its upgrades.
///
/// Later revisions compare greater, so a rule reads `revision >= .berlin`.
public enum Revision: Int, Comparable, CaseIterable, Sendable {
    /// July 2015.
    case frontier
    /// EIP-606.
    case homestead
    /// EIP-608, also called EIP-150.
    case tangerineWhistle
    /// EIP-607, also called EIP-158.
    case spuriousDragon
    /// EIP-609.
    case byzantium
    /// EIP-1013.
    case constantinople
    /// EIP-1716, in old tests called ConstantinopleFix.
    case petersburg
    /// EIP-1679.
    case istanbul
    /// EIP-2070.
    case berlin
    /// EIP-2387.
    case london
    /// EIP-3675, the merge.
    case paris
    /// EIP-4895 and others, with Capella.
    case shanghai
    /// EIP-7569.
    case cancun
    /// EIP-7600.
    case prague
    /// EIP-7607.
    case osaka
    /// EIP-7773, as the development networks of April 2026 ran it: a preview.
    case amsterdam

    /// The rules of a chain that names none.
    public static let latest = Revision.osaka

    /// Orders revisions by age.
    @inlinable
    public static func < (left: Revision, right: Revision) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Revision: CustomStringConvertible, LosslessStringConvertible {
    /// The name in tests and on the command line, such as `Cancun`.
    public var description: String {
        switch self {
        case .frontier: "Frontier"
        case .homestead: "Homestead"
        case .tangerineWhistle: "TangerineWhistle"
        case .spuriousDragon: "SpuriousDragon"
        case .byzantium: "Byzantium"
        case .constantinople: "Constantinople"
        case .petersburg: "Petersburg"
        case .istanbul: "Istanbul"
        case .berlin: "Berlin"
        case .london: "London"
        case .paris: "Paris"
        case .shanghai: "Shanghai"
        case .cancun: "Cancun"
        case .prague: "Prague"
        case .osaka: "Osaka"
        case .amsterdam: "Amsterdam"
        }
    }

    /// Reads a name as the official tests write it; `nil` if there is no such revision.
    public init?(_ name: String) {
        switch name {
        case "EIP150": self = .tangerineWhistle
        case "EIP158": self = .spuriousDragon
        case "ConstantinopleFix": self = .petersburg
        case "Merge": self = .paris
        // Upgrades that changed only the difficulty bomb, or only the parameters of blobs.
        case "MuirGlacier": self = .istanbul
        case "ArrowGlacier", "GrayGlacier": self = .london
        case "BPO1", "BPO2", "BPO3", "BPO4", "BPO5": self = .osaka
        default:
            guard let revision = Revision.allCases.first(where: { $0.description == name }) else {
                return nil
            }
            self = revision
        }
    }
}
