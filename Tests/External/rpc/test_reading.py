"""What a node tells: blocks, receipts, fees, proofs, filters and subscriptions."""

import asyncio
import concurrent.futures
import time

import rlp
import trie
from network import ETHER, GWEI, URLS, Case, node
from web3 import AsyncWeb3, WebSocketProvider

EMPTY = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")

# A contract that logs nothing but the topic 7, whatever it is called with.
LOGGER = "0x" + "6005600a5f3960055ff3" + "60075f5fa1"


class Reading(Case):
    def test_transfer_everywhere(self):
        """A transfer sent to one node is the same block, receipt and balance on all."""
        to = self.web3.to_checksum_address("0x" + "cd" * 20)
        before = self.web3.eth.get_balance(to)
        receipt = self.send(self.account, web3=node(1), to=to, value=5 * ETHER)
        for index in range(len(URLS)):
            web3 = node(index)
            deadline = time.monotonic() + 10
            while web3.eth.block_number < receipt.blockNumber:
                self.assertLess(time.monotonic(), deadline)
            self.assertEqual(web3.eth.get_balance(to), before + 5 * ETHER)
            block = web3.eth.get_block(receipt.blockNumber, full_transactions=True)
            self.assertEqual(block.hash, receipt.blockHash)
            mine = block.transactions[receipt.transactionIndex]
            self.assertEqual(mine["hash"], receipt.transactionHash)
            self.assertEqual(mine["gasPrice"], receipt.effectiveGasPrice)
            self.assertEqual(
                web3.eth.get_transaction_receipt(receipt.transactionHash), receipt)
            receipts = web3.eth.get_block_receipts(receipt.blockNumber)
            self.assertEqual(receipts[receipt.transactionIndex], receipt)
        self.assertEqual(receipt.gasUsed, 21000)

    def test_kinds(self):
        """Legacy, access-list, dynamic-fee and set-code transactions are carried out."""
        to = self.account.address
        price = {"gasPrice": 50 * GWEI}
        for kind, fields in (
            (0, price),
            (1, price | {"accessList": [{"address": to, "storageKeys": ["0x" + "00" * 32]}]}),
            (2, {}),
        ):
            receipt = self.send(self.account, to=to, gas=60_000, **fields)
            self.assertEqual((receipt.type, receipt.status), (kind, 1))
        nonce = self.web3.eth.get_transaction_count(to)
        code = self.web3.to_checksum_address("0x" + "11" * 20)
        consent = self.account.sign_authorization(
            {"chainId": self.chain, "address": code, "nonce": nonce + 1})
        receipt = self.send(
            self.account, to=to, gas=100_000, nonce=nonce, authorizationList=[consent])
        self.assertEqual((receipt.type, receipt.status), (4, 1))
        self.assertEqual(
            self.web3.eth.get_code(to).hex(), "ef0100" + "11" * 20)

    def test_fees(self):
        """Fees are told so that web3.py can fill them in."""
        history = self.web3.eth.fee_history(4, "latest", [10, 50, 90])
        self.assertEqual(len(history.baseFeePerGas), len(history.gasUsedRatio) + 1)
        block = self.web3.eth.get_block(history.oldestBlock)
        self.assertEqual(history.baseFeePerGas[0], block.baseFeePerGas)
        self.assertGreater(self.web3.eth.gas_price, 0)
        self.assertGreaterEqual(self.web3.eth.max_priority_fee, 0)
        self.assertEqual(self.web3.eth.estimate_gas({"to": "0x" + "00" * 19 + "ff"}), 21000)
        self.assertFalse(self.web3.eth.syncing)
        self.assertEqual(self.web3.net.version, str(self.chain))

    def test_tags(self):
        """All that is told is final: three tags name one block, and a hash names it too."""
        numbers = [self.web3.eth.get_block(tag).number for tag in ("finalized", "safe", "latest")]
        self.assertLessEqual(numbers[0], numbers[2])
        self.assertLessEqual(numbers[2] - numbers[0], 2)
        self.assertEqual(self.web3.eth.get_block("earliest").number, 0)
        block = self.web3.eth.get_block("latest")
        self.assertEqual(
            self.web3.eth.get_balance(self.account.address, block.number),
            self.web3.eth.get_balance(self.account.address, block.hash.to_0x_hex()))

    def test_proof(self):
        """A proof of an account and its storage holds under py-trie, absence included."""
        code = "602a600155" + "5f5ff3"
        deployed = self.send(self.account, data="0x" + code).contractAddress
        number = self.web3.eth.block_number
        root = self.web3.eth.get_block(number).stateRoot
        for address in deployed, self.web3.to_checksum_address("0x" + "99" * 20):
            proof = self.web3.eth.get_proof(address, [1, 2], number)
            account = self.proven(root, bytes.fromhex(address[2:]), proof.accountProof)
            if address != deployed:
                self.assertEqual(account, b"")
                continue
            nonce, balance, storage, code_hash = rlp.decode(account)
            self.assertEqual(storage, proof.storageHash)
            self.assertEqual(code_hash, proof.codeHash)
            self.assertEqual(int.from_bytes(nonce), proof.nonce)
            self.assertEqual(int.from_bytes(balance), proof.balance)
            for slot, expected in zip(proof.storageProof, (rlp.encode(42), b"")):
                key = int.from_bytes(slot.key).to_bytes(32)
                self.assertEqual(self.proven(storage, key, slot.proof), expected)

    def proven(self, root, key, proof):
        """What a proof says of a key, by py-trie."""
        nodes = [rlp.decode(bytes(item)) for item in proof]
        key = bytes(self.web3.keccak(key))
        if bytes(root) == EMPTY:
            return b""
        return trie.HexaryTrie.get_from_proof(bytes(root), key, nodes)

    def test_traces(self):
        """How a transaction ran is told by geth's tracers, and what one would do by imagining it."""
        address = self.send(self.account, data=LOGGER).contractAddress
        receipt = self.send(self.account, to=address, gas=50_000)
        name = receipt.transactionHash.to_0x_hex()
        steps = self.ask("debug_traceTransaction", name)
        self.assertEqual(steps["gas"], receipt.gasUsed)
        self.assertEqual([log["op"] for log in steps["structLogs"]][-2:], ["LOG1", "STOP"])
        calls = {"tracer": "callTracer", "tracerConfig": {"withLog": True}}
        call = self.ask("debug_traceTransaction", name, calls)
        self.assertEqual(call["logs"][0]["address"], address.lower())
        blocks = (
            self.ask("debug_traceBlockByNumber", hex(receipt.blockNumber), calls),
            self.ask("debug_traceBlockByHash", receipt.blockHash.to_0x_hex(), calls))
        for rows in blocks:
            self.assertEqual(rows[receipt.transactionIndex], {"txHash": name, "result": call})
        wanted = {"from": self.account.address, "to": address}
        diff = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
        changed = self.ask("debug_traceCall", wanted, "latest", diff)
        self.assertIn(self.account.address.lower(), changed["post"])
        self.assertEqual(self.ask("eth_createAccessList", wanted)["accessList"], [])
        imagined = self.ask("eth_simulateV1", {"blockStateCalls": [{"calls": [wanted]}] * 2})
        self.assertEqual(imagined[1]["parentHash"], imagined[0]["hash"])
        self.assertEqual(imagined[1]["calls"][0]["logs"][0]["address"], address.lower())

    def ask(self, method, *parameters):
        """The result of a call that web3.py has no function for."""
        response = self.web3.provider.make_request(method, list(parameters))
        self.assertNotIn("error", response)
        return response["result"]

    def test_filters(self):
        """Filters tell new blocks, logs and pending transactions, once each."""
        blocks = self.web3.eth.filter("latest")
        pending = self.web3.eth.filter("pending")
        address = self.send(self.account, data=LOGGER).contractAddress
        logs = self.web3.eth.filter({"address": address})
        receipt = self.send(self.account, to=address, gas=50_000)
        self.assertIn(receipt.blockHash, blocks.get_new_entries())
        self.assertIn(receipt.transactionHash, pending.get_new_entries())
        entry, = logs.get_new_entries()
        self.assertEqual(int.from_bytes(entry.topics[0]), 7)
        self.assertEqual(logs.get_new_entries(), [])
        self.assertTrue(self.web3.eth.uninstall_filter(logs.filter_id))

    def test_subscriptions(self):
        """Heads, logs and pending transactions are pushed over a WebSocket."""
        found = asyncio.run(asyncio.wait_for(self.subscribe(), 30))
        self.assertEqual(found["logs"]["transactionHash"], found["receipt"].transactionHash)
        self.assertEqual(found["newHeads"]["number"], found["logs"]["blockNumber"])
        self.assertEqual(bytes(found["newPendingTransactions"]), found["receipt"].transactionHash)

    async def subscribe(self):
        loop = asyncio.get_running_loop()
        pool = concurrent.futures.ThreadPoolExecutor(1)
        deployed = await loop.run_in_executor(
            pool, lambda: self.send(self.account, data=LOGGER))
        address = deployed.contractAddress
        async with AsyncWeb3(WebSocketProvider(URLS[0].replace("http:", "ws:"))) as web3:
            self.assertEqual(await web3.eth.chain_id, self.chain)
            names = {
                await web3.eth.subscribe("logs", {"address": address}): "logs",
                await web3.eth.subscribe("newHeads"): "newHeads",
                await web3.eth.subscribe("newPendingTransactions"): "newPendingTransactions",
            }
            sending = loop.run_in_executor(
                pool, lambda: self.send(self.account, to=address, gas=50_000))
            found, heads = {}, {}
            async for message in web3.socket.process_subscriptions():
                name = names[message["subscription"]]
                if name == "newHeads":
                    heads[message["result"]["number"]] = message["result"]
                else:
                    found.setdefault(name, message["result"])
                if len(found) == 2 and found["logs"]["blockNumber"] in heads:
                    found["newHeads"] = heads[found["logs"]["blockNumber"]]
                    break
            found["receipt"] = await sending
            for name in names:
                self.assertTrue(await web3.eth.unsubscribe(name))
            return found
