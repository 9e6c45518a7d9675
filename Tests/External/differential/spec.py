"""Runs cases by Ethereum's executable specification: exact in everything, and slow."""

import dataclasses
import functools
import importlib
import sys

from ethereum.crypto.hash import keccak256
from ethereum.exceptions import EthereumException
from ethereum.trace import TransactionEnd
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes0, Bytes20, Bytes32
from ethereum_types.numeric import U8, U64, U256, Uint

from case import AGE, CHAIN, Account, Outcome, word

MODULES = {
    "EIP150": "tangerine_whistle", "EIP158": "spurious_dragon", "ConstantinopleFix": "constantinople",
}  # fmt: skip

# What the state tests call the reasons for which a transaction is refused.
REASONS = {
    "InsufficientTransactionGasError": "INTRINSIC_GAS_TOO_LOW|INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
    "NonceOverflowError": "NONCE_IS_MAX",
    "InitCodeTooLargeError": "INITCODE_SIZE_EXCEEDED",
    "TransactionGasLimitExceededError": "GAS_LIMIT_EXCEEDS_MAXIMUM",
    "GasUsedExceedsLimitError": "GAS_ALLOWANCE_EXCEEDED",
    "BlobGasLimitExceededError": "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED",
    "PriorityFeeGreaterThanMaxFeeError": "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    "InsufficientMaxFeePerGasError": "INSUFFICIENT_MAX_FEE_PER_GAS",
    "InvalidBlock": "INSUFFICIENT_MAX_FEE_PER_GAS",
    "NoBlobDataError": "TYPE_3_TX_ZERO_BLOBS",
    "BlobCountExceededError": "TYPE_3_TX_BLOB_COUNT_EXCEEDED",
    "InvalidBlobVersionedHashError": "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
    "InsufficientMaxFeePerBlobGasError": "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
    "TransactionTypeContractCreationError": "TYPE_3_TX_CONTRACT_CREATION|TYPE_4_TX_CONTRACT_CREATION",
    "EmptyAuthorizationListError": "TYPE_4_EMPTY_AUTHORIZATION_LIST",
    "InsufficientBalanceError": "INSUFFICIENT_ACCOUNT_FUNDS|GASLIMIT_PRICE_PRODUCT_OVERFLOW",
    "InvalidSenderError": "SENDER_NOT_EOA",
    "NonceMismatchError": "NONCE_MISMATCH_TOO_LOW|NONCE_MISMATCH_TOO_HIGH",
}


@functools.cache
def hashes_before(number):
    """The hashes of the 256 blocks before one, as in all state tests."""
    before = range(max(0, number - 256), number)
    return [Bytes32(keccak256(str(number).encode())) for number in before]


