import EVM
import Ledger
import Primitives

extension Header {
    /// The price of blob gas in the block after this one (EIP-4844); zero before Cancun.
    func nextBlobBaseFee(_ rules: ChainRules) -> UInt256 {
        // Which second the next block will have is open; any does, short of a fork.
        let (number, time) = (number &+ 1, timestamp &+ 1)
        guard let parameters = rules.blobParameters(atNumber: number, timestamp: time) else {
            return .zero
        }
        return parameters.baseFee(
            excess: parameters.excess(
                parentExcess: excessBlobGas ?? 0, parentBlobGasUsed: blobGasUsed ?? 0,
                parentBaseFee: baseFeePerGas ?? .zero,
                revision: rules.revision(atNumber: number, timestamp: time)))
    }
}
