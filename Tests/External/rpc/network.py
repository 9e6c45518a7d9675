"""The running network, as the suites use it: nodes, an account with coins, contracts."""

import json
import os
import pathlib
import unittest

from eth_account import Account
from web3 import Web3

ETHER = 10**18
GWEI = 10**9
SHARED = pathlib.Path(__file__).resolve().parents[4] / "shared"
ARTIFACTS = SHARED / "contracts" / "artifacts"
URLS = os.environ.get("MARTLET_RPC", "").split()


def node(index=0):
    """A client of one of the nodes."""
    return Web3(Web3.HTTPProvider(URLS[index % len(URLS)], request_kwargs={"timeout": 20}))


def faucet():
    """The account that owns the coins at the start."""
    return Account.from_key((pathlib.Path(os.environ["MARTLET_DIR"]) / "faucet.key").read_text().strip())


def artifact(name):
    """A compiled contract of the share: its interface and its code."""
    path = ARTIFACTS / f"{name}.json"
    if not path.exists():
        raise unittest.SkipTest(f"the share is missing: no {path}")
    return json.loads(path.read_text())


class Case(unittest.TestCase):
    """A test with a client and an account of its own, paid by the faucet."""

    @classmethod
    def setUpClass(cls):
        if not URLS:
            raise unittest.SkipTest("no network: run Tests/External/run")
        cls.web3 = node()
        cls.chain = cls.web3.eth.chain_id
        cls.account = Account.create()
        cls.pay(faucet(), cls.account.address, 1000 * ETHER)

    @classmethod
    def sign(cls, account, **fields):
        """A signed transaction; what is not given is filled in."""
        fields.setdefault("chainId", cls.chain)
        fields.setdefault("value", 0)
        if "nonce" not in fields:
            fields["nonce"] = cls.web3.eth.get_transaction_count(account.address, "pending")
        if "gasPrice" not in fields:
            fields.setdefault("maxFeePerGas", 100 * GWEI)
            fields.setdefault("maxPriorityFeePerGas", GWEI)
        if "gas" not in fields:
            known = {k: v for k, v in fields.items() if k not in ("chainId", "nonce", "gasPrice")}
            fields["gas"] = cls.web3.eth.estimate_gas({"from": account.address, **known})
        return account.sign_transaction(fields)

    @classmethod
    def send(cls, account, web3=None, **fields):
        """Sends a transaction and returns its receipt."""
        signed = cls.sign(account, **fields)
        digest = (web3 or cls.web3).eth.send_raw_transaction(signed.raw_transaction)
        return cls.web3.eth.wait_for_transaction_receipt(digest, timeout=30, poll_latency=0.05)

    @classmethod
    def pay(cls, account, to, value):
        """Pays from one account to another."""
        return cls.send(account, to=to, value=value)

    @classmethod
    def deploy(cls, name, *arguments, interface=None):
        """Deploys a contract of the share."""
        made = artifact(name)
        made["abi"] = made["abi"] + (interface or [])
        factory = cls.web3.eth.contract(abi=made["abi"], bytecode=made["bytecode"])
        data = factory.constructor(*arguments).data_in_transaction
        receipt = cls.send(cls.account, data=data)
        assert receipt.status == 1, receipt
        return cls.web3.eth.contract(address=receipt.contractAddress, abi=made["abi"])

    @classmethod
    def do(cls, call, **fields):
        """Carries out a call to a contract in a transaction of the test's account."""
        data = call._encode_transaction_data()
        receipt = cls.send(cls.account, to=call.address, data=data, **fields)
        assert receipt.status == 1, receipt
        return receipt
