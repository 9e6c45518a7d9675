"""Makes the case of a seed and a number: always the same one."""

import functools
import random as chance_of

import coincurve
import rlp
from case import AGE, CHAIN, Account, Authorization, Block, Case, Transaction, keccak, word
from precompiles import INPUTS, input_for
from program import Program, contract, deep, initcode

WEIGHTS = {
    "Frontier": 1, "Homestead": 1, "EIP150": 1, "EIP158": 1, "Byzantium": 2,
    "ConstantinopleFix": 2, "Istanbul": 2, "Berlin": 3, "London": 4, "Paris": 3, "Shanghai": 6,
    "Cancun": 22, "Prague": 20, "Osaka": 32,
}  # fmt: skip
CONTRACTS = [bytes(18) + number.to_bytes(2, "big") for number in (0x1000, 0x1001, 0x1002, 0x1003)]
NOBODY = bytes.fromhex("00000000000000000000000000000000deadbeef")
HOLDER = bytes.fromhex("00000000000000000000000000000000facade00")
COINBASE = bytes.fromhex("2adc25665018aa1fe0e6bc666dac8fc2697ff9ba")
KEYS = [keccak(b"martlet %d" % index) for index in range(4)]


@functools.cache
def address_of(secret):
    key = coincurve.PrivateKey(secret).public_key.format(compressed=False)
    return keccak(key[1:])[12:]


SENDER, *SIGNERS = (address_of(secret) for secret in KEYS)


def created(by, nonce):
    return keccak(rlp.encode([by, nonce]))[12:]


