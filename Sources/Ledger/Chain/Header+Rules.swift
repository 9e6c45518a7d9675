import EVM
public import Primitives

/// What a header must be, given its parent: what does not need the body.
extension Header {
    /// The least gas limit there may be (Yellow Paper, 4.4.4).
    public static let leastGasLimit: UInt64 = 5000
    /// The base fee of the first block that has one (EIP-1559).
    public static let firstBaseFee: UInt256 = 1_000_000_000
    /// How many bytes the extra data may have.
    public static let extraDataLimit = 32
    /// How many bytes a block may have since Osaka (EIP-7934).
    public static let blockSizeLimit = 8 << 20

    /// The base fee of the block after this one (EIP-1559).
    public var nextBaseFee: UInt256 {
        guard let fee = baseFeePerGas else { return Header.firstBaseFee }
        let target = gasLimit / 2
        guard target > 0, gasUsed != target else { return fee }
        if gasUsed > target {
            let part = fee &* UInt256(gasUsed - target) / UInt256(target) / 8
            return fee &+ max(part, 1)
        }
        return fee &- fee &* UInt256(target - gasUsed) / UInt256(target) / 8
    }

    /// The excess of blob gas of the block after this one (EIP-4844, EIP-7918).
    public func nextExcessBlobGas(_ rules: ChainRules, timestamp: UInt64) -> UInt64? {
        let revision = rules.revision(atNumber: number &+ 1, timestamp: timestamp)
        return rules.blobParameters(atNumber: number &+ 1, timestamp: timestamp)?.excess(
            parentExcess: excessBlobGas ?? 0, parentBlobGasUsed: blobGasUsed ?? 0,
            parentBaseFee: baseFeePerGas ?? .zero, revision: revision)
    }

    /// The gas limit of the block after this one that comes nearest to a wanted one.
    public func nextGasLimit(toward wanted: UInt64) -> UInt64 {
        let step = gasLimit / 1024
        let most = step > 0 ? step - 1 : 0
        let low = max(Header.leastGasLimit, gasLimit - min(most, gasLimit))
        return min(max(wanted, low), gasLimit &+ most)
    }

    /// Checks the header against its parent; the first thing that is wrong is told.
    func check(
        after parent: Header, hash: Hash32, _ rules: ChainRules, timesMayRepeat: Bool
    ) throws(InvalidBlock) {
        guard parentHash == hash else { throw .parent(found: parentHash, expected: hash) }
        guard number == parent.number &+ 1 else {
            throw .number(found: number, expected: parent.number &+ 1)
        }
        guard timestamp > parent.timestamp || timesMayRepeat && timestamp == parent.timestamp
        else { throw .timestamp(found: timestamp, parent: parent.timestamp) }
        guard extraData.count <= Header.extraDataLimit else { throw .extraData }
        guard !DAOFork.marks(number, rules) || extraData == DAOFork.extraData else {
            throw .daoForkExtraData
        }
        let revision = rules.revision(atNumber: number, timestamp: timestamp)
        try checkProofOfWork(after: parent, rules, revision)
        try checkGas(after: parent, rules, revision)
        try checkForkFields(after: parent, rules, revision)
    }

    private func checkGas(
        after parent: Header, _ rules: ChainRules, _ revision: Revision
    ) throws(InvalidBlock) {
        // With London the limit doubled once, so that the target stayed (EIP-1559).
        let isFirst = revision >= .london && parent.baseFeePerGas == nil
        let old = isFirst ? parent.gasLimit &* 2 : parent.gasLimit
        let distance = gasLimit > old ? gasLimit - old : old - gasLimit
        // A developer may set the limit of the next block.
        let isNear = distance < old / 1024 || rules.isDevelopment
        guard isNear, gasLimit >= Header.leastGasLimit, gasLimit <= .max >> 1 else {
            throw .gasLimit(found: gasLimit, parent: parent.gasLimit)
        }
        guard gasUsed <= gasLimit else { throw .gasUsed(found: gasUsed, expected: gasLimit) }
        let fee = revision >= .london ? parent.nextBaseFee : nil
        // A developer may set the fee of the next block; whether there is one is not up to him.
        let isFree = rules.isDevelopment && baseFeePerGas != nil && fee != nil
        guard isFree || baseFeePerGas == fee else {
            throw .baseFee(found: baseFeePerGas, expected: fee)
        }
    }

    private func checkProofOfWork(
        after parent: Header, _ rules: ChainRules, _ revision: Revision
    ) throws(InvalidBlock) {
        let expected =
            revision >= .paris ? .zero : parent.nextDifficulty(rules, timestamp: timestamp)
        guard difficulty == expected else {
            throw .difficulty(found: difficulty, expected: expected)
        }
        guard revision >= .paris else { return }
        guard nonce == 0 else { throw .nonce }
        guard ommersHash == Header.emptyOmmersHash else { throw .ommers }
    }

    private func checkForkFields(
        after parent: Header, _ rules: ChainRules, _ revision: Revision
    ) throws(InvalidBlock) {
        guard (withdrawalsRoot != nil) == (revision >= .shanghai) else { throw .withdrawals }
        let excess = parent.nextExcessBlobGas(rules, timestamp: timestamp)
        guard excessBlobGas == excess else {
            throw .excessBlobGas(found: excessBlobGas, expected: excess)
        }
        let blobs = rules.blobParameters(atNumber: number, timestamp: timestamp)
        let most = blobs.map { $0.max &* BlobParameters.gasPerBlob }
        guard (blobGasUsed != nil) == (most != nil), blobGasUsed ?? 0 <= most ?? 0,
            (blobGasUsed ?? 0).isMultiple(of: BlobParameters.gasPerBlob)
        else { throw .blobGasUsed(found: blobGasUsed, expected: most) }
        guard (parentBeaconBlockRoot != nil) == (revision >= .cancun) else {
            throw .parentBeaconBlockRoot
        }
        guard (requestsHash != nil) == (revision >= .prague) else {
            throw .requestsHash(found: requestsHash, expected: nil)
        }
        guard (blockAccessListHash != nil) == (revision >= .amsterdam),
            (slotNumber != nil) == (revision >= .amsterdam)
        else { throw .accessList(found: blockAccessListHash, expected: nil) }
    }
}
