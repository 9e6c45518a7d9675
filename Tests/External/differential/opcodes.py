"""The instructions, by name, with what they take and give and the fork that brought them."""

from case import AGE

# name: (byte, words taken, words given, fork)
OPCODES = {}


def _row(first, fork, *rows):
    for offset, (name, taken, given) in enumerate(rows):
        OPCODES[name] = (first + offset, taken, given, fork)


_row(0x00, "Frontier", ("STOP", 0, 0), ("ADD", 2, 1), ("MUL", 2, 1), ("SUB", 2, 1), ("DIV", 2, 1),
     ("SDIV", 2, 1), ("MOD", 2, 1), ("SMOD", 2, 1), ("ADDMOD", 3, 1), ("MULMOD", 3, 1),
     ("EXP", 2, 1), ("SIGNEXTEND", 2, 1))  # fmt: skip
_row(0x10, "Frontier", ("LT", 2, 1), ("GT", 2, 1), ("SLT", 2, 1), ("SGT", 2, 1), ("EQ", 2, 1),
     ("ISZERO", 1, 1), ("AND", 2, 1), ("OR", 2, 1), ("XOR", 2, 1), ("NOT", 1, 1), ("BYTE", 2, 1))  # fmt: skip
_row(0x1B, "ConstantinopleFix", ("SHL", 2, 1), ("SHR", 2, 1), ("SAR", 2, 1))
_row(0x1E, "Osaka", ("CLZ", 1, 1))
_row(0x20, "Frontier", ("KECCAK256", 2, 1))
_row(0x30, "Frontier", ("ADDRESS", 0, 1), ("BALANCE", 1, 1), ("ORIGIN", 0, 1), ("CALLER", 0, 1),
     ("CALLVALUE", 0, 1), ("CALLDATALOAD", 1, 1), ("CALLDATASIZE", 0, 1), ("CALLDATACOPY", 3, 0),
     ("CODESIZE", 0, 1), ("CODECOPY", 3, 0), ("GASPRICE", 0, 1), ("EXTCODESIZE", 1, 1),
     ("EXTCODECOPY", 4, 0))  # fmt: skip
_row(0x3D, "Byzantium", ("RETURNDATASIZE", 0, 1), ("RETURNDATACOPY", 3, 0))
_row(0x3F, "ConstantinopleFix", ("EXTCODEHASH", 1, 1))
_row(0x40, "Frontier", ("BLOCKHASH", 1, 1), ("COINBASE", 0, 1), ("TIMESTAMP", 0, 1),
     ("NUMBER", 0, 1), ("PREVRANDAO", 0, 1), ("GASLIMIT", 0, 1))  # fmt: skip
_row(0x46, "Istanbul", ("CHAINID", 0, 1), ("SELFBALANCE", 0, 1))
_row(0x48, "London", ("BASEFEE", 0, 1))
_row(0x49, "Cancun", ("BLOBHASH", 1, 1), ("BLOBBASEFEE", 0, 1))
_row(0x50, "Frontier", ("POP", 1, 0), ("MLOAD", 1, 1), ("MSTORE", 2, 0), ("MSTORE8", 2, 0),
     ("SLOAD", 1, 1), ("SSTORE", 2, 0), ("JUMP", 1, 0), ("JUMPI", 2, 0), ("PC", 0, 1),
     ("MSIZE", 0, 1), ("GAS", 0, 1), ("JUMPDEST", 0, 0))  # fmt: skip
_row(0x5C, "Cancun", ("TLOAD", 1, 1), ("TSTORE", 2, 0), ("MCOPY", 3, 0))
_row(0x5F, "Shanghai", ("PUSH0", 0, 1))
for _count in range(5):
    OPCODES[f"LOG{_count}"] = (0xA0 + _count, 2 + _count, 0, "Frontier")
_row(0xF0, "Frontier", ("CREATE", 3, 1), ("CALL", 7, 1), ("CALLCODE", 7, 1), ("RETURN", 2, 0))
OPCODES |= {
    "DELEGATECALL": (0xF4, 6, 1, "Homestead"),
    "CREATE2": (0xF5, 4, 1, "ConstantinopleFix"),
    "STATICCALL": (0xFA, 6, 1, "Byzantium"),
    "REVERT": (0xFD, 2, 0, "Byzantium"),
    "INVALID": (0xFE, 0, 0, "Frontier"),
    "SELFDESTRUCT": (0xFF, 1, 0, "Frontier"),
}
DUP, SWAP = 0x80, 0x90
BINARY = [name for name, (_, taken, given, _) in OPCODES.items() if taken == 2 and given == 1]
UNARY = ["ISZERO", "NOT", "CLZ", "CALLDATALOAD", "BLOCKHASH", "BLOBHASH"]
ABOUT = ["BALANCE", "EXTCODESIZE", "EXTCODEHASH"]
TERNARY = ["ADDMOD", "MULMOD"]
PLAIN = [name for name, (_, taken, given, _) in OPCODES.items() if taken == 0 and given == 1]
BINARY.remove("KECCAK256")
PLAIN.remove("PUSH0")


def exists(name, fork):
    return AGE[fork] >= AGE[OPCODES[name][3]]