class Maker:
    """What one case is made with."""

    def __init__(self, seed, index, forks=None):
        self.random = chance_of.Random(f"{seed}/{index}")
        names = forks or list(WEIGHTS)
        self.fork = self.random.choices(names, [WEIGHTS[name] for name in names])[0]
        self.name = f"{seed}-{index}"
        self.accounts = {}

    def since(self, fork):
        return AGE[self.fork] >= AGE[fork]

    def made(self):
        random = self.random
        count = random.choice((1, 2, 3, 3, 4))
        self.contracts = CONTRACTS[:count]
        self.world = [*self.contracts, *self.contracts, NOBODY, HOLDER, SENDER, SIGNERS[0]]
        if random.random() < 0.25:
            self.world.append(created(self.contracts[0], 1))
        for address in self.contracts:
            self.accounts[address] = Account(
                random.choice((0, 0, 1, 10**18)), random.choice((0, 1, 1, 1, 2**64 - 2, 2**64 - 1))
                if random.random() < 0.1 else 1,
                contract(random, self.fork, self.world), self.storage(),
            )  # fmt: skip
        self.others()
        block = self.block()
        transaction = self.transaction(block)
        if random.random() < 0.003 and not self.since("Osaka"):
            transaction = self.deepest(transaction)
        if random.random() < 0.03:
            self.spoil(transaction, block)
        return Case(self.name, self.fork, block, self.accounts, transaction)

    def storage(self):
        return {
            self.random.randrange(4): self.random.choice((1, 1, 2, 3, 2**255))
            for _ in range(self.random.randrange(4))
        }

    def others(self):
        random = self.random
        nonce = random.choice((0, 1, 5)) if random.random() < 0.99 else 2**64 - 2
        self.accounts[SENDER] = Account(10**24, nonce)
        if random.random() < 0.7:
            self.accounts[HOLDER] = Account(random.choice((1, 10**18, 2**256 - 10**25)), random.randrange(2))
        if random.random() < 0.1:
            self.accounts[word(random.choice(tuple(INPUTS)))[12:]] = Account(1)
        if random.random() < 0.1:
            # Where the first contract creates its next one there is something already.
            taken = created(self.contracts[0], self.accounts[self.contracts[0]].nonce)
            code = random.choice((b"", b"\x00"))
            self.accounts[taken] = Account(random.randrange(2), 1 if code else random.randrange(2), code)
            if self.accounts[taken] == Account():
                self.accounts[taken].balance = 5
        for signer in SIGNERS:
            if random.random() < 0.5:
                self.accounts[signer] = Account(10**18, random.randrange(3))
                if self.since("Prague") and random.random() < 0.5:
                    target = random.choice([*self.world, *SIGNERS, word(random.choice((1, 4, 0x100)))[12:]])
                    self.accounts[signer].code = b"\xef\x01\x00" + target

    def block(self):
        random = self.random
        coinbase = COINBASE
        if random.random() >= 0.85:
            coinbase = random.choice((*self.contracts, SENDER, HOLDER, word(4)[12:]))
        return Block(
            coinbase, number=random.choice((1, 255, 256, 257, 1000)), base_fee=random.choice((0, 7, 7, 10**9)),
            random=random.choice((0, 0x20000, 2**255)) if self.since("Paris") else 0x20000,
            excess_blob_gas=random.choice((0, 0, 131072, 10_000_000, 80_000_000)),
        )  # fmt: skip

    def transaction(self, block):
        random = self.random
        kinds = [0] + [1] * 2 * self.since("Berlin") + [2] * 3 * self.since("London")
        kinds += [3] * self.since("Cancun") + [4] * 3 * self.since("Prague")
        kind = random.choice(kinds)
        creates = kind < 3 and random.random() < 0.12
        to = None if creates else self.contracts[0] if random.random() < 0.88 else self.recipient()
        one = Transaction(
            nonce=self.accounts[SENDER].nonce, gas=0, to=to,
            value=random.choice((0, 0, 0, 1, 1000, 10**18)), input=self.input(creates, to),
            secret=KEYS[0], sender=SENDER,
        )  # fmt: skip
        base = block.base_fee if self.since("London") else 0
        if kind < 2:
            one.price = base + random.choice((1, 1, 10, 1000))
        else:
            one.tip = random.choice((1, 2, 1000))
            one.fee = max(one.tip, base + random.choice((0, 1, 1000)))
        if kind == 1 or (kind > 1 and random.random() < 0.4):
            one.access = self.access()
        elif kind:
            one.access = []
        if kind == 3:
            one.blobs = [b"\x01" + random.randbytes(31) for _ in range(random.randint(1, 4))]
            one.blob_fee = 10**18 // 1000
        if kind == 4:
            one.authorizations = [self.authorization() for _ in range(random.randint(1, 4))]
        one.gas = self.gas(one)
        return one

    def gas(self, one):
        """What the transaction needs to begin, and mostly some more."""
        random = self.random
        slots = sum(len(slots) for _, slots in one.access or [])
        begin = 21_000 + 16 * len(one.input) + 2400 * len(one.access or []) + 1900 * slots
        begin += 25_000 * len(one.authorizations or [])
        if one.to is None:
            begin += 32_000 + len(one.input) // 16 + 2
        if random.random() < 0.02:
            return begin - random.randrange(2000)
        return begin + int(2 ** random.uniform(13, 20.5))

    def recipient(self):
        number = self.random.choice(tuple(INPUTS))
        return self.random.choice((NOBODY, HOLDER, SENDER, SIGNERS[0], SIGNERS[1], word(number)[12:]))

    def input(self, creates, to):
        random = self.random
        if creates:
            made = initcode(random, self.fork, self.world)
            return made if random.random() < 0.5 else Program(random, self.fork, self.world, 60).written()
        number = int.from_bytes(to, "big")
        if number in INPUTS:
            return input_for(number, random, heavy=False)
        if random.random() < 0.4:
            return b""
        return bytes(random.choice((0, random.randrange(256))) for _ in range(random.choice((4, 32, 36, 68, 300))))

    def access(self):
        random = self.random
        return [
            (random.choice([*self.world, COINBASE, word(random.choice(tuple(INPUTS)))[12:]]),
             [random.randrange(5) for _ in range(random.randrange(4))])
            for _ in range(random.randrange(4))
        ]  # fmt: skip

    def authorization(self):
        """A delegation, mostly one that holds."""
        random = self.random
        index = random.randrange(4)
        signer = address_of(KEYS[index])
        account = self.accounts.get(signer, Account())
        nonce = account.nonce + (index == 0)
        if random.random() < 0.15:
            nonce = random.choice((0, nonce + 1, 2**64 - 1))
        nonce = min(nonce, 2**64 - 1)
        chain = random.choice((0, CHAIN)) if random.random() < 0.95 else 2
        target = random.choice([*self.world, *SIGNERS, bytes(20), word(random.choice((1, 4, 0x100)))[12:]])
        signed = coincurve.PrivateKey(KEYS[index]).sign_recoverable(
            b"\x05" + rlp.encode([chain, target, nonce]), hasher=keccak
        )
        r, s, parity = int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:64], "big"), signed[64]
        if random.random() < 0.05:
            order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
            r, s, parity = random.choice(((r, order - s, 1 - parity), (0, s, parity), (r, s, 2), (r, 0, 0)))
        return Authorization(chain, target, nonce, parity, r, s)

    def deepest(self, one):
        """A contract that calls itself until the limit of the depth, with gas enough for it."""
        self.accounts[CONTRACTS[0]] = Account(1, 1, deep(CONTRACTS[0]))
        one.to, one.input, one.gas = CONTRACTS[0], b"", 10**12
        one.authorizations = None
        if one.kind > 1:
            one.price, one.fee, one.tip, one.blobs = one.fee, None, None, None
        return one

    def spoil(self, one, block):
        """Makes the transaction one that may not be part of a block, mostly."""
        random = self.random
        fault = random.randrange(9)
        if fault == 0:
            one.nonce = max(0, one.nonce + random.choice((-1, 1)))
        elif fault == 1:
            one.gas = random.choice((20_999, 21_000, 21_001, 53_000))
        elif fault == 2:
            block.gas_limit = one.gas - 1
        elif fault == 3:
            self.accounts[SENDER].balance = random.choice((0, one.gas, one.gas * (one.price or one.fee) + one.value))
        elif fault == 4:
            self.accounts[SENDER].code = random.choice((b"\x00", b"\xef\x01\x00" + CONTRACTS[0], b"\xef\x01\x00"))
        elif fault == 5 and one.fee is not None:
            one.tip = one.fee + 1
        elif fault == 6 and one.blobs is not None:
            one.blobs = random.choice(([], [b"\x02" + bytes(31)], [b"\x01" + bytes(31)] * random.randint(5, 10)))
        elif fault == 7 and one.blobs is not None:
            one.blob_fee = random.choice((0, 1, 2))
        elif fault == 8:
            one.gas = 2**24 + random.randrange(2)


def case(seed, index, forks=None):
    """The case with this number among those of a seed."""
    return Maker(seed, index, forks).made()
