"""`martlet key` and `martlet send` on the running network: from a keystore to a receipt."""

import json
import os
import pathlib

from program import Case, call

URLS = os.environ.get("MARTLET_RPC", "").split()


class Send(Case):
    def setUp(self):
        super().setUp()
        if not URLS:
            self.skipTest("no network: run Tests/External/run")
        (self.folder / "password").write_text("owl\n")
        entry = json.loads(self.done(
            "key", "create", "--password-file=password", "--light", "--json"))
        self.account = entry["address"]
        self.key = [f"--key={entry['file']}", "--password-file=password"]
        self.faucet = pathlib.Path(os.environ["MARTLET_DIR"]) / "faucet.key"

    def send(self, *words, node=0):
        return ["send", *words, f"--rpc={URLS[node]}"]

    def balance(self, account, node=0):
        return int(call(URLS[node], "eth_getBalance", account, "latest"), 16)

    def test_transfer(self):
        """Coins go from the faucet to a keystore's account, and on from there."""
        said = self.done(*self.send(
            f"--to={self.account}", "--value=5.5", f"--key={self.faucet}", node=1))
        self.assertRegex(said, r"^0x[0-9a-f]{64} is final in block \d+, 21000 gas\n$")
        self.assertEqual(self.balance(self.account), 55 * 10**17)
        to = "0x" + os.urandom(20).hex()
        receipt = json.loads(self.done(*self.send(
            f"--to={to}", "--value=0.000000000000000001", "--json", *self.key)))
        self.assertEqual((receipt["status"], receipt["from"]), ("0x1", self.account))
        self.assertEqual(self.balance(to), 1)
        hash = json.loads(self.done(*self.send(
            f"--to={to}", "--no-wait", "--json", *self.key)))["transactionHash"]
        self.wait(lambda: call(URLS[2], "eth_getTransactionReceipt", hash), "never final")

    def test_contract(self):
        """A contract is made and called; what reverts is told with code 1."""
        self.done(*self.send(f"--to={self.account}", "--value=1", f"--key={self.faucet}"))
        said = self.done(*self.send("--data=0x60fe60005360016000f3", *self.key))
        address = said.splitlines()[1].removeprefix("contract ")
        self.assertEqual(call(URLS[0], "eth_getCode", address, "latest"), "0xfe")
        self.refused(1, "invalid instruction", *self.send(f"--to={address}", *self.key))
        code, out, err = self.run_program(
            *self.send(f"--to={address}", "--gas=50000", *self.key))
        self.assertEqual(code, 1)
        self.assertIn("reverted in block", out)
        self.assertIn("was reverted", err)

    def test_refusals(self):
        """What is wrong is said before or by the node, in one line."""
        to = "--to=0x" + "22" * 20
        (self.folder / "wrong").write_text("cat\n")
        self.refused(1, "insufficient funds", *self.send(to, "--value=1", *self.key))
        self.refused(1, "wrong password", *self.send(
            to, self.key[0], "--password-file=wrong"))
        self.refused(1, "no terminal to ask on", *self.send(to, self.key[0]))
        self.refused(1, "cannot reach 127.0.0.1 port 1", "send", to, *self.key,
                     "--rpc=http://127.0.0.1:1")
        self.done(*self.send(f"--to={self.account}", "--value=1", f"--key={self.faucet}"))
        self.refused(1, "intrinsic gas too low", *self.send(to, "--gas=1000", *self.key))
        self.refused(1, "insufficient funds", *self.send(to, "--tip=9" + "0" * 17, *self.key))
        self.refused(1, "is not final after 1 s", *self.send(
            to, "--nonce=7", "--seconds=1", *self.key))
        self.done(*self.send(to, *self.key))
        self.refused(1, "nonce too low", *self.send(to, "--nonce=0", *self.key))
