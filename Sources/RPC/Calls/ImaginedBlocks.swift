import Encoding

/// Blocks that a caller wants to be imagined after one of the chain's (`eth_simulateV1`).
public struct ImaginedBlocks: Hashable, Sendable {
    /// One of the blocks.
    public struct Block: Hashable, Sendable {
        /// What shall be otherwise, from it on.
        public var overrides = Overrides()
        /// Its transactions.
        public var calls: [CallRequest] = []
    }

    /// The blocks, in order; between their numbers there may be gaps.
    public let blocks: [Block]
    /// Whether payments of wei show as logs.
    public let showsTransfers: Bool
    /// Whether nonces and base fees count.
    public let isStrict: Bool
    /// Whether transactions are told whole.
    public let isFull: Bool

    init(reading json: JSON) throws(ParameterFault) {
        guard let entries = json["blockStateCalls"]?.elements else {
            throw .text("expected an object with blockStateCalls")
        }
        guard !entries.isEmpty else { throw .whole(.invalidParameters("empty input")) }
        guard entries.count <= RPCLimits.simulatedBlocks else {
            throw .whole(.clientLimit("too many blocks"))
        }
        var blocks: [Block] = []
        for entry in entries { blocks.append(try ImaginedBlocks.block(entry)) }
        self.blocks = blocks
        showsTransfers = try ImaginedBlocks.flag(json["traceTransfers"])
        isStrict = try ImaginedBlocks.flag(json["validation"])
        isFull = try ImaginedBlocks.flag(json["returnFullTransactions"])
    }

    private static func flag(_ json: JSON?) throws(ParameterFault) -> Bool {
        guard let json, !json.isNull else { return false }
        return try Read.bool(json)
    }

    private static func block(_ json: JSON) throws(ParameterFault) -> Block {
        guard case .object = json else { throw .text("expected an object for each block") }
        func member(_ name: String) -> JSON? { json[name].flatMap { $0.isNull ? nil : $0 } }
        var block = Block()
        block.overrides = try Overrides(
            accounts: member("stateOverrides"), block: member("blockOverrides"))
        for call in member("calls")?.elements ?? [] {
            block.calls.append(try CallRequest(reading: call))
        }
        return block
    }
}
