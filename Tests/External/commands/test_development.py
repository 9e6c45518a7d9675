"""The development chain as its users know such chains: by web3.py, eth-account and their habits."""

import json
import pathlib
import signal
import time

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from websockets.sync.client import connect

from program import Case, free_row

WORDS = "test test test test test test test test test test test junk"
ETHER = 10**18
ROOT = pathlib.Path(__file__).parents[3]
STRANGER = Web3.to_checksum_address("0x" + "ab" * 20)


def reverting(reason):
    """Code that reverts with a reason, as Solidity writes it."""
    text = reason.encode()
    data = bytes.fromhex("08c379a0") + (32).to_bytes(32, "big") + len(text).to_bytes(32, "big")
    data += text.ljust(32, b"\0")
    size = len(data)
    return "0x" + (bytes([0x60, size, 0x60, 10, 0x5f, 0x39, 0x60, size, 0x5f, 0xfd]) + data).hex()


class DevelopmentTest(Case):
    """What `martlet up` alone starts."""

    def setUp(self):
        super().setUp()
        self.ports = free_row(2)
        self.child = self.up()

    def up(self, *words):
        child = self.start("up", f"--rpc-port={self.ports}", f"--port={self.ports + 1}", *words)
        self.wait(lambda: "Ctrl-C ends" in child.log.read_text(), "not ready", child)
        self.web3 = Web3(Web3.HTTPProvider(f"http://127.0.0.1:{self.ports}"))
        self.accounts = self.web3.eth.accounts
        return child

    def call(self, method, *parameters):
        answer = self.web3.provider.make_request(method, parameters)
        self.assertNotIn("error", answer, method)
        return answer["result"]

    def refusal(self, method, *parameters):
        return self.web3.provider.make_request(method, parameters)["error"]["message"]

    def pay(self, **fields):
        fields = {"from": self.accounts[0], "to": self.accounts[1], "value": 1, **fields}
        return self.web3.eth.get_transaction_receipt(self.web3.eth.send_transaction(fields))

    def test_accounts(self):
        """Ten accounts with coins, whose keys are told: those of the words that everybody knows."""
        Account.enable_unaudited_hdwallet_features()
        said = self.child.log.read_text()
        self.assertEqual((self.web3.eth.chain_id, len(self.accounts)), (31_337, 10))
        for index, address in enumerate(self.accounts):
            account = Account.from_mnemonic(WORDS, account_path=f"m/44'/60'/0'/0/{index}")
            self.assertEqual(account.address, address)
            self.assertIn(f"{address}  key {account.key.to_0x_hex()}", said)
            self.assertEqual(self.web3.eth.get_balance(address), 10_000 * ETHER)
        self.assertIn("everybody knows these keys", said)
        self.assertEqual(self.call("rpc_modules").get("anvil"), None)

    def test_block_per_transaction(self):
        """The receipt is there when the answer is, in a block of its own, at a later time."""
        for number in range(1, 6):
            receipt = self.pay()
            self.assertEqual((receipt["blockNumber"], receipt["status"]), (number, 1))
        times = [self.web3.eth.get_block(number)["timestamp"] for number in range(6)]
        self.assertEqual(sorted(set(times)), times)
        signed = Account.from_key("0x" + "11" * 32)
        self.pay(to=signed.address, value=ETHER)
        raw = signed.sign_transaction(
            {"to": STRANGER, "value": 1, "nonce": 0, "gas": 21_000, "gasPrice": 10**10,
             "chainId": 31_337})
        receipt = self.web3.eth.wait_for_transaction_receipt(
            self.web3.eth.send_raw_transaction(raw.raw_transaction))
        self.assertEqual((receipt["blockNumber"], self.web3.eth.block_number), (7, 7))

    def test_kill(self):
        """Blocks, accounts that were changed, clock and snapshots outlast any end of the node."""
        self.pay()
        number = self.call("evm_snapshot")
        self.call("anvil_setBalance", STRANGER, hex(77))
        self.call("evm_increaseTime", 5_000)
        self.pay()
        for how in (signal.SIGKILL, signal.SIGINT):
            block = self.web3.eth.get_block("latest")
            self.end(self.child, how)
            self.child = self.up()
            self.assertEqual(self.web3.eth.get_block("latest"), block)
            self.assertEqual(self.web3.eth.get_balance(STRANGER), 77)
            receipt = self.pay()
            self.assertEqual(receipt["blockNumber"], block["number"] + 1)
            now = self.web3.eth.get_block("latest")["timestamp"]
            self.assertAlmostEqual(now, time.time() + 5_000, delta=30)
        self.assertTrue(self.call("evm_revert", number))
        self.assertEqual((self.web3.eth.block_number, self.web3.eth.get_balance(STRANGER)), (1, 0))

    def test_reasons(self):
        """What reverts is told before it is sent, with its reason."""
        self.call("hardhat_setCode", STRANGER, reverting("too late"))
        for attempt in (self.web3.eth.call, self.web3.eth.estimate_gas):
            with self.assertRaisesRegex(ContractLogicError, "too late"):
                attempt({"from": self.accounts[0], "to": STRANGER})
        self.assertEqual(
            self.refusal("eth_sendTransaction", {"from": self.accounts[0], "to": STRANGER}),
            "execution reverted: too late")
        receipt = self.pay(to=STRANGER, value=0, gas=100_000)
        self.assertEqual(receipt["status"], 0)

    def test_custom_errors(self):
        """Custom errors are told by name and values: those of OpenZeppelin, and those of --abi."""
        def error(signature, *words):
            data = Web3.keccak(text=signature)[:4] + b"".join(
                word.to_bytes(32, "big") for word in words)
            self.call("anvil_setCode", STRANGER, "0x" + (
                bytes([0x60, len(data), 0x60, 10, 0x5f, 0x39, 0x60, len(data), 0x5f, 0xfd])
                + data).hex())
            return [self.refusal(method, {"from": self.accounts[0], "to": STRANGER})
                    for method in ("eth_call", "eth_estimateGas", "eth_sendTransaction")]

        said = "execution reverted: ERC20InsufficientBalance(sender=" + "0x" + "00" * 19 + "07"
        known = error("ERC20InsufficientBalance(address,uint256,uint256)", 7, 8, 9)
        self.assertEqual(set(known), {f"{said}, balance=8, needed=9)"})
        self.assertEqual(error("TooLate(uint64,bool)", 5, 1), ["execution reverted"] * 3)
        folder = self.folder / "build"
        folder.mkdir()
        (folder / "Clock.json").write_text(json.dumps({"abi": [
            {"type": "error", "name": "TooLate", "inputs": [
                {"name": "now", "type": "uint64"}, {"name": "", "type": "bool"}]}]}))
        (folder / "other.json").write_text("{}")
        self.end(self.child)
        self.child = self.up("--abi=build")
        self.assertEqual(error("TooLate(uint64,bool)", 5, 1),
                         ["execution reverted: TooLate(now=5, true)"] * 3)
        hash = self.web3.eth.send_transaction(
            {"from": self.accounts[0], "to": STRANGER, "gas": 100_000}).to_0x_hex()
        said = self.done("trace", hash, f"--rpc=http://127.0.0.1:{self.ports}", "--abi=build")
        self.assertIn("failed: TooLate(now=5, true)", said)
        self.assertIn(f"block {self.web3.eth.block_number}, failed", said)

    def test_trace(self):
        """How a transaction ran is told in words: calls, values, events and what changed."""
        node = f"--rpc=http://127.0.0.1:{self.ports}"
        contract = self.web3.eth.contract(**{
            key: json.loads((ROOT / "contracts/build/Dollar.json").read_text())[key]
            for key in ("abi", "bytecode")})
        made = self.web3.eth.get_transaction_receipt(
            contract.constructor().transact({"from": self.accounts[0]}))
        dollar = self.web3.eth.contract(made["contractAddress"], abi=contract.abi)
        hash = dollar.functions.mint(STRANGER, 500).transact({"from": self.accounts[0]}).to_0x_hex()
        said = self.done("trace", hash, node, "--storage").splitlines()
        self.assertEqual(said[0], f"transaction {hash}")
        self.assertRegex(said[1], r"^block 2, done, \d+ gas, from 0xf39f")
        self.assertRegex(said[2], rf"^CALL {dollar.address.lower()}"
                         rf"\.mint\(.*{STRANGER}, .*500\) → true  \[\d+ gas\]$")
        self.assertRegex(said[3], rf"^  log Transfer\(.*{STRANGER}, value=500\)$")
        self.assertIn(f"changed {dollar.address.lower()}", said)
        self.assertTrue(any("slot 0x" in line and line.endswith("01f4") for line in said), said)
        told = json.loads(self.done("trace", hash, node, "--json"))
        self.assertEqual(told["calls"]["to"], dollar.address.lower())
        hash = self.pay(value=77)["transactionHash"].to_0x_hex()
        self.assertIn("with 77 wei", self.done("trace", hash, node))
        self.refused(1, "no block holds", "trace", "0x" + "11" * 32, node)
        self.refused(2, "64 hexadecimal digits", "trace", "0x11", node)

    def test_console(self):
        """What contracts say by console.log is in the node's output."""
        said = Web3.keccak(text="log(string,uint256)")[:4] + b"".join(
            number.to_bytes(32, "big") for number in (64, 42, 9)) + b"%d crows!".ljust(32, b"\0")
        size = len(said)
        code = bytes([0x60, size, 0x60, 0x2a, 0x5f, 0x39, 0x5f, 0x5f, 0x60, size, 0x5f, 0x73])
        code += bytes.fromhex("000000000000000000636F6e736F6c652e6c6f67") + bytes([0x5a, 0xfa])
        self.call("anvil_setCode", STRANGER, "0x" + (code.ljust(0x2a, b"\0") + said).hex())
        self.pay(to=STRANGER, value=0)
        log = (self.folder / ".martlet/node-0/log.txt").read_text()
        self.assertIn("42 crows!", log)

    def test_signing(self):
        """The node signs messages and typed data as wallets do."""
        account = self.accounts[3]
        message = encode_defunct(text="Martlet")
        for signature in (self.call("personal_sign", "0x" + b"Martlet".hex(), account),
                          self.call("eth_sign", account, "0x" + b"Martlet".hex())):
            self.assertEqual(Account.recover_message(message, signature=signature), account)
        data = {
            "types": {
                "EIP712Domain": [{"name": "name", "type": "string"},
                                 {"name": "chainId", "type": "uint256"}],
                "Person": [{"name": "name", "type": "string"}, {"name": "keys", "type": "bytes32[]"}],
                "Mail": [{"name": "to", "type": "Person"}, {"name": "amount", "type": "int64"}],
            },
            "primaryType": "Mail", "domain": {"name": "Post", "chainId": 31_337},
            "message": {"to": {"name": "Ann", "keys": ["0x" + "07" * 32] * 2}, "amount": -5},
        }
        for form in (data, json.dumps(data)):
            signature = self.call("eth_signTypedData_v4", account, form)
            found = Account.recover_message(encode_typed_data(full_message=data), signature=signature)
            self.assertEqual(found, account)

    def test_impersonation(self):
        """A stranger's coins can be spent without a key, until it is enough."""
        self.call("anvil_setBalance", STRANGER, hex(ETHER))
        self.assertIn("unknown account", self.refusal(
            "eth_sendTransaction", {"from": STRANGER, "to": self.accounts[0]}))
        self.call("hardhat_impersonateAccount", STRANGER)
        receipt = self.pay(**{"from": STRANGER})
        self.assertEqual(receipt["from"], STRANGER)
        self.assertEqual(self.web3.eth.get_transaction(receipt["transactionHash"])["from"],
                         STRANGER)
        self.call("hardhat_stopImpersonatingAccount", STRANGER)
        with self.assertRaises(Web3RPCError):
            self.pay(**{"from": STRANGER})

    def test_time_and_fees(self):
        """The next block has the time, the fee and the owner of fees that were asked for."""
        later = self.web3.eth.get_block("latest")["timestamp"] + 1_000_000
        self.call("evm_setNextBlockTimestamp", later)
        self.call("hardhat_setNextBlockBaseFeePerGas", "0x0")
        self.call("hardhat_setCoinbase", STRANGER)
        receipt = self.pay(gasPrice=7)
        block = self.web3.eth.get_block(receipt["blockNumber"])
        self.assertEqual((block["timestamp"], block["baseFeePerGas"]), (later, 0))
        self.assertEqual(self.web3.eth.get_balance(STRANGER), 7 * 21_000)
        self.assertIn("is before", self.refusal("evm_setNextBlockTimestamp", later - 1))
        self.call("hardhat_mine", "0x3", "0x3c")
        times = [self.web3.eth.get_block(number)["timestamp"] for number in (2, 3, 4)]
        self.assertEqual([times[1] - times[0], times[2] - times[1]], [60, 60])

    def test_snapshot(self):
        """A snapshot restores all: blocks, state, time, what waits, what filters kept, settings."""
        self.call("evm_setAutomine", False)
        waiting = self.web3.eth.send_transaction(
            {"from": self.accounts[2], "to": STRANGER, "value": 5}).to_0x_hex()
        blocks = self.call("eth_newBlockFilter")
        pending = self.call("eth_newPendingTransactionFilter")
        other = self.web3.eth.send_transaction(
            {"from": self.accounts[3], "to": STRANGER, "value": 6}).to_0x_hex()
        self.call("anvil_impersonateAccount", STRANGER)
        before = self.web3.eth.get_block("latest")
        moment = self.call("evm_snapshot")

        self.call("anvil_stopImpersonatingAccount", STRANGER)
        self.call("hardhat_setCoinbase", "0x" + "cd" * 20)
        self.call("evm_increaseTime", 100_000)
        self.call("hardhat_mine", "0x2")
        self.assertEqual(self.web3.eth.get_balance(STRANGER), 11)
        self.assertEqual(len(self.call("eth_getFilterChanges", blocks)), 2)
        self.assertEqual(self.call("eth_getFilterChanges", pending), [other])
        later = self.call("eth_newBlockFilter")
        self.assertTrue(self.call("evm_revert", moment))

        self.assertEqual(self.web3.eth.get_block("latest"), before)
        self.assertEqual(self.web3.eth.get_balance(STRANGER), 0)
        content = self.call("txpool_content")["pending"]
        self.assertEqual({entry["hash"] for sender in content.values() for entry in sender.values()},
                         {waiting, other})
        self.assertEqual(self.call("eth_getFilterChanges", pending), [other])
        self.assertEqual(self.call("eth_getFilterChanges", blocks), [])
        self.assertEqual(self.call("eth_getFilterChanges", later), [])
        self.assertNotEqual(self.call("eth_coinbase"), "0x" + "cd" * 20)
        self.call("evm_mine")
        block = self.web3.eth.get_block("latest")
        self.assertEqual({hash.to_0x_hex() for hash in block["transactions"]}, {waiting, other})
        self.assertAlmostEqual(block["timestamp"], time.time(), delta=30)
        self.assertEqual(self.call("eth_getFilterChanges", blocks), [block["hash"].to_0x_hex()])
        self.call("evm_setAutomine", True)
        self.call("anvil_setBalance", STRANGER, hex(ETHER))
        self.pay(**{"from": STRANGER, "value": 1})
        self.assertFalse(self.call("evm_revert", moment))

    def test_subscriptions(self):
        """Subscriptions go on telling after snapshots are gone back to, and after a reset."""
        with connect(f"ws://127.0.0.1:{self.ports}") as socket:
            names = {}
            for number, name in enumerate(("newHeads", "newPendingTransactions", "logs")):
                socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": "eth_subscribe",
                                        "params": [name] + [{}] * (name == "logs")}))
                names[json.loads(socket.recv(timeout=10))["result"]] = name

            def told(count):
                messages = [json.loads(socket.recv(timeout=10))["params"] for _ in range(count)]
                return {names[message["subscription"]]: message["result"] for message in messages}

            # It logs nothing but that it was called: LOG0.
            self.call("anvil_setCode", STRANGER, "0x5f5fa0")
            for step in ("first", "reverted", "reset"):
                with self.subTest(step=step):
                    self.pay(to=STRANGER, value=0)
                    found = told(3)
                    latest = self.web3.eth.get_block("latest")
                    self.assertEqual(found["newHeads"]["hash"], latest["hash"].to_0x_hex())
                    self.assertEqual(found["newPendingTransactions"],
                                     latest["transactions"][0].to_0x_hex())
                    self.assertEqual(found["logs"]["blockHash"], latest["hash"].to_0x_hex())
                if step == "first":
                    moment = self.call("evm_snapshot")
                    self.pay()
                    told(2)
                    self.assertTrue(self.call("evm_revert", moment))
                elif step == "reverted":
                    self.call("anvil_reset")
                    self.call("anvil_setCode", STRANGER, "0x5f5fa0")

    def test_memory(self):
        """Memory does not grow with the chain: two thousand blocks take hardly more than one."""
        (node,) = [int((folder / "process").read_text())
                   for folder in self.folder.glob(".martlet/node-0")]
        sizes = []
        for _ in range(3):
            for _ in range(20):
                self.call("hardhat_mine", hex(50))
            status = pathlib.Path(f"/proc/{node}/status").read_text()
            sizes.append(int(status.split("VmRSS:")[1].split()[0]))
        self.assertEqual(self.web3.eth.block_number, 3_000)
        self.assertLess(sizes[2] - sizes[1], 8_192, sizes)

    def test_rollback(self):
        """The newest blocks are taken back, with what was changed and remembered after them."""
        for _ in range(3):
            self.pay(to=STRANGER, value=7)
        self.call("evm_snapshot")
        self.pay(to=STRANGER, value=7)
        self.call("anvil_setBalance", STRANGER, "0x1")
        self.call("anvil_rollback", 2)
        self.assertEqual(
            (self.web3.eth.block_number, self.web3.eth.get_balance(STRANGER)), (2, 14))
        self.assertFalse(self.call("evm_revert", "0x1"))
        self.call("debug_setHead", "0x1")
        self.assertEqual(self.web3.eth.get_balance(STRANGER), 7)
        self.assertEqual(self.pay()["blockNumber"], 2)
        self.call("hardhat_mine", hex(200))
        self.assertIn("cannot be taken back", self.refusal("anvil_rollback", 150))
        self.call("anvil_rollback", 100)
        self.assertEqual(self.web3.eth.block_number, 102)

    def test_dump(self):
        """What one chain dumps another loads: balances, nonces, code and storage."""
        self.call("anvil_setStorageAt", STRANGER, "0x5", "0x" + "07" * 32)
        self.call("anvil_setCode", STRANGER, "0x6001")
        self.call("anvil_addBalance", STRANGER, "0x9")
        self.pay()
        dump = self.call("anvil_dumpState")
        accounts = json.loads(bytes.fromhex(dump[2:]))["accounts"]
        self.assertEqual(accounts[STRANGER.lower()], {
            "nonce": 0, "balance": "0x9", "code": "0x6001",
            "storage": {"0x" + "05".zfill(64): "0x" + "07" * 32}})
        balance = self.web3.eth.get_balance(self.accounts[0])
        self.call("anvil_reset")
        self.assertTrue(self.call("anvil_loadState", dump))
        self.assertEqual(self.web3.eth.get_balance(self.accounts[0]), balance)
        self.assertEqual(self.web3.eth.get_storage_at(STRANGER, 5), b"\7" * 32)
        self.assertEqual(self.web3.eth.get_code(STRANGER), b"\x60\x01")
        self.assertEqual(self.call("anvil_dumpState")[:200], dump[:200])
        self.pay()
        for bad in ("0x1f8b00", "0x00", "0x7b7d"):
            self.assertIn("dump", self.refusal("anvil_loadState", bad))

    def test_settings(self):
        """The next block has the limit and the randomness that were asked for; times are steps."""
        self.call("evm_setBlockGasLimit", hex(30_000_000))
        self.call("hardhat_setPrevRandao", "0x1234")
        self.call("anvil_setBlockTimestampInterval", 100)
        self.call("hardhat_mine", "0x2")
        blocks = [self.web3.eth.get_block(number) for number in range(3)]
        self.assertEqual([block["gasLimit"] for block in blocks],
                         [1 << 24, 30_000_000, 30_000_000])
        self.assertEqual(blocks[1]["mixHash"], (0x1234).to_bytes(32, "big"))
        self.assertEqual([blocks[n + 1]["timestamp"] - blocks[n]["timestamp"] for n in (0, 1)],
                         [100, 100])
        self.call("anvil_removeBlockTimestampInterval")
        info = self.call("anvil_nodeInfo")
        self.assertEqual((info["currentBlockNumber"], info["environment"]["gasLimit"]),
                         ("0x2", hex(30_000_000)))
        self.assertEqual(self.call("hardhat_metadata")["chainId"], 31_337)
        self.assertTrue(self.web3.client_version.endswith("/anvil-compatible"))
        self.call("evm_setAutomine", False)
        for value in (1, 2):
            self.web3.eth.send_transaction(
                {"from": self.accounts[value], "to": STRANGER, "value": value})
        self.call("anvil_removePoolTransactions", self.accounts[1])
        self.assertEqual(self.call("txpool_status")["pending"], "0x1")
        self.call("anvil_dropAllTransactions")
        self.assertEqual(self.call("txpool_status")["pending"], "0x0")

    def test_history(self):
        """With --history=N old blocks are gone, which is said; a later start may keep all again."""
        self.end(self.child)
        self.child = self.up("--history=20")
        self.pay()
        self.call("hardhat_mine", hex(300))
        answer = self.web3.provider.make_request("eth_getBlockByNumber", ["0x1", False])
        self.assertEqual(answer["error"]["code"], 4444)
        self.assertEqual(self.refusal("eth_getLogs", {"fromBlock": "0x0"}),
                         "pruned history unavailable")
        self.assertIn("not kept", self.refusal("eth_getBalance", STRANGER, hex(280)))
        self.assertEqual(self.web3.eth.get_balance(STRANGER, 281), 0)
        self.assertEqual(self.web3.eth.get_block("earliest")["number"], 0)
        url = f"--rpc=http://127.0.0.1:{self.ports}"
        self.assertIn("20: blocks from 45, states from 281", self.done("status", url))
        self.end(self.child)
        self.child = self.up("--history=full")
        self.call("hardhat_mine", hex(200))
        self.assertIn("full: blocks from 45, states from 281", self.done("status", url))

    def test_reset(self):
        """After a reset wallets meet another chain: another number, another first block."""
        old = self.web3.eth.get_block(0)["hash"]
        hash = self.pay()["transactionHash"]
        raw = self.call("debug_getRawTransaction", hash.to_0x_hex())
        self.assertTrue(self.call("anvil_reset"))
        self.assertEqual((self.web3.eth.chain_id, self.web3.eth.block_number), (31_338, 0))
        self.assertNotEqual(self.web3.eth.get_block(0)["hash"], old)
        self.assertIn("chain id", self.refusal("eth_sendRawTransaction", raw))
        self.assertEqual(self.pay()["blockNumber"], 1)

    def test_elsewhere(self):
        """On a chain of several validators, or without the accounts, none of it is there."""
        child, urls = self.start_network("net", 1)
        web3 = Web3(Web3.HTTPProvider(urls[0]))
        self.assertEqual(web3.eth.accounts, [])
        for method in ("evm_mine", "anvil_setBalance", "hardhat_reset", "eth_sendTransaction"):
            parameters = {"evm_mine": [], "hardhat_reset": [], "eth_sendTransaction": [{}]}.get(
                method, [STRANGER, "0x1"])
            self.assertEqual(web3.provider.make_request(method, parameters)["error"]["code"], -32601)
        self.assertEqual(self.end(child), 0)
