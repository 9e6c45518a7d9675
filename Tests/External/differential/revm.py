"""Runs cases by revm, through pyrevm: quick, for the rules from London to Cancun.

pyrevm runs a call without the transaction around it: nobody pays for gas, and what may not be
executed is not refused. So the sender is given what would be left to it, and what it gets back is
added; a creation pays for itself. The root of the state cannot be asked for.
"""

import pyrevm
from case import AGE, CHAIN, Account, Outcome, keccak, text, word
from ethereum_rlp import rlp

BLOB_GAS = 131_072


def knows(case, outcome):
    """Whether pyrevm has an answer: it gives every fork the precompiles and the prices of the last."""
    is_known = AGE["London"] <= AGE[case.fork] <= AGE["Cancun"]
    return is_known and outcome.status not in ("refused", "crashed", "unreadable")


def price(case):
    """What a unit of gas costs."""
    one = case.transaction
    return one.price if one.fee is None else min(one.fee, case.block.base_fee + one.tip)


def machine(case, balance):
    block, one = case.block, case.transaction
    is_merged = AGE[case.fork] >= AGE["Paris"]
    env = pyrevm.Env(
        cfg=pyrevm.CfgEnv(chain_id=CHAIN),
        block=pyrevm.BlockEnv(
            number=block.number, coinbase=text(block.coinbase), timestamp=block.time,
            difficulty=0 if is_merged else block.random, prevrandao=word(block.random),
            basefee=block.base_fee,
            gas_limit=block.gas_limit, excess_blob_gas=block.excess_blob_gas,
        ),
        tx=pyrevm.TxEnv(
            caller=text(one.sender), gas_limit=one.gas, gas_price=price(case), chain_id=CHAIN,
            access_list=[(text(address), slots) for address, slots in one.access or []],
            blob_hashes=one.blobs or [], max_fee_per_blob_gas=one.blob_fee,
        ),
    )  # fmt: skip
    rules = "MERGE" if case.fork == "Paris" else case.fork.upper()
    evm = pyrevm.EVM(env=env, spec_id=rules, gas_limit=2**64 - 1)
    for address, account in case.accounts.items():
        nonce = account.nonce
        if address == one.sender:
            account = Account(balance, nonce, account.code, account.storage)
            nonce += one.to is not None
        info = pyrevm.AccountInfo(balance=account.balance, nonce=nonce, code=account.code or None)
        evm.insert_account_info(text(address), info)
        for slot, value in account.storage.items():
            evm.insert_account_storage(text(address), slot, value)
    return evm


def run(case, told):
    """What comes of a case; `told` is what another found, whose accounts and slots are asked for."""
    one = case.transaction
    fee = price(case)
    balance = case.accounts[one.sender].balance
    if one.to is not None:
        blobs = len(one.blobs or []) * BLOB_GAS * blob_price(case.block.excess_blob_gas)
        balance -= one.gas * fee + blobs
    evm = machine(case, balance)
    common = {"value": one.value, "gas": one.gas, "gas_price": fee}
    output = b""
    try:
        if one.to is None:
            evm.deploy(text(one.sender), one.input, **common)
        else:
            output = evm.message_call(text(one.sender), text(one.to), calldata=one.input, **common)
    except RuntimeError:
        output = None
    result = evm.result
    if result is None:
        return Outcome("not executed")
    status = "success" if result.is_success else "failed" if result.is_halt else "reverted"
    logs = [[_bytes(log.address), [_bytes(topic) for topic in log.topics], log.data[1]] for log in result.logs]
    accounts = {}
    for address, account in told.accounts.items():
        info = evm.basic(text(address))
        accounts[address] = Account(
            info.balance, info.nonce, account.code,
            {slot: evm.storage(text(address), slot) for slot in account.storage},
        )  # fmt: skip
    if one.to is not None:
        accounts[one.sender].balance += (one.gas - result.gas_used) * fee
    if case.block.coinbase in accounts:
        # A creation gives it all that the sender pays, as if nothing were burned.
        gain = fee if one.to is not None else 0
        accounts[case.block.coinbase].balance += result.gas_used * (gain - case.block.base_fee)
    return Outcome(
        status, gas=result.gas_used, output=bytes(output) if status == "success" and one.to else None,
        logs=keccak(rlp.encode(logs)), accounts=accounts, reason=result.reason,
    )  # fmt: skip


def blob_price(excess):
    """The price of blob gas in Cancun (EIP-4844)."""
    return pyrevm.fake_exponential(1, excess, 3_338_477)


def _bytes(hexadecimal):
    return bytes.fromhex(hexadecimal.removeprefix("0x"))
