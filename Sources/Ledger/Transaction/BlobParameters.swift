public import EVM
public import Primitives

/// How many blobs a block may hold, and how fast their price moves (EIP-4844, EIP-7840).
public struct BlobParameters: Hashable, Sendable {
    /// How many blobs a block holds while the price stands still.
    public let target: UInt64
    /// How many blobs a block holds at most.
    public let max: UInt64
    /// How slowly the price moves.
    public let baseFeeUpdateFraction: UInt64

    /// The gas of one blob.
    public static let gasPerBlob: UInt64 = 1 << 17
    /// The least price of a unit of blob gas.
    public static let minimumBaseFee: UInt256 = 1
    /// What reading a blob costs at least, in gas (EIP-7918).
    public static let baseCost: UInt64 = 1 << 13
    /// How many blobs one transaction may have since Osaka (EIP-7594).
    public static let blobsPerTransaction = 6

    /// Those of Cancun.
    public static let cancun = BlobParameters(
        target: 3, max: 6, baseFeeUpdateFraction: 3_338_477)
    /// Those of Prague (EIP-7691) and Osaka.
    public static let prague = BlobParameters(
        target: 6, max: 9, baseFeeUpdateFraction: 5_007_716)

    /// Those of Amsterdam, where the last change before holds on (EIP-7892).
    public static let amsterdam = BlobParameters(
        target: 14, max: 21, baseFeeUpdateFraction: 11_684_671)

    /// Creates parameters.
    public init(target: UInt64, max: UInt64, baseFeeUpdateFraction: UInt64) {
        self.target = target
        self.max = max
        self.baseFeeUpdateFraction = baseFeeUpdateFraction
    }

    /// The price of a unit of blob gas.
    public func baseFee(excess: UInt64) -> UInt256 {
        // EIP-4844, fake_exponential: Taylor's series of e^(excess / fraction) in integers.
        let denominator = UInt256(baseFeeUpdateFraction)
        var result = UInt256.zero
        var term = BlobParameters.minimumBaseFee &* denominator
        var index: UInt64 = 1
        while !term.isZero {
            let (sum, overflow) = result.addingReportingOverflow(term)
            let (product, wrapped) = term.multipliedReportingOverflow(by: UInt256(excess))
            if overflow || wrapped { return .max }
            result = sum
            term = product / (denominator &* UInt256(index))
            index += 1
        }
        return result / denominator
    }

    /// The excess of a block, from what its parent had (EIP-4844; since Osaka EIP-7918).
    public func excess(
        parentExcess: UInt64, parentBlobGasUsed: UInt64, parentBaseFee: UInt256, revision: Revision
    ) -> UInt64 {
        let targetGas = target &* BlobParameters.gasPerBlob
        let (sum, overflow) = parentExcess.addingReportingOverflow(parentBlobGasUsed)
        guard !overflow, sum >= targetGas else { return overflow ? .max : 0 }
        if revision >= .osaka {
            // A blob's price is bound to what its reading costs in gas.
            let bound = UInt256(BlobParameters.baseCost) &* parentBaseFee
            if bound > UInt256(BlobParameters.gasPerBlob) &* baseFee(excess: parentExcess) {
                let part = parentBlobGasUsed.multipliedFullWidth(by: max &- target)
                let scaled = max == 0 ? 0 : max.dividingFullWidth(part).quotient
                return parentExcess &+ scaled
            }
        }
        return sum &- targetGas
    }
}
