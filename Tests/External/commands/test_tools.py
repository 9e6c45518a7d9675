"""The tools of fillers, `evm t8n` and `evm b11r`, as those call them: by files and by streams."""

import json
import pathlib
import subprocess
import unittest

import rlp
from eth_account import Account

from program import Case

ARCHIVE = pathlib.Path("../shared/conformance/ethereum/01-eest-v5.4.0/blockchain_tests.tar.zst")

KEY = "0x" + "45" * 32
RICH = Account.from_key(KEY).address.lower()
OTHER = "0x" + "0b" * 20
MAKER = "0x" + "0c" * 20

# What a block's maker was paid, in thousandths of ether, until the merge.
REWARDS = {"Frontier": 5000, "Homestead": 5000, "EIP150": 5000, "EIP158": 5000, "Byzantium": 3000}
REWARDS |= dict.fromkeys(
    ("Constantinople", "ConstantinopleFix", "Istanbul", "Berlin", "London"), 2000)


def transfer(nonce, **fields):
    """A transfer that is not signed yet, as fillers write it."""
    return {
        "nonce": hex(nonce), "gas": "0x5208", "gasPrice": "0x10", "value": "0x7", "input": "0x",
        "to": OTHER, "v": "0x0", "r": "0x0", "s": "0x0", "secretKey": KEY, **fields}


class Transition(Case):
    """`evm t8n`, with a state, a block and transactions made by hand."""

    ALLOC = {RICH: {"balance": "0xde0b6b3a7640000", "nonce": "0x0"}}
    ENV = {
        "currentCoinbase": MAKER, "currentNumber": "0x1", "currentTimestamp": "0x3e8",
        "currentGasLimit": "0x1c9c380", "currentBaseFee": "0x7", "currentRandom": "0x0",
        "withdrawals": []}

    def run_files(self, *words):
        """Runs the command on files of the usual names in the test's folder."""
        return self.done("evm", "t8n", *words)

    def write(self, txs, env=None, alloc=None):
        for name, value in (("alloc", alloc or self.ALLOC), ("env", env or self.ENV), ("txs", txs)):
            (self.folder / f"{name}.json").write_text(json.dumps(value))

    def read(self, path):
        return json.loads((self.folder / path).read_text())

    def test_files(self):
        """From files to files, by the names that geth takes when none are given."""
        self.write([transfer(0), transfer(2), transfer(1), transfer(1)])
        self.run_files("--state.fork=Shanghai", "--output.body=body.rlp")
        alloc, result = self.read("alloc.json"), self.read("result.json")
        self.assertEqual(alloc[OTHER]["balance"], "0xe")
        self.assertEqual(int(alloc[RICH]["nonce"], 16), 2)
        self.assertEqual(int(alloc[MAKER]["balance"], 16), 2 * 21_000 * (16 - 7))
        self.assertEqual([one["index"] for one in result["rejected"]], [1, 3])
        self.assertEqual(result["gasUsed"], hex(42_000))
        self.assertEqual(result["currentBaseFee"], "0x7")
        self.assertIsNone(result["currentDifficulty"])
        receipts = result["receipts"]
        self.assertEqual([one["status"] for one in receipts], ["0x1", "0x1"])
        self.assertEqual([one["gasUsed"] for one in receipts], ["0x5208", "0x5208"])
        body = rlp.decode(bytes.fromhex(self.read("body.rlp")[2:]))
        self.assertEqual(len(body), 2)
        signed = [Account.recover_transaction(rlp.encode(one)).lower() for one in body]
        self.assertEqual(signed, [RICH, RICH])

    def test_words(self):
        """An option's value may be the next word, be it a negative number; folders are made use of."""
        self.write([transfer(0)])
        (self.folder / "out").mkdir()
        self.run_files(
            "--state.fork", "London", "--state.chainid", "1", "--state.reward", "-1",
            "--input.alloc", "alloc.json", "--input.env", "env.json", "--input.txs", "txs.json",
            "--output.basedir", "out", "--output.result", "r.json", "--output.alloc", "a.json",
            "--output.body", "b.txt")
        self.assertEqual(self.read("out/a.json")[OTHER]["balance"], "0x7")
        self.assertNotIn("withdrawalsRoot", self.read("out/r.json"))
        self.assertTrue(self.read("out/b.txt").startswith("0x"))
        self.refused(2, "needs a value", "evm", "t8n", "--state.fork")
        self.refused(1, "unknown fork Foo", "evm", "t8n", "--state.fork", "Foo")

    def stream(self, given, *words):
        """Runs the command with all from standard input, and all to standard output."""
        streams = ("--input.alloc=stdin", "--input.env=stdin", "--input.txs=stdin",
                   "--output.alloc=stdout", "--output.result=stdout", "--output.body=stdout")
        return json.loads(self.done("evm", "t8n", *streams, *words, stdin=json.dumps(given)))

    def test_streams(self):
        """From one object to one object; the body goes in again as RLP, and gives the same."""
        given = {"alloc": self.ALLOC, "env": self.ENV, "txs": [transfer(0), transfer(1)]}
        first = self.stream(given, "--state.fork=Cancun")
        self.assertEqual(set(first), {"alloc", "result", "body"})
        again = dict(given, txsRlp=first["body"])
        del again["txs"]
        self.assertEqual(self.stream(again, "--state.fork=Cancun"), first)

    def test_reward(self):
        """The maker is paid, and the makers of ommers, unless the reward is -1."""
        env = dict(self.ENV, currentDifficulty="0x20000", ommers=[
            {"delta": "0x1", "address": OTHER}])
        given = {"alloc": self.ALLOC, "env": env, "txs": []}
        paid = self.stream(given, "--state.fork=Homestead", "--state.reward=3200")["alloc"]
        self.assertEqual(int(paid[MAKER]["balance"], 16), 3300)
        self.assertEqual(int(paid[OTHER]["balance"], 16), 2800)
        # Before EIP-158 a payment of nothing leaves an empty account behind.
        touched = self.stream(given, "--state.fork=Homestead", "--state.reward=0")["alloc"]
        self.assertEqual(set(touched), {RICH, MAKER, OTHER})
        untouched = self.stream(given, "--state.fork=Homestead", "--state.reward=-1")["alloc"]
        self.assertEqual(set(untouched), {RICH})

    def test_missing_parts(self):
        """What the block's environment does not say follows from its parent."""
        env = dict(self.ENV, parentBaseFee="0x10", parentGasUsed="0xe4e1c0",
                   parentGasLimit="0x1c9c380", parentTimestamp="0x3e0", parentDifficulty="0x20000",
                   parentExcessBlobGas="0x80000", parentBlobGasUsed="0x20000")
        del env["currentBaseFee"]
        given = {"alloc": self.ALLOC, "env": env, "txs": []}
        result = self.stream(given, "--state.fork=Cancun")["result"]
        self.assertEqual(result["currentBaseFee"], "0x10")
        self.assertEqual(result["currentExcessBlobGas"], hex(0x80000 + 0x20000 - 0x60000))
        result = self.stream(given, "--state.fork=GrayGlacier")["result"]
        self.assertEqual(result["currentDifficulty"], "0x20040")
        del env["currentRandom"]
        self.refused(1, "currentRandom", "evm", "t8n", "--input.alloc=stdin", "--input.env=stdin",
                     "--input.txs=stdin", "--state.fork=Cancun", stdin=json.dumps(given))


