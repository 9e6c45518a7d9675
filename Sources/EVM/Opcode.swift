/// One byte of code, read as what it tells the interpreter to do.
///
/// Every byte has a case, in the order of their values, so that a byte is an opcode with no
/// translation; those without a meaning are called by their value.
public enum Opcode: UInt8, CaseIterable, Sendable {
    case stop, add, mul, sub, div, sdiv, mod, smod
    case addmod, mulmod, exp, signextend, unused0c, unused0d, unused0e, unused0f
    case lt, gt, slt, sgt, eq, iszero, and, or
    case xor, not, byte, shl, shr, sar, clz, unused1f
    case keccak256, unused21, unused22, unused23, unused24, unused25, unused26, unused27
    case unused28, unused29, unused2a, unused2b, unused2c, unused2d, unused2e, unused2f
    case address, balance, origin, caller, callvalue, calldataload, calldatasize, calldatacopy
    case codesize, codecopy, gasprice, extcodesize, extcodecopy, returndatasize, returndatacopy,
        extcodehash
    case blockhash, coinbase, timestamp, number, prevrandao, gaslimit, chainid, selfbalance
    case basefee, blobhash, blobbasefee, slotnum, unused4c, unused4d, unused4e, unused4f
    case pop, mload, mstore, mstore8, sload, sstore, jump, jumpi
    case pc, msize, gas, jumpdest, tload, tstore, mcopy, push0
    case push1, push2, push3, push4, push5, push6, push7, push8
    case push9, push10, push11, push12, push13, push14, push15, push16
    case push17, push18, push19, push20, push21, push22, push23, push24
    case push25, push26, push27, push28, push29, push30, push31, push32
    case dup1, dup2, dup3, dup4, dup5, dup6, dup7, dup8
    case dup9, dup10, dup11, dup12, dup13, dup14, dup15, dup16
    case swap1, swap2, swap3, swap4, swap5, swap6, swap7, swap8
    case swap9, swap10, swap11, swap12, swap13, swap14, swap15, swap16
    case log0, log1, log2, log3, log4, unuseda5, unuseda6, unuseda7
    case unuseda8, unuseda9, unusedaa, unusedab, unusedac, unusedad, unusedae, unusedaf
    case unusedb0, unusedb1, unusedb2, unusedb3, unusedb4, unusedb5, unusedb6, unusedb7
    case unusedb8, unusedb9, unusedba, unusedbb, unusedbc, unusedbd, unusedbe, unusedbf
    case unusedc0, unusedc1, unusedc2, unusedc3, unusedc4, unusedc5, unusedc6, unusedc7
    case unusedc8, unusedc9, unusedca, unusedcb, unusedcc, unusedcd, unusedce, unusedcf
    case unusedd0, unusedd1, unusedd2, unusedd3, unusedd4, unusedd5, unusedd6, unusedd7
    case unusedd8, unusedd9, unusedda, unuseddb, unuseddc, unuseddd, unusedde, unuseddf
    case unusede0, unusede1, unusede2, unusede3, unusede4, unusede5, dupn, swapn
    case exchange, unusede9, unusedea, unusedeb, unusedec, unuseded, unusedee, unusedef
    case create, call, callcode, `return`, delegatecall, create2, unusedf6, unusedf7
    case unusedf8, unusedf9, staticcall, unusedfb, unusedfc, revert, invalid, selfdestruct
}

extension Opcode {
    /// What is known of an opcode before it runs.
    public struct Traits: Hashable, Sendable {
        /// Its name, as in the Yellow Paper.
        public let name: String
        /// How many words it takes from the stack.
        public let taken: Int
        /// How many words it puts on the stack.
        public let given: Int
        /// The gas it costs at least, in Frontier; later revisions changed some.
        public let gas: Int
        /// The revision that brought it.
        public let since: Revision
    }

