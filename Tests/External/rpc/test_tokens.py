"""Contracts that the world uses, deployed and driven by web3.py."""

import json
import time

from network import ARTIFACTS, ETHER, URLS, Case, artifact, node
from web3.exceptions import ContractCustomError, ContractLogicError


def constructor(*kinds):
    """The interface of a constructor, for artifacts that leave it out."""
    return [{
        "type": "constructor", "stateMutability": "nonpayable",
        "inputs": [{"name": f"a{index}", "type": kind} for index, kind in enumerate(kinds)],
    }]


class Tokens(Case):
    def token(self, supply=1000 * ETHER):
        return self.deploy(
            "openzeppelin-4.9.6-presets/ERC20PresetFixedSupply", "Token", "T", supply,
            self.account.address)

    def test_erc20(self):
        """OpenZeppelin's ERC-20: transfer, allowance, events, custom errors."""
        token = self.deploy("openzeppelin-5.4.0/ERC20Mock")
        other = "0x" + "ab" * 20
        other = self.web3.to_checksum_address(other)
        self.do(token.functions.mint(self.account.address, 100))
        receipt = self.do(token.functions.transfer(other, 30))
        self.assertEqual(token.functions.balanceOf(other).call(), 30)
        self.assertEqual(token.functions.totalSupply().call(), 100)
        event, = token.events.Transfer().process_receipt(receipt)
        self.assertEqual(dict(event.args), {"from": self.account.address, "to": other, "value": 30})
        logs = token.events.Transfer().get_logs(from_block=0, argument_filters={"to": other})
        self.assertEqual([log.transactionHash for log in logs], [receipt.transactionHash])
        with self.assertRaises(ContractCustomError):
            token.functions.transfer(other, 71).call({"from": self.account.address})
        for index in range(len(URLS)):
            deadline = time.monotonic() + 10
            while node(index).eth.block_number < receipt.blockNumber:
                self.assertLess(time.monotonic(), deadline)
            same = node(index).eth.contract(address=token.address, abi=token.abi)
            self.assertEqual(same.functions.balanceOf(other).call(), 30)

    def test_uniswap(self):
        """Uniswap V2: a pool of 1e20 and 1e20 gives exactly 987158034397061298 for 1e18."""
        first, second = self.token(), self.token()
        me = self.account.address
        factory = self.deploy(
            "uniswap-v2/UniswapV2Factory_legacyInitcode", me, interface=constructor("address"))
        router = self.deploy(
            "uniswap-v2/UniswapV2Router02", factory.address, factory.address,
            interface=constructor("address", "address"))
        for token in first, second:
            self.do(token.functions.approve(router.address, 2**256 - 1))
        deadline = self.web3.eth.get_block("latest").timestamp + 3600
        amount = 100 * ETHER
        self.do(router.functions.addLiquidity(
            first.address, second.address, amount, amount, 0, 0, me, deadline))
        path = [first.address, second.address]
        expected = 987158034397061298
        self.assertEqual(router.functions.getAmountsOut(ETHER, path).call(), [ETHER, expected])
        before = second.functions.balanceOf(me).call()
        self.do(router.functions.swapExactTokensForTokens(ETHER, expected, path, me, deadline))
        self.assertEqual(second.functions.balanceOf(me).call() - before, expected)
        with self.assertRaises(ContractLogicError) as caught:
            router.functions.swapExactTokensForTokens(
                ETHER, 0, path, me, 1).call({"from": me})
        self.assertIn("UniswapV2Router: EXPIRED", str(caught.exception))

    def test_multicall(self):
        """The presigned deployment of Multicall3, by a transaction that names no chain."""
        path = ARTIFACTS / "multicall3_presigned_tx.json"
        if not path.exists():
            self.skipTest(f"the share is missing: no {path}")
        made = json.loads(path.read_text())
        if self.web3.eth.get_code(made["deployedTo"]) == b"":
            self.pay(self.account, made["deployer"], ETHER)
            digest = self.web3.eth.send_raw_transaction(made["rawTransaction"])
            receipt = self.web3.eth.wait_for_transaction_receipt(digest, 30, 0.05)
            self.assertEqual(receipt.contractAddress, made["deployedTo"])
            transaction = self.web3.eth.get_transaction(digest)
            self.assertIn(transaction.v, (27, 28))
            self.assertNotIn("chainId", transaction)
        multicall = self.web3.eth.contract(
            address=made["deployedTo"], abi=artifact("multicall3/Multicall3")["abi"])
        self.assertEqual(multicall.functions.getChainId().call(), self.chain)
        data = multicall.functions.getBlockNumber()._encode_transaction_data()
        results = multicall.functions.aggregate3([(made["deployedTo"], False, data)] * 3).call()
        self.assertEqual(len({result[1] for result in results}), 1)