@unittest.skipUnless(ARCHIVE.exists(), f"no {ARCHIVE}: official chains are not filled again")
class Chains(Case):
    """Official chains, filled again block by block: the same roots, and the same bytes."""

    FOLDERS = ("homestead", "berlin", "shanghai/eip4895_withdrawals", "cancun/eip7516_blobgasfee",
               "prague/eip7002_el_triggerable_withdrawals", "osaka/eip7939_count_leading_zeros")

    def setUp(self):
        super().setUp()
        members = [f"blockchain_tests/{name}" for name in self.FOLDERS]
        subprocess.run(["tar", "--zstd", "-xf", ARCHIVE.resolve(), "-C", self.folder, *members],
                       check=True)

    def chains(self):
        """Of each fork, one chain of each folder: none that a block is refused in."""
        for name in self.FOLDERS:
            seen = set()
            for path in sorted((self.folder / "blockchain_tests" / name).rglob("*.json")):
                for test in json.loads(path.read_text()).values():
                    blocks = test["blocks"]
                    if test["network"] in seen or any("expectException" in one for one in blocks):
                        continue
                    seen.add(test["network"])
                    yield test

    def test_filled_again(self):
        count = 0
        networks = set()
        for test in self.chains():
            if "At" in test["network"]:
                continue
            with self.subTest(network=test["network"]):
                count += self.fill(test)
                networks.add(test["network"])
        self.assertGreaterEqual(len(networks), 8)
        self.assertGreaterEqual(count, 12)

    def fill(self, test):
        """Fills a chain; returns how many blocks there were."""
        alloc = test["pre"]
        hashes = {0: test["genesisBlockHeader"]["hash"]}
        reward = REWARDS.get(test["network"], 0) * 10**15 or -1
        for block in test["blocks"]:
            header = block["blockHeader"]
            raw = rlp.decode(bytes.fromhex(block["rlp"][2:]))
            body = "0x" + rlp.encode(raw[1]).hex()
            given = {"alloc": alloc, "env": self.environment(header, block, hashes), "txsRlp": body}
            found = json.loads(self.done(
                "evm", "t8n", "--input.alloc=stdin", "--input.env=stdin", "--input.txs=stdin",
                "--output.alloc=stdout", "--output.result=stdout", "--output.body=stdout",
                f"--state.fork={test['network']}", f"--state.reward={reward}",
                stdin=json.dumps(given)))
            self.compare(found, header, body)
            self.assemble(header, block, body)
            alloc = found["alloc"]
            hashes[int(header["number"], 16)] = header["hash"]
        return len(test["blocks"])

    @staticmethod
    def environment(header, block, hashes):
        env = {
            "currentCoinbase": header["coinbase"], "currentNumber": header["number"],
            "currentTimestamp": header["timestamp"], "currentGasLimit": header["gasLimit"],
            "currentDifficulty": header["difficulty"], "currentRandom": header["mixHash"],
            "blockHashes": {str(number): name for number, name in hashes.items()}}
        for mine, theirs in (("currentBaseFee", "baseFeePerGas"),
                             ("currentExcessBlobGas", "excessBlobGas"),
                             ("parentBeaconBlockRoot", "parentBeaconBlockRoot")):
            if theirs in header:
                env[mine] = header[theirs]
        if "withdrawals" in block:
            env["withdrawals"] = block["withdrawals"]
        return env

    def compare(self, found, header, body):
        result = found["result"]
        self.assertEqual(found["body"], body)
        self.assertNotIn("rejected", result)
        for mine, theirs in (("stateRoot", "stateRoot"), ("txRoot", "transactionsTrie"),
                             ("receiptsRoot", "receiptTrie"), ("logsBloom", "bloom"),
                             ("withdrawalsRoot", "withdrawalsRoot"),
                             ("requestsHash", "requestsHash")):
            self.assertEqual(result.get(mine), header.get(theirs), mine)
        for mine, theirs in (("gasUsed", "gasUsed"), ("blobGasUsed", "blobGasUsed"),
                             ("currentExcessBlobGas", "excessBlobGas"),
                             ("currentBaseFee", "baseFeePerGas")):
            self.assertEqual(int(result.get(mine, "0x0"), 16), int(header.get(theirs, "0x0"), 16))

    def assemble(self, header, block, body):
        """`evm b11r` makes the block of its parts, to the byte."""
        names = {"uncleHash": "sha3Uncles", "coinbase": "miner", "receiptTrie": "receiptsRoot",
                 "transactionsTrie": "transactionsRoot", "bloom": "logsBloom"}
        fields = {names.get(name, name): value for name, value in header.items() if name != "hash"}
        given = {"header": fields, "txs": body, "ommers": []}
        words = ["--input.header=stdin", "--input.txs=stdin", "--input.ommers=stdin"]
        if "withdrawals" in block:
            given["withdrawals"] = block["withdrawals"]
            words.append("--input.withdrawals=stdin")
        found = json.loads(self.done(
            "evm", "b11r", *words, "--output.block=stdout", stdin=json.dumps(given)))
        self.assertEqual(found, {"rlp": block["rlp"], "hash": header["hash"]})


class Assembly(Case):
    def test_files(self):
        """From files to a file, with ommers; what the header leaves out follows from the body."""
        header = {"number": "0x1", "gasLimit": "0x1c9c380", "timestamp": "0x9",
                  "stateRoot": "0x" + "00" * 32}
        (self.folder / "header.json").write_text(json.dumps(header))
        (self.folder / "txs.rlp").write_text('"0xc0"')
        self.done("evm", "b11r")
        first = json.loads((self.folder / "block.json").read_text())
        (self.folder / "ommers.json").write_text(json.dumps([first["rlp"]]))
        self.done("evm", "b11r", "--input.ommers", "ommers.json", "--output.block", "second.json")
        second = json.loads((self.folder / "second.json").read_text())
        raw = rlp.decode(bytes.fromhex(second["rlp"][2:]))
        self.assertEqual(raw[2], [rlp.decode(bytes.fromhex(first["rlp"][2:]))[0]])
        self.assertNotEqual(first["hash"], second["hash"])
        self.refused(1, "cannot open", "evm", "b11r", "--input.header", "nowhere.json")
