"""Random programs that get far: the stack holds what an instruction takes, jumps find targets, loops end."""

import opcodes
from case import AGE
from opcodes import OPCODES
from precompiles import INPUTS, input_for

EDGES = (
    0, 0, 1, 1, 2, 3, 4, 31, 32, 33, 63, 64, 127, 128, 255, 256, 257, 0xFFFF, 2**31, 2**32 - 1,
    2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**127, 2**128 - 1, 2**128, 2**160 - 1, 2**192,
    2**255 - 1, 2**255, 2**255 + 1, 2**256 - 2, 2**256 - 1, 2**256 - 31, 2**256 - 32,
)  # fmt: skip


class Program:
    """The code of one contract while it is written."""

    def __init__(self, random, fork, world, size):
        self.random, self.fork, self.world = random, fork, world
        self.code = bytearray()
        self.height = 0
        self.size = size
        self.loops = 0
        self.slot = random.randrange(256)

    # Single instructions.

    def op(self, name):
        byte, taken, given, _ = OPCODES[name]
        self.code.append(byte)
        self.height += given - taken

    def has(self, name):
        return opcodes.exists(name, self.fork) or self.random.random() < 0.002

    def push(self, value):
        """Pushes a number, mostly by the shortest instruction."""
        length = (value.bit_length() + 7) // 8
        if length == 0 and AGE[self.fork] >= AGE["Shanghai"] and self.random.random() < 0.7:
            return self.op("PUSH0")
        length = max(1, length)
        if self.random.random() < 0.03:
            length = self.random.randint(length, 32)
        self.code.append(0x5F + length)
        self.code += value.to_bytes(length, "big")
        self.height += 1

    def store(self):
        """Keeps the word on top where the outcome shows it: in a log, or in a slot of its own."""
        if self.random.random() < 0.7:
            self.push(0)
            self.push(0)
            return self.op("LOG1")
        self.slot += 1
        self.push(self.slot)
        self.op("SSTORE")
        return None

    def spend(self):
        """Does something with the word on top, or leaves it."""
        chance = self.random.random()
        if chance < 0.06:
            self.store()
        elif chance < 0.65:
            self.push(32 * self.random.randrange(8))
            self.op("MSTORE")
        elif chance < 0.8 or self.height > 900:
            self.op("POP")

    # Operands.

    def number(self):
        chance = self.random.random()
        if chance < 0.35:
            return self.random.randrange(40)
        if chance < 0.75:
            return self.random.choice(EDGES)
        if chance < 0.85:
            return (1 << self.random.randrange(256)) - self.random.randrange(2)
        return self.random.getrandbits(8 * self.random.randint(1, 32))

    def address(self):
        """Pushes an address, mostly of what is there."""
        chance = self.random.random()
        if chance < 0.05:
            return self.op(self.random.choice(("ADDRESS", "CALLER", "ORIGIN", "COINBASE")))
        if chance < 0.1:
            return self.push(self.random.choice((0, 0x0A, 0x11, 0x12, 0xFF, 0x101, 2**160 + 0x1000)))
        if chance < 0.2:
            return self.push(self.random.choice(tuple(INPUTS)))
        self.push(int.from_bytes(self.random.choice(self.world), "big"))

    def value(self, depth=0):
        """Pushes one word."""
        chance = self.random.random()
        if chance < 0.5 or depth > 3:
            return self.push(self.number())
        if chance < 0.6 and self.height > 0:
            reach = min(16, self.height)
            self.code.append(opcodes.DUP + self.random.randrange(reach))
            self.height += 1
            return None
        if chance < 0.72:
            names = [name for name in opcodes.PLAIN if self.has(name)]
            return self.op(self.random.choice(names))
        if chance < 0.8:
            return self.unary(depth)
        if chance < 0.85:
            self.push(self.random.randrange(4))
            return self.op("TLOAD" if self.has("TLOAD") and self.random.random() < 0.4 else "SLOAD")
        if chance < 0.88:
            self.push(self.offset())
            return self.op("MLOAD")
        return self.binary(depth + 1)

    def unary(self, depth):
        if self.random.random() < 0.4:
            names = [name for name in opcodes.ABOUT if self.has(name)]
            self.address()
        else:
            names = [name for name in opcodes.UNARY if self.has(name)]
            self.value(depth + 1)
        self.op(self.random.choice(names))

    def binary(self, depth):
        if self.random.random() < 0.12:
            for _ in range(3):
                self.value(depth)
            return self.op(self.random.choice(opcodes.TERNARY))
        names = [name for name in opcodes.BINARY if self.has(name)]
        self.value(depth)
        self.value(depth)
        self.op(self.random.choice(names))

    def offset(self):
        """An offset in memory: nearly always small."""
        chance = self.random.random()
        if chance < 0.9:
            return self.random.randrange(200)
        if chance < 0.997:
            return self.random.choice((256, 1000, 1023, 2048, 4000, 8191))
        return self.random.choice((2**16, 2**20, 2**32 - 1, 2**32, 2**63, 2**64 - 32, 2**64 - 1, 2**64, 2**256 - 1))

    def length(self):
        chance = self.random.random()
        if chance < 0.2:
            return 0
        if chance < 0.995:
            return self.random.randrange(100)
        return self.random.choice((1000, 24576, 2**16, 2**32, 2**64 - 1, 2**256 - 1))

    def region(self):
        """Pushes a length and, above it, an offset."""
        self.push(self.length())
        self.push(self.offset())

    # Statements.

    def copy(self):
        names = ["CALLDATACOPY", "CODECOPY", "EXTCODECOPY", "MCOPY", "RETURNDATACOPY"]
        name = self.random.choice([name for name in names if self.has(name)])
        self.push(self.length())
        if name == "RETURNDATACOPY" and self.random.random() < 0.8:
            # Reading beyond the end is fatal: mostly all of it is copied.
            self.op("POP")
            self.op("RETURNDATASIZE")
            self.push(0)
        else:
            self.push(self.number() if self.random.random() < 0.2 else self.random.randrange(64))
        self.push(self.offset())
        if name == "EXTCODECOPY":
            self.address()
        self.op(name)

    def memory(self):
        self.value()
        self.push(self.offset())
        self.op(self.random.choice(("MSTORE", "MSTORE", "MSTORE8")))

    def storage(self):
        self.push(self.random.choice((0, 0, 1, 2, 3)) if self.random.random() < 0.8 else self.number())
        self.push(self.random.randrange(4) if self.random.random() < 0.9 else self.number())
        self.op("TSTORE" if self.has("TSTORE") and self.random.random() < 0.3 else "SSTORE")

    def log(self):
        count = self.random.randrange(5)
        for _ in range(count):
            self.value(2)
        self.region()
        self.op(f"LOG{count}")

    def hash(self):
        self.region()
        self.op("KECCAK256")
        self.spend()

    def gas(self):
        chance = self.random.random()
        if chance < 0.8:
            self.op("GAS")
        elif chance < 0.97:
            self.push(self.random.choice((0, 100, 700, 2300, 2301, 9000, 30000, 60000, 100000)))
        else:
            self.push(self.number())

    def call(self):
        names = ["CALL", "CALL", "CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"]
        name = self.random.choice([name for name in names if self.has(name)])
        self.region()
        self.region()
        if name in ("CALL", "CALLCODE"):
            self.push(self.random.choice((0, 0, 0, 0, 1, 1, 2, 1000, 10**18, 2**255)))
        self.address()
        self.gas()
        self.op(name)
        self.after_call()

    def after_call(self):
        chance = self.random.random()
        self.store() if chance < 0.15 else self.spend()
        if chance < 0.2 and self.has("RETURNDATASIZE"):
            self.op("RETURNDATASIZE")
            self.push(0)
            self.push(0)
            self.op("RETURNDATACOPY")
            self.height = max(self.height, 0)
        if chance < 0.15:
            self.op("GAS")
            self.store()

    def write(self, data, offset):
        """Writes bytes to memory, word by word."""
        for start in range(0, len(data), 32):
            self.push(int.from_bytes(data[start : start + 32].ljust(32, b"\0"), "big"))
            self.push(offset + start)
            self.op("MSTORE")

    def precompile(self):
        number = self.random.choice(tuple(INPUTS))
        data = input_for(number, self.random, heavy=self.random.random() < 0.003)
        self.write(data, 0)
        self.push(self.random.choice((0, 20, 32, 64, 128, 200)))
        self.push(self.random.choice((0, 0, 32, 300)))
        self.push(len(data))
        self.push(0)
        static = self.has("STATICCALL") and self.random.random() < 0.6
        if not static:
            self.push(self.random.choice((0, 0, 0, 1)))
        self.push(number)
        if self.random.random() < 0.8:
            self.op("GAS")
        else:
            self.push(self.random.choice((0, 60, 149, 150, 375, 500, 3000, 3450, 6000, 6900, 45000, 113000)))
        self.op("STATICCALL" if static else "CALL")
        self.spend()
        self.push(self.random.choice((32, 64, 300)))
        self.push(0)
        self.op("KECCAK256")
        self.spend()

    def create(self):
        data = initcode(self.random, self.fork, self.world)
        self.write(data, 0)
        two = self.has("CREATE2") and self.random.random() < 0.5
        if two:
            self.push(self.random.randrange(3))
        self.push(len(data) if self.random.random() < 0.95 else self.number())
        self.push(0)
        self.push(self.random.choice((0, 0, 0, 1, 10**18)))
        self.op("CREATE2" if two else "CREATE")
        if self.random.random() < 0.4 and self.has("STATICCALL"):
            # What was made is called, and asked about.
            for _ in range(5):
                self.push(0)
            self.code.append(opcodes.DUP + 5)
            self.height += 1
            self.op("GAS")
            self.op("CALL")
            self.store()
            self.op("EXTCODEHASH" if self.has("EXTCODEHASH") else "EXTCODESIZE")
        self.after_call()

    def branch(self):
        """Jumps over some statements, or not."""
        self.value()
        at = len(self.code) + 1
        self.code += b"\x61\0\0"
        self.height += 1
        self.op("JUMPI")
        before = self.height
        for _ in range(self.random.randint(1, 3)):
            self.statement()
        self.level(before)
        self.code[at : at + 2] = len(self.code).to_bytes(2, "big")
        self.op("JUMPDEST")

    def loop(self):
        """Does some statements a few times."""
        if self.loops:
            return self.statement()
        self.loops += 1
        self.push(self.random.choice((1, 2, 3, 5, 9, 40)))
        start = len(self.code)
        self.op("JUMPDEST")
        before = self.height
        for _ in range(self.random.randint(1, 3)):
            self.statement()
        self.level(before)
        self.push(1)
        self.code.append(opcodes.SWAP)
        self.op("SUB")
        self.code.append(opcodes.DUP)
        self.height += 1
        self.push(start)
        self.op("JUMPI")
        self.op("POP")
        self.loops -= 1
        return None

    def level(self, height):
        """Brings the stack to a height."""
        while self.height > height:
            self.op("POP")
        while self.height < height:
            self.push(0)

    def shuffle(self):
        if self.height < 2:
            return self.value()
        self.code.append(opcodes.SWAP + self.random.randrange(min(16, self.height - 1)))
        return None

    def noise(self):
        """A byte that may be anything."""
        self.code.append(self.random.randrange(256))

    def jump(self):
        """A jump to anywhere."""
        self.push(self.random.randrange(len(self.code) + 40))
        self.op("JUMP")

    STATEMENTS = (
        ("value", 14), ("arithmetic", 40), ("memory", 10), ("storage", 9), ("copy", 8), ("log", 4),
        ("hash", 4), ("call", 12), ("precompile", 5), ("create", 4), ("branch", 6), ("loop", 3),
        ("shuffle", 3), ("noise", 0.3), ("jump", 0.2),
    )  # fmt: skip
    NAMES, WEIGHTS = zip(*STATEMENTS)

    def arithmetic(self):
        self.binary(0)
        self.spend()

    def statement(self):
        if len(self.code) > self.size + 2000 or self.height > 1000:
            return
        getattr(self, self.random.choices(self.NAMES, self.WEIGHTS)[0])()

    def end(self):
        chance = self.random.random()
        if chance < 0.1:
            self.address()
            self.op("SELFDESTRUCT")
        elif chance < 0.5:
            self.region()
            self.op("REVERT" if self.has("REVERT") and self.random.random() < 0.3 else "RETURN")
        elif chance < 0.53:
            self.op("INVALID")
        elif chance < 0.8:
            self.op("STOP")

    def written(self):
        while len(self.code) < self.size:
            self.statement()
        # What is in memory and left on the stack is shown.
        for _ in range(min(self.height, self.random.randrange(4))):
            self.push(32 * self.random.randrange(8))
            self.op("MSTORE")
        if self.size > 20:
            # A log is cheap, and tells all of it.
            self.push(256)
            self.push(0)
            self.op("LOG0")
        self.end()
        return bytes(self.code)


