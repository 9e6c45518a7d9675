"""One case: a state, a block's environment and a transaction, with its form as a state test."""

import copy
from dataclasses import dataclass, field

from Crypto.Hash import keccak as _keccak

FORKS = (
    "Frontier", "Homestead", "EIP150", "EIP158", "Byzantium", "ConstantinopleFix", "Istanbul",
    "Berlin", "London", "Paris", "Shanghai", "Cancun", "Prague", "Osaka",
)  # fmt: skip
AGE = {name: index for index, name in enumerate(FORKS)}
CHAIN = 1


def keccak(data):
    return _keccak.new(digest_bits=256, data=data).digest()


def word(number):
    return number.to_bytes(32, "big")


def text(value):
    """A number or bytes as the tests write them."""
    return hex(value) if isinstance(value, int) else "0x" + value.hex()


def number(value):
    return int(value, 16) if value not in ("0x", "") else 0


def data(value):
    return bytes.fromhex(value.removeprefix("0x"))


@dataclass
class Account:
    balance: int = 0
    nonce: int = 0
    code: bytes = b""
    storage: dict = field(default_factory=dict)

    def json(self):
        return {
            "nonce": text(self.nonce),
            "balance": text(self.balance),
            "code": text(self.code),
            "storage": {text(slot): text(value) for slot, value in sorted(self.storage.items())},
        }

    @staticmethod
    def read(json):
        storage = {number(slot): number(value) for slot, value in json.get("storage", {}).items()}
        return Account(
            number(json.get("balance", "0x")), number(json.get("nonce", "0x")),
            data(json.get("code", "0x")), {k: v for k, v in storage.items() if v},
        )  # fmt: skip


@dataclass
class Authorization:
    """A signed wish to run as another's code (EIP-7702)."""

    chain: int
    address: bytes
    nonce: int
    parity: int
    r: int
    s: int


@dataclass
class Transaction:
    """Of the kind that its fields make it: `price` legacy or 2930, `fee` 1559, 4844 or 7702."""

    nonce: int
    gas: int
    to: bytes | None
    value: int
    input: bytes
    secret: bytes
    sender: bytes
    price: int | None = None
    fee: int | None = None
    tip: int | None = None
    access: list | None = None
    blobs: list | None = None
    blob_fee: int | None = None
    authorizations: list | None = None

    @property
    def kind(self):
        if self.authorizations is not None:
            return 4
        if self.blobs is not None:
            return 3
        if self.fee is not None:
            return 2
        return 0 if self.access is None else 1

    def json(self):
        result = {
            "nonce": text(self.nonce),
            "gasLimit": [text(self.gas)],
            "to": "" if self.to is None else text(self.to),
            "value": [text(self.value)],
            "data": [text(self.input)],
            "sender": text(self.sender),
            "secretKey": text(self.secret),
        }
        if self.price is not None:
            result["gasPrice"] = text(self.price)
        else:
            result["maxFeePerGas"] = text(self.fee)
            result["maxPriorityFeePerGas"] = text(self.tip)
        if self.access is not None:
            result["accessLists"] = [[
                {"address": text(address), "storageKeys": [text(word(slot)) for slot in slots]}
                for address, slots in self.access
            ]]  # fmt: skip
        if self.blobs is not None:
            result["blobVersionedHashes"] = [text(blob) for blob in self.blobs]
            result["maxFeePerBlobGas"] = text(self.blob_fee)
        if self.authorizations is not None:
            result["authorizationList"] = [
                {"chainId": text(one.chain), "address": text(one.address),
                 "nonce": text(one.nonce), "v": text(one.parity), "yParity": text(one.parity),
                 "r": text(one.r), "s": text(one.s)}
                for one in self.authorizations
            ]  # fmt: skip
        return result

    @staticmethod
    def read(json):
        def optional(name):
            return number(json[name]) if name in json else None

        access = json.get("accessLists")
        return Transaction(
            nonce=number(json["nonce"]), gas=number(json["gasLimit"][0]),
            to=data(json["to"]) or None, value=number(json["value"][0]),
            input=data(json["data"][0]), secret=data(json["secretKey"]),
            sender=data(json["sender"]), price=optional("gasPrice"),
            fee=optional("maxFeePerGas"), tip=optional("maxPriorityFeePerGas"),
            access=None if access is None else [
                (data(one["address"]), [number(slot) for slot in one["storageKeys"]])
                for one in access[0]
            ],
            blobs=[data(blob) for blob in json["blobVersionedHashes"]]
            if "blobVersionedHashes" in json else None,
            blob_fee=optional("maxFeePerBlobGas"),
            authorizations=[
                Authorization(number(one["chainId"]), data(one["address"]), number(one["nonce"]),
                              number(one["yParity"]), number(one["r"]), number(one["s"]))
                for one in json["authorizationList"]
            ] if "authorizationList" in json else None,
        )  # fmt: skip


@dataclass
class Block:
    coinbase: bytes
    gas_limit: int = 1 << 40
    number: int = 1000
    time: int = 1_700_000_000
    base_fee: int = 7
    random: int = 0x20000
    excess_blob_gas: int = 0

    def json(self, fork):
        result = {
            "currentCoinbase": text(self.coinbase),
            "currentGasLimit": text(self.gas_limit),
            "currentNumber": text(self.number),
            "currentTimestamp": text(self.time),
        }
        if AGE[fork] >= AGE["London"]:
            result["currentBaseFee"] = text(self.base_fee)
        if AGE[fork] >= AGE["Paris"]:
            result["currentRandom"] = text(word(self.random))
        else:
            result["currentDifficulty"] = text(self.random)
        if AGE[fork] >= AGE["Cancun"]:
            result["currentExcessBlobGas"] = text(self.excess_blob_gas)
        return result

    @staticmethod
    def read(json):
        random = json.get("currentRandom", json.get("currentDifficulty", "0x0"))
        return Block(
            data(json["currentCoinbase"]), number(json["currentGasLimit"]),
            number(json["currentNumber"]), number(json["currentTimestamp"]),
            number(json.get("currentBaseFee", "0x0")), number(random),
            number(json.get("currentExcessBlobGas", "0x0")),
        )  # fmt: skip


@dataclass
class Case:
    name: str
    fork: str
    block: Block
    accounts: dict
    transaction: Transaction

    def copy(self):
        return copy.deepcopy(self)

    def test(self, expected):
        """The case as a state test that expects an outcome."""
        post = {
            "hash": text(expected.root), "logs": text(expected.logs),
            "indexes": {"data": 0, "gas": 0, "value": 0},
        }  # fmt: skip
        if expected.refusal:
            post["expectException"] = expected.refusal
        return {
            "env": self.block.json(self.fork),
            "pre": {text(key): self.accounts[key].json() for key in sorted(self.accounts)},
            "transaction": self.transaction.json(),
            "post": {self.fork: [post]},
            "config": {"chainid": text(CHAIN)},
        }

    @staticmethod
    def read(name, test):
        """The case of a state test that holds one."""
        (fork,) = test["post"]
        accounts = {data(key): Account.read(value) for key, value in test["pre"].items()}
        return Case(
            name, fork, Block.read(test["env"]), accounts, Transaction.read(test["transaction"])
        )


@dataclass
class Outcome:
    """What came of a case; what an implementation cannot say is `None`."""

    status: str
    gas: int | None = None
    output: bytes | None = None
    logs: bytes | None = None
    root: bytes | None = None
    accounts: dict | None = None
    refusal: str | None = None
    reason: str = ""
