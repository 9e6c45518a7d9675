import EVM
import Ledger
import Primitives

/// What gas and blob gas will cost in the block after the newest (EIP-1559, EIP-4844).
struct NextFees {
    let base: UInt256
    let blob: UInt256

    init(after header: Header, _ rules: ChainRules) {
        base = NextFees.base(header)
        // Which second the next block will have is open; any does, short of a fork.
        let number = header.number + 1
        let time = header.timestamp + 1
        guard let parameters = rules.blobParameters(atNumber: number, timestamp: time) else {
            blob = .zero
            return
        }
        blob = parameters.baseFee(
            excess: parameters.excess(
                parentExcess: header.excessBlobGas ?? 0,
                parentBlobGasUsed: header.blobGasUsed ?? 0,
                parentBaseFee: header.baseFeePerGas ?? .zero,
                revision: rules.revision(atNumber: number, timestamp: time)))
    }

    private static func base(_ header: Header) -> UInt256 {
        guard let fee = header.baseFeePerGas else { return .zero }
        let target = header.gasLimit / 2
        guard target > 0, header.gasUsed != target else { return fee }
        let isAbove = header.gasUsed > target
        let distance = isAbove ? header.gasUsed - target : target - header.gasUsed
        let change = fee &* UInt256(distance) / UInt256(target) / 8
        return isAbove ? fee &+ max(change, 1) : fee &- change
    }
}