class Rules:
    """The specification of one fork."""

    known = {}

    def __init__(self, fork):
        name = "ethereum.forks." + MODULES.get(fork, fork.lower())
        self.fork, self.vm, self.state, self.transactions, self.types, blocks = (
            importlib.import_module(f"{name}.{part}")
            for part in ("fork", "vm", "state", "transactions", "fork_types", "blocks")
        )
        self.names = {part.name for part in dataclasses.fields(self.vm.BlockEnvironment)}
        self.message = self.output = self.sender = None
        # The sender is given, so that no time goes into signatures, and the end is noted.
        self.fork.recover_sender = lambda *_: self.sender
        run = self.fork.process_message_call

        def noted(message):
            self.message = run(message)
            return self.message

        def traced(_, event):
            if isinstance(event, TransactionEnd):
                self.output = event.output

        self.fork.process_message_call = noted
        importlib.import_module(f"{name}.vm.interpreter").evm_trace = traced

    @staticmethod
    def of(fork):
        if fork not in Rules.known:
            Rules.known[fork] = Rules(fork)
        return Rules.known[fork]

    def world(self, accounts):
        state = self.state.State()
        for address, account in sorted(accounts.items()):
            address = Bytes20(address)
            self.state.set_account(state, address, self.types.Account(
                nonce=Uint(account.nonce), balance=U256(account.balance), code=Bytes(account.code)
            ))  # fmt: skip
            for slot, value in account.storage.items():
                self.state.set_storage(state, address, Bytes32(word(slot)), U256(value))
        return state

    def environment(self, block, state):
        values = {
            "chain_id": U64(CHAIN), "state": state, "block_gas_limit": Uint(block.gas_limit),
            "block_hashes": hashes_before(block.number),
            "coinbase": Bytes20(block.coinbase), "number": Uint(block.number),
            "base_fee_per_gas": Uint(block.base_fee), "time": U256(block.time),
            "prev_randao": Bytes32(word(block.random)), "difficulty": Uint(block.random),
            "excess_blob_gas": U64(block.excess_blob_gas),
            "parent_beacon_block_root": Bytes32(word(0)),
        }  # fmt: skip
        return self.vm.BlockEnvironment(**{name: values[name] for name in self.names})

    def transaction(self, one):
        common = {
            "nonce": U256(one.nonce), "gas": Uint(one.gas), "value": U256(one.value),
            "to": Bytes0(b"") if one.to is None else Bytes20(one.to), "data": Bytes(one.input),
            "r": U256(1), "s": U256(1),
        }  # fmt: skip
        if one.kind == 0:
            # Where there is one kind only it has the name of all.
            legacy = getattr(self.transactions, "LegacyTransaction", self.transactions.Transaction)
            return legacy(gas_price=Uint(one.price), v=U256(27), **common)
        typed = {"chain_id": U64(CHAIN), "y_parity": U256(0), "access_list": self.access(one)}
        if one.kind == 1:
            return self.transactions.AccessListTransaction(
                gas_price=Uint(one.price), **typed, **common
            )
        fees = {"max_fee_per_gas": Uint(one.fee), "max_priority_fee_per_gas": Uint(one.tip)}
        if one.kind == 2:
            return self.transactions.FeeMarketTransaction(**fees, **typed, **common)
        if one.kind == 3:
            return self.transactions.BlobTransaction(
                max_fee_per_blob_gas=U256(one.blob_fee),
                blob_versioned_hashes=tuple(Bytes32(blob) for blob in one.blobs),
                **fees, **typed, **common,
            )  # fmt: skip
        common["nonce"] = U64(one.nonce)
        return self.transactions.SetCodeTransaction(
            authorizations=tuple(
                self.types.Authorization(
                    chain_id=U256(each.chain), address=Bytes20(each.address),
                    nonce=U64(each.nonce), y_parity=U8(each.parity), r=U256(each.r), s=U256(each.s),
                )
                for each in one.authorizations
            ),
            **fees, **typed, **common,
        )  # fmt: skip

    def access(self, one):
        return tuple(
            self.transactions.Access(
                account=Bytes20(address), slots=tuple(Bytes32(word(slot)) for slot in slots)
            )
            for address, slots in one.access or []
        )

    def accounts(self, state):
        """All accounts of a state."""
        result = {}
        for address, account in state._main_trie._data.items():
            trie = state._storage_tries.get(address)
            storage = {} if trie is None else {
                int.from_bytes(slot, "big"): int(value) for slot, value in trie._data.items()
            }  # fmt: skip
            result[bytes(address)] = Account(
                int(account.balance), int(account.nonce), bytes(account.code), storage
            )
        return result

    def run(self, case):
        state = self.world(case.accounts)
        environment = self.environment(case.block, state)
        output = self.vm.BlockOutput()
        self.sender, self.output = Bytes20(case.transaction.sender), b""
        try:
            self.fork.process_transaction(
                environment, output, self.transaction(case.transaction), Uint(0)
            )
        except EthereumException as error:
            name = type(error).__name__
            accounts = dict(case.accounts)
            if case.fork in ("Frontier", "Homestead", "EIP150"):
                # State tests pay the miner nothing even then, which makes an account (before EIP-161).
                accounts.setdefault(case.block.coinbase, Account())
            return Outcome(
                "refused", logs=keccak256(rlp.encode([])), root=self.root(self.world(accounts)),
                accounts=accounts, refusal=REASONS.get(name, name), reason=name,
            )  # fmt: skip
        message = self.message
        status = "success"
        if message.error is not None:
            status = "reverted" if type(message.error).__name__ == "Revert" else "failed"
        # What is left of the output where all failed is nobody's business.
        data = b"" if status == "failed" else bytes(self.output)
        return Outcome(
            status, gas=int(output.block_gas_used), logs=keccak256(rlp.encode(message.logs)),
            output=data, root=self.root(state),
            accounts=self.accounts(state), reason=type(message.error).__name__,
        )  # fmt: skip

    def root(self, state):
        return bytes(self.state.state_root(state))


def run(case):
    """What comes of a case."""
    sys.setrecursionlimit(200_000)
    return Rules.of(case.fork).run(case)


def knows(case):
    """Whether the specification has an answer: transactions of a later kind are none to it."""
    since = ("Frontier", "Berlin", "London", "Cancun", "Prague")[case.transaction.kind]
    return AGE[case.fork] >= AGE[since]
