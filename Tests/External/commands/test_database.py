"""What an operator does with a node's database: see, compact, check and repair it."""

import json
import resource
import signal
import subprocess
import time

from web3 import Web3

from program import MARTLET, Case, call, free_row, height

STRANGER = "0x" + "ab" * 20


class DatabaseTest(Case):
    """A node's database, while the node is down."""

    def setUp(self):
        super().setUp()
        self.ports = free_row(2)
        self.url = f"http://127.0.0.1:{self.ports}"

    def begin(self, *words):
        """Starts a chain of one node."""
        child = self.start("up", f"--rpc-port={self.ports}", f"--port={self.ports + 1}", *words)
        self.wait(lambda: "Ctrl-C ends" in child.log.read_text(), "not ready", child)
        return child

    def pay(self, count=1):
        """Sends coins to a stranger; returns the last transaction's hash."""
        sender = call(self.url, "eth_accounts")[0]
        for _ in range(count):
            hash = call(self.url, "eth_sendTransaction",
                        {"from": sender, "to": STRANGER, "value": "0x7"})
        return hash

    def mine(self, count):
        """Makes so many blocks, few enough at once."""
        for _ in range(0, count, 50):
            call(self.url, "hardhat_mine", hex(50))

    @property
    def file(self):
        """The file of the database."""
        return self.folder / ".martlet/node-0/data/database/data.mdb"

    def damage(self, after, offset):
        """Turns bits over in the byte so far from wherever these bytes are; says how often."""
        data = bytearray(self.file.read_bytes())
        place, count = data.find(after), 0
        while place >= 0:
            data[place + offset] ^= 0x55
            count += 1
            place = data.find(after, place + 1)
        self.file.write_bytes(data)
        return count

    def test_stats_and_compact(self):
        """Tables are counted; what pruning freed goes back to the disk; the chain is the same."""
        child = self.begin("--history=full")
        call(self.url, "evm_snapshot")
        self.pay(30)
        self.mine(500)
        self.refused(1, "in use by another process", "db", "stats")
        self.end(child)
        child = self.begin("--history=20")
        call(self.url, "evm_revert", "0x1")
        self.mine(600)
        block = call(self.url, "eth_getBlockByNumber", "latest", False)
        self.end(child)
        found = json.loads(self.done("db", "stats", "--json"))
        entries = {part["name"]: part["entries"] for part in found["tables"]}
        self.assertEqual((entries["headers"], entries["bodies"]), (258, 258))
        self.assertGreater(found["freePages"], 0)
        self.assertIn("headers         258 entries", self.done("db", "stats"))
        before = self.file.stat().st_size
        said = self.done("db", "compact")
        after = self.file.stat().st_size
        self.assertEqual(said, f"{before} bytes before, {after} bytes now\n")
        self.assertLess(after, before / 2)
        self.assertIn("looked at 257 blocks up to 600", self.done("db", "check"))
        child = self.begin()
        self.assertEqual(call(self.url, "eth_getBlockByNumber", "latest", False), block)
        self.pay()
        self.end(child)

    def test_interrupted_compact(self):
        """No room, or an end at any moment: the database is as it was, and nothing is left over."""
        child = self.begin()
        self.pay(20)
        self.end(child)
        whole = self.file.read_bytes()

        def bounded():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 14, 1 << 14))

        done = subprocess.run(
            [MARTLET, "db", "compact"], cwd=self.folder, capture_output=True, text=True,
            timeout=60, preexec_fn=bounded, check=False)
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
        self.assertFalse((self.file.parents[1] / "database.new").exists())
        for delay in (0.005, 0.01, 0.02, 0.03):
            process = subprocess.Popen([MARTLET, "db", "compact"], cwd=self.folder,
                                       stdout=subprocess.DEVNULL)
            time.sleep(delay)
            process.kill()
            process.wait()
            self.assertIn("up to 20", self.done("db", "check"))
        self.done("db", "compact")
        self.assertLessEqual(self.file.stat().st_size, len(whole))
        self.assertFalse((self.file.parents[1] / "database.new").exists())

    def test_flipped_index(self):
        """A flipped byte of an index is found, and rebuilt; the old file is kept."""
        child = self.begin()
        hash = self.pay(3)
        block = call(self.url, "eth_getBlockByNumber", "0x2", False)
        self.end(child)
        self.assertIn("up to 3", self.done("db", "check"))
        self.assertGreater(self.damage(bytes.fromhex(hash[2:]), 32 + 11), 0)
        self.assertGreater(self.damage(bytes.fromhex(block["hash"][2:]) + (2).to_bytes(8, "big"),
                                       32 + 7), 0)
        code, out, err = self.run_program("db", "check")
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)
        self.assertIn("transactions: 1 unreadable", out)
        self.assertIn("number of block 2: missing or another (can be rebuilt)", out)
        said = self.done("db", "repair")
        self.assertIn("repaired; the old file is", said)
        kept = self.folder / said.split("the old file is ")[1].strip()
        self.assertTrue(kept.exists())
        self.assertIn("up to 3", self.done("db", "check"))
        self.assertIn("nothing is to be mended", self.done("db", "repair"))
        child = self.begin()
        self.assertEqual(call(self.url, "eth_getTransactionByHash", hash)["blockNumber"], "0x3")
        self.assertEqual(call(self.url, "eth_getBlockByHash", block["hash"], False), block)
        self.pay()
        self.end(child)

    def test_flipped_state(self):
        """A flipped byte of an account: the blocks are executed again, and all is as before."""
        child = self.begin("--nodes=1", "--interval=50", "--idle=100")
        self.done("send", f"--rpc={self.url}", f"--to={STRANGER}", "--value=1",
                  "--key=.martlet/faucet.key")
        self.wait(lambda: height(self.url) > 5, "no blocks", child)
        self.end(child)
        owner = bytes(Web3.keccak(hexstr=STRANGER))
        self.assertGreater(self.damage(owner, 32 + 3), 0)
        code, out, _ = self.run_program("db", "check")
        self.assertEqual(code, 1)
        self.assertIn("accounts: 1 unreadable", out)
        self.assertIn("accounts: their root is not that of block", out)
        self.assertIn("executing the blocks again", self.done("db", "repair"))
        self.assertIn("looked at", self.done("db", "check"))
        child = self.begin()
        self.assertEqual(int(call(self.url, "eth_getBalance", STRANGER, "latest"), 16), 10**18)
        self.end(child)

    def test_flipped_body(self):
        """A flipped byte of a block that nobody else has is told; nothing is thrown away unasked."""
        child = self.begin()
        hash = self.pay(2)
        raw = call(self.url, "debug_getRawTransaction", hash)
        self.end(child)
        self.assertGreater(self.damage(bytes.fromhex(raw[2:]), 20), 0)
        before = self.file.read_bytes()
        self.assertEqual(self.run_program("db", "check")[0], 1)
        code, out, err = self.run_program("db", "repair")
        self.assertEqual(code, 1)
        self.assertIn("body 2: missing", out)
        self.assertIn("nothing was changed", err)
        self.assertEqual(self.file.read_bytes(), before)
        self.assertFalse((self.file.parents[1] / "database.new").exists())

    def test_no_database(self):
        """What is not there is named."""
        self.refused(2, "config", "db", "check")
