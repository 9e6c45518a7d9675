import Encoding
import Identifiers
public import Ledger
public import Primitives

/// A block that a caller wants to see made (`testing_buildBlockV1`).
public struct BuildRequest: Hashable, Sendable {
    /// The block that it follows.
    public let parent: Hash32
    /// What its maker decides.
    public let attributes: BlockAttributes
    /// Its transactions, as they stand in a block; `nil` takes those that wait in the pool.
    public private(set) var transactions: [[UInt8]]?
    /// Whether transactions that do not fit are left out.
    private(set) var isLenient = false

    init(_ parameters: inout Parameters) throws(RPCError) {
        parent = try parameters.next(Read.hash)
        var attributes = try parameters.next(BuildRequest.attributes)
        transactions = try parameters.optional(BuildRequest.transactions)
        attributes.extraData = try parameters.optional(Read.bytes) ?? []
        guard attributes.extraData.count <= Header.extraDataLimit else {
            throw .invalidParameters("extraData of more than \(Header.extraDataLimit) bytes")
        }
        self.attributes = attributes
    }

    /// The same block, of those transactions that fit.
    public func filled(with transactions: [[UInt8]]) -> BuildRequest {
        var request = self
        (request.transactions, request.isLenient) = (transactions, true)
        return request
    }

    /// The gas limit that blocks made for callers go toward, as other clients' do.
    private static let gasLimit: UInt64 = 60_000_000

    private static func attributes(_ json: JSON) throws(ParameterFault) -> BlockAttributes {
        BlockAttributes(
            timestamp: try Read.field(json, "timestamp", Quantity.number64) ?? 0,
            beneficiary: try Read.field(json, "suggestedFeeRecipient", Quantity.address) ?? .zero,
            gasLimit: gasLimit,
            prevRandao: try Read.field(json, "prevRandao", Quantity.hash) ?? .zero,
            withdrawals: try Overrides.withdrawals(json["withdrawals"]),
            parentBeaconBlockRoot: try Read.field(
                json, "parentBeaconBlockRoot", Quantity.hash) ?? .zero)
    }

    private static func transactions(_ json: JSON) throws(ParameterFault) -> [[UInt8]] {
        guard let elements = json.elements else { throw .text("expected an array") }
        var transactions: [[UInt8]] = []
        for element in elements { transactions.append(try Read.bytes(element)) }
        return transactions
    }
}
