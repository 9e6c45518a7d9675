"""Verified sources: compiled again by the node, compared with the code, and kept."""

import json
import os
import signal
import stat
import sys
import unittest
import urllib.error
import urllib.request

from web3 import Web3

from test_index import Case, disagreement, free_row

SOURCE = """# pragma version ^0.4.0
OWNER: immutable(address)
LIMIT: immutable(uint256)
total: public(uint256)

event Added:
    who: indexed(address)
    amount: uint256

@deploy
def __init__(limit: uint256):
    OWNER = msg.sender
    LIMIT = limit

@external
@view
def limit() -> uint256:
    return LIMIT

@external
def add(amount: uint256):
    assert self.total + amount <= LIMIT, "above the limit"
    self.total += amount
    log Added(who=msg.sender, amount=amount)
"""


def compiled(source):
    """What the tests' own compiler makes of a source."""
    import vyper
    return vyper.compile_code(source, output_formats=["abi", "bytecode"])


class SourceTest(Case):
    """A development chain whose node has a compiler."""

    def setUp(self):
        super().setUp()
        self.compiler = self.script("vyper", f'exec {sys.executable} -c "import sys; '
                                    'from vyper.cli.vyper_compile import _parse_cli_args; '
                                    'sys.argv[0] = \'vyper\'; sys.exit(_parse_cli_args())" "$@"')
        self.port = free_row(2)
        self.up(self.compiler)

    def script(self, name, text):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def up(self, compiler):
        """Starts the chain, its node with a compiler."""
        self.child = self.start("up", f"--rpc-port={self.port}", f"--port={self.port + 1}")
        self.wait(lambda: "Ctrl-C ends" in self.child.log.read_text(), "not ready", self.child)
        config = self.folder / ".martlet/node-0/config"
        if f"vyper = {compiler}\n" not in config.read_text():
            self.end(self.child)
            lines = [line for line in config.read_text().splitlines() if not line.startswith("vyper =")]
            config.write_text("\n".join([*lines, f"vyper = {compiler}", ""]))
            return self.up(compiler)
        self.web3 = Web3(Web3.HTTPProvider(f"http://127.0.0.1:{self.port}"))

    def deploy(self, source, *arguments):
        made = compiled(source)
        contract = self.web3.eth.contract(abi=made["abi"], bytecode=made["bytecode"])
        hash = contract.constructor(*arguments).transact({"from": self.web3.eth.accounts[0]})
        return self.web3.eth.wait_for_transaction_receipt(hash)["contractAddress"]

    def ask(self, path, body=None, headers=()):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}", data,
            {"content-type": "application/json", **dict(headers)})
        try:
            with urllib.request.urlopen(request, timeout=90) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text.startswith(b"{") else text

    def test_verified(self):
        """A source that is the contract's is kept, over a kill; its immutables may be anything."""
        address = self.deploy(SOURCE, 100)
        status, before = self.ask(f"contracts/{address}")
        self.assertEqual((status, before["verified"]), (200, None))
        self.assertTrue(before["compiler"].startswith("vyper 0.4"), before)
        status, told = self.ask(f"contracts/{address}/source", {"name": "Purse.vy", "source": SOURCE})
        self.assertEqual(status, 200, told)
        self.assertEqual(told["verified"]["name"], "Purse")
        self.assertEqual(told["verified"]["immutables"], 64)
        self.assertEqual(told["verified"]["sources"], [{"name": "Purse.vy", "content": SOURCE}])
        document = self.ask("openapi.json")[1]
        shape = document["paths"]["/api/contracts/{address}/source"]["post"]["responses"]["200"]
        self.assertIsNone(disagreement(told, shape["content"]["application/json"]["schema"], document))
        os.kill(int((self.folder / ".martlet/node-0/process").read_text()), signal.SIGKILL)
        self.child.kill()
        self.child.wait()
        self.up(self.compiler)
        kept = self.ask(f"contracts/{address}")[1]
        self.assertEqual(kept["verified"], told["verified"])
        self.assertEqual(self.ask(f"addresses/{address}")[1]["verified"], "Purse")
        self.assertEqual(self.ask("search?q=purse")[1]["results"][0]["value"], address.lower())
        # The whole of a compiler's input does as well, and another limit is the same source.
        other = self.deploy(SOURCE, 7)
        given = {"language": "Vyper", "sources": {"a/Purse.vy": {"content": SOURCE}}, "settings": {}}
        self.assertEqual(self.ask(f"contracts/{other}/source", {"input": given})[0], 200)

    def test_mismatched(self):
        """What is not the contract's source is refused with the reason, and not kept."""
        address = self.deploy(SOURCE, 100)
        path = f"contracts/{address}/source"
        for body, status, code, words in [
            ({"source": SOURCE.replace("<= LIMIT", "< LIMIT")}, 422, "mismatch", "byte"),
            ({"source": SOURCE + "\n@external\ndef more():\n    pass\n"}, 422, "mismatch", ""),
            ({"source": "def ("}, 422, "mismatch", ""),
            ({"source": SOURCE, "settings": {"optimize": "none"}}, 422, "mismatch", "byte"),
            ({"source": SOURCE, "settings": {"evmVersion": "../../x"}}, 422, "mismatch", ""),
            ({"source": SOURCE, "name": "/etc/passwd"}, 400, "invalid", "name"),
            ({"source": 1}, 400, "invalid", ""), ({}, 400, "invalid", ""), ([], 400, "invalid", ""),
            ({"source": SOURCE, "input": {"sources": {"a.vy": {"content": ""}}}}, 400, "invalid", ""),
        ]:
            with self.subTest(body=str(body)[-60:]):
                found, answer = self.ask(path, body)
                self.assertEqual((found, answer["error"]["code"]), (status, code), answer)
                self.assertIn(words, answer["error"]["message"])
        self.assertIsNone(self.ask(f"contracts/{address}")[1]["verified"])
        nobody = "0x" + "77" * 20
        self.assertEqual(self.ask(f"contracts/{nobody}/source", {"source": SOURCE})[0], 404)
        self.assertEqual(self.ask(path, {"source": "#" * (1 << 20)})[0], 413)
        stranger = [("origin", "http://stranger.example")]
        self.assertEqual(self.ask(path, {"source": SOURCE}, stranger)[0], 403)

    def test_gone(self):
        """A contract that is another one after the chain began anew is not verified any more."""
        address = self.deploy(SOURCE, 100)
        snapshot = self.web3.provider.make_request("evm_snapshot", [])["result"]
        second = self.deploy(SOURCE, 5)
        self.assertEqual(self.ask(f"contracts/{second}/source", {"source": SOURCE})[0], 200)
        self.web3.provider.make_request("evm_revert", [snapshot])
        self.assertIsNone(self.ask(f"contracts/{second}")[1]["verified"])
        again = self.deploy(SOURCE.replace("<= LIMIT", "< LIMIT"), 5)
        self.assertEqual(again, second)
        self.assertIsNone(self.ask(f"contracts/{second}")[1]["verified"])
        self.assertEqual(self.ask(f"contracts/{address}")[1]["code"], len(self.web3.eth.get_code(address)))

    def test_compilers(self):
        """A compiler that is not there, fails, floods or answers nonsense harms nobody."""
        address = self.deploy(SOURCE, 100)
        for name, text, status, code in [
            ("missing", None, 503, "no_compiler"),
            ("failing", "echo no such thing >&2; exit 3", 422, "mismatch"),
            ("flooding", "yes", 422, "mismatch"),
            ("babbling", "echo '{\"contracts\": {\"a\": {\"b\": {\"evm\": 7}}}}'", 422, "mismatch"),
            ("greedy", "exec tail /dev/zero", 422, "mismatch"),
        ]:
            path = self.folder / name
            if text:
                self.script(name, text)
            with self.subTest(compiler=name):
                self.end(self.child)
                self.up(path)
                found, answer = self.ask(f"contracts/{address}/source", {"source": SOURCE})
                self.assertEqual((found, answer["error"]["code"]), (status, code), answer)
                self.assertEqual(self.web3.eth.block_number, 1)
        self.assertIsNone(self.ask(f"contracts/{address}")[1]["verified"])


if __name__ == "__main__":
    unittest.main()
