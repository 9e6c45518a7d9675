"""The index behind /api: what it tells, that its description is true, and that it cannot be lost."""

import json
import os
import pathlib
import re
import signal
import sys
import time
import unittest
import urllib.error
import urllib.request

from web3 import Web3

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "commands"))
from program import Case, free_row  # noqa: E402  (the folder beside this one)

DOLLAR = json.loads((HERE.parents[2] / "contracts/build/Dollar.json").read_text())


def disagreement(value, schema, root, place="answer"):
    """Where a value is not what a schema says; None if it is: the words that the description uses."""
    if "$ref" in schema:
        return disagreement(value, root["components"]["schemas"][schema["$ref"].split("/")[-1]], root, place)
    if "anyOf" in schema:
        found = [disagreement(value, each, root, place) for each in schema["anyOf"]]
        return None if None in found else found[0]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    unknown = set(schema) - {"type", "pattern", "items", "properties", "required", "additionalProperties"}
    assert not unknown, f"{place}: the description says {unknown}"
    if "type" in schema and type(value) is not kinds[schema["type"]]:
        return f"{place}: {value!r} is no {schema['type']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{place}: {value!r} is not {schema['pattern']}"
    if isinstance(value, list):
        parts = [(f"{place}[{index}]", each, schema.get("items", {})) for index, each in enumerate(value)]
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties", {})
        missing = set(schema.get("required", [])) - set(value)
        if missing or (rest is False and set(value) - set(known)):
            return f"{place}: members {sorted(value)}, expected {sorted(known)}"
        parts = [(f"{place}.{name}", each, known.get(name, rest)) for name, each in value.items()]
    else:
        parts = []
    for name, each, inner in parts:
        found = disagreement(each, inner, root, name)
        if found:
            return found
    return None


