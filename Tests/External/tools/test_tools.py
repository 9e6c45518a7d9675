"""The development chain under the tools that people write contracts with: eth-ape and titanoboa."""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).parents[3]
DOLLAR = json.loads((ROOT / "contracts/build/Dollar.json").read_text())
ETHER = 10**18

COUNTER = """
# pragma version ^0.4.0
event Counted:
    by: indexed(address)
    value: uint256

value: public(uint256)
owner: public(address)

@deploy
def __init__(start: uint256):
    self.value = start
    self.owner = msg.sender

@external
def count(step: uint256) -> uint256:
    assert msg.sender == self.owner, "not the owner"
    self.value += step
    log Counted(by=msg.sender, value=self.value)
    return self.value

@external
@view
def now() -> uint256:
    return block.timestamp
"""


def free_ports():
    """Two free ports that are neighbours."""
    while True:
        first = random.randrange(20_000, 32_000)
        try:
            for port in (first, first + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue


class Tools(unittest.TestCase):
    """One development chain for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="martlet-tools-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        port = free_ports()
        cls.url = f"http://127.0.0.1:{port}"
        said = (cls.folder / "said.txt").open("w+")
        cls.addClassCleanup(said.close)
        cls.chain = subprocess.Popen(
            [os.environ["MARTLET"], "up", f"--rpc-port={port}", f"--port={port + 1}"],
            cwd=cls.folder, stdout=said, stderr=said)
        cls.addClassCleanup(cls.end)
        deadline = time.monotonic() + 30
        while "Ctrl-C ends" not in pathlib.Path(said.name).read_text():
            if cls.chain.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(pathlib.Path(said.name).read_text())
            time.sleep(0.02)
        # The tools keep what they find out below the home folder.
        os.environ.update(HOME=str(cls.folder), APE_FOUNDRY_HOST=cls.url)

    @classmethod
    def end(cls):
        """Ends the chain."""
        cls.chain.send_signal(signal.SIGINT)
        cls.chain.wait(timeout=20)

    def test_ape(self):
        """eth-ape, by its provider for anvil: everything that its chain manager can do."""
        import ape
        from ape.logging import logger
        from ethpm_types import ContractType

        logger.set_level("ERROR")
        with ape.networks.parse_network_choice("ethereum:local:foundry") as provider:
            owner, other = ape.accounts.test_accounts[:2]
            self.assertEqual((provider.chain_id, owner.balance), (31_337, 10_000 * ETHER))
            dollar = owner.deploy(ape.contracts.ContractContainer(ContractType.model_validate(
                {"abi": DOLLAR["abi"], "contractName": "Dollar",
                 "deploymentBytecode": {"bytecode": DOLLAR["bytecode"]}})))
            receipt = dollar.mint(other, 500, sender=owner)
            self.assertEqual((dollar.balanceOf(other), dollar.issuer()), (500, owner.address))
            self.assertEqual(
                [(log.event_name, log.receiver, log.value) for log in receipt.events],
                [("Transfer", other.address, 500)])
            logs = list(dollar.Transfer.range(ape.chain.blocks.height + 1))
            self.assertEqual([log.value for log in logs], [500])
            self.assertIn("CALL", str(receipt.trace.get_calltree()))
            with ape.reverts("only the issuer"):
                dollar.mint(other, 5, sender=other)

            before = ape.chain.blocks.height
            moment = ape.chain.snapshot()
            dollar.transfer(owner, 100, sender=other)
            ape.chain.mine(3)
            self.assertEqual(ape.chain.blocks.height, before + 4)
            ape.chain.restore(moment)
            self.assertEqual((ape.chain.blocks.height, dollar.balanceOf(other)), (before, 500))
            with ape.chain.isolate():
                dollar.transfer(owner, 100, sender=other)
            self.assertEqual(dollar.balanceOf(other), 500)

            ape.chain.pending_timestamp += 86_400
            ape.chain.mine()
            self.assertAlmostEqual(
                ape.chain.blocks.head.timestamp, time.time() + 86_400, delta=60)
            stranger = ape.accounts["0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"]
            stranger.balance = 2 * ETHER
            self.assertEqual(stranger.transfer(other, ETHER).sender, stranger.address)
            self.assertTrue(provider.set_code(stranger.address, "0x6001"))
            self.assertEqual(bytes(provider.get_code(stranger.address)), b"\x60\x01")
            provider.set_storage(stranger.address, 7, b"\x09")
            self.assertEqual(int.from_bytes(provider.get_storage(stranger.address, 7)), 9)
            self.assertTrue(provider.set_block_gas_limit(10_000_000))
            ape.chain.mine()
            self.assertEqual(ape.chain.blocks.head.gas_limit, 10_000_000)
            self.assertTrue(provider.set_block_gas_limit(16_777_216))
            provider.auto_mine = False
            self.assertFalse(provider.auto_mine)
            provider.auto_mine = True

    def test_boa(self):
        """titanoboa, in the mode for networks: deployment, calls, events, reverts, anchors."""
        import boa
        from eth_account import Account

        boa.set_network_env(self.url)
        account = Account.from_key("0x" + "46" * 32)
        boa.env._rpc.fetch("anvil_setBalance", [account.address, hex(10 * ETHER)])
        boa.env.add_account(account)
        counter = boa.loads(COUNTER, 7)
        self.assertEqual((counter.value(), counter.owner()), (7, account.address))
        self.assertEqual(counter.count(5), 12)
        (event,) = counter.get_logs()
        self.assertEqual((event.by, event.value), (account.address, 12))
        with boa.env.anchor():
            counter.count(30)
            self.assertEqual(counter.value(), 42)
        self.assertEqual(counter.value(), 12)
        other = Account.from_key("0x" + "47" * 32)
        boa.env._rpc.fetch("anvil_setBalance", [other.address, hex(ETHER)])
        boa.env.add_account(other)
        with self.assertRaisesRegex(Exception, "not the owner"), boa.env.prank(other.address):
            counter.count(1)
        self.assertEqual(counter.value(), 12)
        then = counter.now()
        boa.env._rpc.fetch("evm_increaseTime", [1_000])
        boa.env._rpc.fetch("evm_mine", [])
        self.assertGreaterEqual(counter.now(), then + 1_000)


if __name__ == "__main__":
    unittest.main()