    /// What is known of it; `nil` for a byte without a meaning.
    public var traits: Traits? { Opcode.table[Int(rawValue)] }

    /// How many bytes after it are its own: the number that a push carries.
    public var immediateCount: Int {
        (0x60...0x7f).contains(rawValue) ? Int(rawValue) - 0x5f : 0
    }

    private static let table: [Traits?] = {
        var table = [Traits?](repeating: nil, count: 256)
        for (opcode, traits) in named { table[Int(opcode.rawValue)] = traits }
        for count in 1...32 {
            table[0x5f + count] = Traits("PUSH\(count)", 0, 1, 3)
        }
        for depth in 1...16 {
            table[0x7f + depth] = Traits("DUP\(depth)", depth, depth + 1, 3)
            table[0x8f + depth] = Traits("SWAP\(depth)", depth + 1, depth + 1, 3)
        }
        for topics in 0...4 {
            table[0xa0 + topics] = Traits("LOG\(topics)", 2 + topics, 0, 375 + 375 * topics)
        }
        return table
    }()

    private static let named: [(Opcode, Traits)] = [
        (.stop, Traits("STOP", 0, 0, 0)),
        (.add, Traits("ADD", 2, 1, 3)),
        (.mul, Traits("MUL", 2, 1, 5)),
        (.sub, Traits("SUB", 2, 1, 3)),
        (.div, Traits("DIV", 2, 1, 5)),
        (.sdiv, Traits("SDIV", 2, 1, 5)),
        (.mod, Traits("MOD", 2, 1, 5)),
        (.smod, Traits("SMOD", 2, 1, 5)),
        (.addmod, Traits("ADDMOD", 3, 1, 8)),
        (.mulmod, Traits("MULMOD", 3, 1, 8)),
        (.exp, Traits("EXP", 2, 1, 10)),
        (.signextend, Traits("SIGNEXTEND", 2, 1, 5)),
        (.lt, Traits("LT", 2, 1, 3)),
        (.gt, Traits("GT", 2, 1, 3)),
        (.slt, Traits("SLT", 2, 1, 3)),
        (.sgt, Traits("SGT", 2, 1, 3)),
        (.eq, Traits("EQ", 2, 1, 3)),
        (.iszero, Traits("ISZERO", 1, 1, 3)),
        (.and, Traits("AND", 2, 1, 3)),
        (.or, Traits("OR", 2, 1, 3)),
        (.xor, Traits("XOR", 2, 1, 3)),
        (.not, Traits("NOT", 1, 1, 3)),
        (.byte, Traits("BYTE", 2, 1, 3)),
        (.shl, Traits("SHL", 2, 1, 3, .constantinople)),
        (.shr, Traits("SHR", 2, 1, 3, .constantinople)),
        (.sar, Traits("SAR", 2, 1, 3, .constantinople)),
        (.clz, Traits("CLZ", 1, 1, 5, .osaka)),
        (.keccak256, Traits("KECCAK256", 2, 1, 30)),
        (.address, Traits("ADDRESS", 0, 1, 2)),
        (.balance, Traits("BALANCE", 1, 1, 20)),
        (.origin, Traits("ORIGIN", 0, 1, 2)),
        (.caller, Traits("CALLER", 0, 1, 2)),
        (.callvalue, Traits("CALLVALUE", 0, 1, 2)),
        (.calldataload, Traits("CALLDATALOAD", 1, 1, 3)),
        (.calldatasize, Traits("CALLDATASIZE", 0, 1, 2)),
        (.calldatacopy, Traits("CALLDATACOPY", 3, 0, 3)),
        (.codesize, Traits("CODESIZE", 0, 1, 2)),
        (.codecopy, Traits("CODECOPY", 3, 0, 3)),
        (.gasprice, Traits("GASPRICE", 0, 1, 2)),
        (.extcodesize, Traits("EXTCODESIZE", 1, 1, 20)),
        (.extcodecopy, Traits("EXTCODECOPY", 4, 0, 20)),
        (.returndatasize, Traits("RETURNDATASIZE", 0, 1, 2, .byzantium)),
        (.returndatacopy, Traits("RETURNDATACOPY", 3, 0, 3, .byzantium)),
        (.extcodehash, Traits("EXTCODEHASH", 1, 1, 400, .constantinople)),
        (.blockhash, Traits("BLOCKHASH", 1, 1, 20)),
        (.coinbase, Traits("COINBASE", 0, 1, 2)),
        (.timestamp, Traits("TIMESTAMP", 0, 1, 2)),
        (.number, Traits("NUMBER", 0, 1, 2)),
        (.prevrandao, Traits("PREVRANDAO", 0, 1, 2)),
        (.gaslimit, Traits("GASLIMIT", 0, 1, 2)),
        (.chainid, Traits("CHAINID", 0, 1, 2, .istanbul)),
        (.selfbalance, Traits("SELFBALANCE", 0, 1, 5, .istanbul)),
        (.basefee, Traits("BASEFEE", 0, 1, 2, .london)),
        (.blobhash, Traits("BLOBHASH", 1, 1, 3, .cancun)),
        (.blobbasefee, Traits("BLOBBASEFEE", 0, 1, 2, .cancun)),
        (.slotnum, Traits("SLOTNUM", 0, 1, 2, .amsterdam)),
        (.pop, Traits("POP", 1, 0, 2)),
        (.mload, Traits("MLOAD", 1, 1, 3)),
        (.mstore, Traits("MSTORE", 2, 0, 3)),
        (.mstore8, Traits("MSTORE8", 2, 0, 3)),
        (.sload, Traits("SLOAD", 1, 1, 50)),
        (.sstore, Traits("SSTORE", 2, 0, 0)),
        (.jump, Traits("JUMP", 1, 0, 8)),
        (.jumpi, Traits("JUMPI", 2, 0, 10)),
        (.pc, Traits("PC", 0, 1, 2)),
        (.msize, Traits("MSIZE", 0, 1, 2)),
        (.gas, Traits("GAS", 0, 1, 2)),
        (.jumpdest, Traits("JUMPDEST", 0, 0, 1)),
        (.tload, Traits("TLOAD", 1, 1, 100, .cancun)),
        (.tstore, Traits("TSTORE", 2, 0, 100, .cancun)),
        (.mcopy, Traits("MCOPY", 3, 0, 3, .cancun)),
        (.push0, Traits("PUSH0", 0, 1, 2, .shanghai)),
        // How deep these three reach, the byte after them says.
        (.dupn, Traits("DUPN", 0, 1, 3, .amsterdam)),
        (.swapn, Traits("SWAPN", 0, 0, 3, .amsterdam)),
        (.exchange, Traits("EXCHANGE", 0, 0, 3, .amsterdam)),
        (.create, Traits("CREATE", 3, 1, 32000)),
        (.call, Traits("CALL", 7, 1, 40)),
        (.callcode, Traits("CALLCODE", 7, 1, 40)),
        (.return, Traits("RETURN", 2, 0, 0)),
        (.delegatecall, Traits("DELEGATECALL", 6, 1, 40, .homestead)),
        (.create2, Traits("CREATE2", 4, 1, 32000, .constantinople)),
        (.staticcall, Traits("STATICCALL", 6, 1, 40, .byzantium)),
        (.revert, Traits("REVERT", 2, 0, 0, .byzantium)),
        (.invalid, Traits("INVALID", 0, 0, 0)),
        (.selfdestruct, Traits("SELFDESTRUCT", 1, 0, 0)),
    ]
}

extension Opcode.Traits {
    fileprivate init(
        _ name: String, _ taken: Int, _ given: Int, _ gas: Int, _ since: Revision = .frontier
    ) {
        self.init(name: name, taken: taken, given: given, gas: gas, since: since)
    }
}