class IndexTest(Case):
    """A development chain with a token that some have."""

    def setUp(self):
        super().setUp()
        self.port = free_row(2)
        self.up()
        self.accounts = self.web3.eth.accounts
        maker = self.web3.eth.contract(abi=DOLLAR["abi"], bytecode=DOLLAR["bytecode"])
        made = self.mined(maker.constructor().transact({"from": self.accounts[0]}))
        self.token = self.web3.eth.contract(address=made["contractAddress"], abi=DOLLAR["abi"])
        self.mined(self.token.functions.mint(self.accounts[1], 1_000).transact({"from": self.accounts[0]}))
        self.give(2, 100)
        self.give(3, 50)
        self.last = self.mined(self.web3.eth.send_transaction(
            {"from": self.accounts[4], "to": self.accounts[5], "value": 7}))

    def up(self, *words):
        self.child = self.start("up", f"--rpc-port={self.port}", f"--port={self.port + 1}", *words)
        self.wait(lambda: "Ctrl-C ends" in self.child.log.read_text(), "not ready", self.child)
        self.web3 = Web3(Web3.HTTPProvider(f"http://127.0.0.1:{self.port}"))

    def mined(self, hash):
        return self.web3.eth.wait_for_transaction_receipt(hash, poll_latency=0.02)

    def give(self, to, amount):
        return self.mined(self.token.functions.transfer(
            self.accounts[to], amount).transact({"from": self.accounts[1]}))

    def get(self, path, method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def settle(self):
        """Waits until the index is where the chain is."""
        def is_there():
            told = self.get("status")[1]
            newest = self.web3.eth.get_block("latest")
            return (told["index"]["behind"], told["head"]["hash"]) == (0, newest["hash"].to_0x_hex())
        self.wait(is_there, "the index does not follow")
        # A chain that went back may have as many blocks as before.
        self.wait(lambda: self.get("transactions?limit=1")[1]["indexed"] == self.web3.eth.block_number,
                  "the index does not follow")

    def balances(self):
        self.settle()
        holders = self.get(f"tokens/{self.token.address}/holders")[1]["items"]
        return {Web3.to_checksum_address(each["holder"]): int(each["amount"]) for each in holders}

    def expected(self):
        found = {each: self.token.functions.balanceOf(each).call() for each in self.accounts}
        return {each: amount for each, amount in found.items() if amount}

    def everything(self):
        """All that the index tells, to be compared."""
        self.settle()
        address = self.accounts[1]
        paths = ["transactions", "tokens", "contracts", "events", f"addresses/{address}/transactions",
                 f"addresses/{address}/transfers", f"addresses/{address}/tokens",
                 f"tokens/{self.token.address}/holders", f"tokens/{self.token.address}/transfers"]
        return {path: self.get(f"{path}?limit=100") for path in paths}

    def node(self):
        return int((self.folder / ".martlet/node-0/process").read_text())

    def file(self):
        return self.folder / ".martlet/node-0/data/index.sqlite"

    def test_agreement(self):
        """What the index adds up is what the contract tells."""
        self.assertEqual(self.balances(), self.expected())
        token = self.get(f"tokens/{self.token.address}")[1]
        self.assertEqual((token["name"], token["symbol"], token["decimals"]), ("Martlet Dollar", "MUSD", 6))
        self.assertEqual((int(token["supply"]), token["holders"]), (1_000, 3))
        contract = self.get(f"addresses/{self.token.address}")[1]
        self.assertEqual(Web3.to_checksum_address(contract["creator"]), self.accounts[0])
        logs = self.web3.eth.get_logs({"fromBlock": 0, "address": self.token.address})
        events = self.get(f"events?contract={self.token.address}&limit=100")[1]["items"]
        self.assertEqual([each["data"] for each in events], [log["data"].to_0x_hex() for log in reversed(logs)])
        paid = self.get(f"transactions/{self.last['transactionHash'].to_0x_hex()}")[1]
        self.assertEqual(int(paid["fee"]), self.last["gasUsed"] * self.last["effectiveGasPrice"])
        found = self.get("search?q=musd")[1]["results"]
        self.assertEqual([Web3.to_checksum_address(each["value"]) for each in found], [self.token.address])

    def test_description(self):
        """Every path of the description is there, and answers what it says."""
        self.settle()
        document = self.get("openapi.json")[1]
        self.assertEqual(document["openapi"], "3.1.0")
        values = {
            "address": self.token.address, "hash": self.give(6, 1)["transactionHash"].to_0x_hex(),
            "block": "2", "contract": self.token.address, "q": "dollar", "from": "0", "to": "100",
            "limit": "2", "topic0": Web3.keccak(text="Transfer(address,address,uint256)").to_0x_hex(),
            "topic1": "0x" + self.accounts[1][2:].lower().rjust(64, "0"),
            "topic2": "0x" + self.accounts[2][2:].lower().rjust(64, "0"), "topic3": None, "cursor": None,
        }
        self.settle()
        others = []
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if method != "get":
                    others.append((method, path))
                    continue
                with self.subTest(path=path):
                    self.drive(document, path, operation, values)
        # What is posted is driven by test_sources.
        self.assertEqual(others, [("post", "/api/contracts/{address}/source")])

    def drive(self, document, path, operation, values):
        query = []
        for parameter in operation["parameters"]:
            name, value = parameter["name"], values[parameter["name"]]
            if parameter["in"] == "path":
                path = path.replace("{" + name + "}", value)
            elif value:
                query.append(f"{name}={value}")
        target = path.removeprefix("/api/") + ("?" + "&".join(query) if query else "")
        for _ in range(3):
            status, answer = self.get(target)
            self.assertEqual(status, 200, answer)
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            self.assertIsNone(disagreement(answer, schema, document))
            if not isinstance(answer, dict) or not answer.get("next"):
                break
            joint = "&" if query else "?"
            target = f"{target.split('&cursor=')[0]}{joint}cursor={answer['next']}"
        wrong = path.removeprefix("/api/") + "?nonsense=1"
        status, answer = self.get(wrong)
        self.assertEqual((status, answer["error"]["code"]), (400, "invalid"))

    def test_refusals(self):
        """What cannot be answered is refused with a status and a word."""
        for path, status, code in [
            ("nothing", 404, "not_found"), ("blocks/99999", 404, "not_found"),
            ("blocks/x", 400, "invalid"), ("transactions/0x" + "ab" * 32, 404, "not_found"),
            (f"tokens/{self.accounts[0]}", 404, "not_found"), ("transactions?limit=1000", 400, "invalid"),
            ("transactions?cursor=0x00", 400, "invalid"),
        ]:
            with self.subTest(path=path):
                found, answer = self.get(path)
                self.assertEqual((found, answer["error"]["code"]), (status, code))

    def test_going_back(self):
        """A snapshot that is gone back to, and a chain that begins anew, take the index along."""
        before = self.everything()
        snapshot = self.web3.provider.make_request("evm_snapshot", [])["result"]
        self.give(7, 5)
        self.give(8, 6)
        self.assertEqual(self.balances(), self.expected())
        self.web3.provider.make_request("evm_revert", [snapshot])
        self.assertEqual(self.everything(), before)
        self.give(9, 1)
        self.assertEqual(self.balances(), self.expected())
        self.web3.provider.make_request("anvil_reset", [])
        self.settle()
        self.assertEqual(self.get("transactions")[1]["items"], [])
        self.assertEqual(self.get("tokens")[1]["items"], [])

    def restart(self, damage):
        """Kills node and supervisor, does something to the index, and starts again."""
        os.kill(self.node(), signal.SIGKILL)
        self.child.kill()
        self.child.wait()
        damage()
        self.up()

    def test_kill(self):
        """After a kill in the middle of work the index has all that the chain has."""
        for _ in range(3):
            for index in range(20):
                self.token.functions.transfer(self.accounts[2 + index % 5], 1).transact({"from": self.accounts[1]})
            self.restart(lambda: None)
            self.assertEqual(self.balances(), self.expected())

    def test_loss(self):
        """A file that is gone, no database, or has a byte turned over is made again."""
        before = self.everything()

        def remove():
            for path in self.file().parent.glob("index.sqlite*"):
                path.unlink()

        def overwrite():
            remove()
            self.file().write_bytes(b"not a database, but quite long enough to look like one" * 100)

        def turn():
            path = self.file()
            data = bytearray(path.read_bytes())
            for page in range(0, len(data), 4096):
                data[page + 2_000] ^= 0x40
            path.write_bytes(data)

        def stop_and_turn():
            # What is in the log comes into the file when the node ends in order.
            self.up()
            self.everything()
            self.end(self.child)
            turn()

        for damage in [remove, overwrite, stop_and_turn]:
            with self.subTest(damage=damage.__name__):
                self.restart(damage)
                self.assertEqual(self.everything(), before)
        log = (self.folder / ".martlet/node-0/log.txt").read_text()
        self.assertEqual(log.count("damaged, made again"), 2)

    def test_off(self):
        """A node without an index says so, and tells what the chain itself tells."""
        self.end(self.child)
        config = self.folder / ".martlet/node-0/config"
        config.write_text(config.read_text().replace("index = on", "index = off"))
        self.up()
        status, answer = self.get("transactions")
        self.assertEqual((status, answer["error"]["code"]), (503, "no_index"))
        self.assertFalse(self.get("status")[1]["index"]["kept"])
        for path in ["blocks", "blocks/2/transactions", f"addresses/{self.accounts[0]}",
                     f"transactions/{self.last['transactionHash'].to_0x_hex()}", "search?q=2"]:
            with self.subTest(path=path):
                self.assertEqual(self.get(path)[0], 200)
        self.assertEqual(self.web3.eth.block_number, self.last["blockNumber"])


if __name__ == "__main__":
    unittest.main()