def contract(random, fork, world):
    """The code of a contract."""
    if random.random() < 0.02:
        return random.randbytes(random.randrange(1, 80))
    return Program(random, fork, world, random.choice((10, 40, 80, 150, 300, 500))).written()


def initcode(random, fork, world):
    """Code that makes a contract of some code, in a few bytes, or goes wrong in some way."""
    chance = random.random()
    if chance < 0.15:
        return Program(random, fork, world, 20).written()[:200]
    if chance < 0.25:
        # One byte is all the code: reserved, or stop, or longer than is allowed.
        first = random.choice((0xEF, 0x00, 0xFE, 0xFF))
        length = random.choice((1, 1, 32, 24576, 24577))
        return bytes([0x60, first, 0x60, 0, 0x53, 0x62]) + length.to_bytes(3, "big") + b"\x60\0\xf3"
    code = Program(random, fork, world, random.choice((0, 5, 20))).written()[:150]
    head = Program(random, fork, world, 0 if random.random() < 0.6 else 10)
    while len(head.code) < head.size:
        head.statement()
    prefix = bytes(head.code)[:120] if len(head.code) <= 120 else b""
    at = len(prefix) + 13
    copy = b"\x61" + len(code).to_bytes(2, "big") + b"\x61" + at.to_bytes(2, "big") + b"\x60\0\x39"
    return prefix + copy + b"\x60" + bytes([len(code)]) + b"\x60\0\xf3" + code


def deep(address):
    """Code that calls itself as deep as it can and counts how deep it came."""
    call = b"\x60\0" * 5 + b"\x73" + address + b"\x5a\xf1"
    return b"\x60\x01\x60\0\x54\x01\x60\0\x55" + call + b"\x60\x01\x55"


