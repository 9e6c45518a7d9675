"""A node without a validator's key: it follows, serves, catches up, and never votes."""

import os
import pathlib
import signal

from program import Case, call, free_row, height

URLS = os.environ.get("MARTLET_RPC", "").split()


class Follower(Case):
    def setUp(self):
        super().setUp()
        if not URLS:
            self.skipTest("no network: run Tests/External/run")
        network = pathlib.Path(os.environ["MARTLET_DIR"])
        self.faucet = network / "faucet.key"
        (self.folder / "node.key").write_text(os.urandom(32).hex())
        links = [line.removeprefix("peers = ") for node in (0, 1)
                 for line in (network / f"node-{node}/config").read_text().splitlines()
                 if line.startswith("peers = ")]
        peers = sorted({peer for line in links for peer in line.split(",")})
        first = free_row(2)
        self.url = f"http://127.0.0.1:{first + 1}"
        (self.folder / "config").write_text(
            f"genesis = {network}/genesis.json\nlisten = 127.0.0.1:{first}\n"
            f"rpc = 127.0.0.1:{first + 1}\npeers = {','.join(peers)}\n")

    def follow(self):
        child = self.start("node", "--config=config")
        self.wait(lambda: height(self.url) >= 0, "does not serve", child)
        return child

    def send(self, url):
        to = "0x" + os.urandom(20).hex()
        self.done("send", f"--to={to}", "--value=1", f"--key={self.faucet}", f"--rpc={url}")
        return to

    def caught_up(self, child):
        head = height(URLS[0])
        self.wait(lambda: height(self.url) >= head, f"does not reach height {head}", child)
        mine, theirs = (call(url, "eth_getBlockByNumber", hex(head), False)
                        for url in (self.url, URLS[0]))
        self.assertEqual(mine, theirs)

    def test_follows(self):
        """It catches up from nothing and after a kill, takes transactions, and is no validator."""
        self.send(URLS[0])
        child = self.follow()
        self.caught_up(child)
        to = self.send(self.url)
        for url in (self.url, URLS[0]):
            self.wait(lambda url=url: int(call(url, "eth_getBalance", to, "latest"), 16) > 0,
                      "the payment is not there")
        said = self.done("status", f"--rpc={self.url}")
        self.assertIn("no validator", said)
        self.assertIn("none of 4 validators", said)
        self.assertEqual(call(URLS[0], "martlet_status")["quorum"]["have"], "0x4")
        self.assertEqual(self.end(child, signal.SIGKILL), -9)
        self.send(URLS[1])
        child = self.follow()
        self.caught_up(child)
        self.assertEqual(self.end(child), 0)

    def test_other_genesis(self):
        """With another chain's genesis it takes no block of this one, and serves its own beginning."""
        self.done("init", "--dir=other", "--nodes=1")
        config = (self.folder / "config").read_text().splitlines()
        config[0] = "genesis = other/genesis.json"
        (self.folder / "config").write_text("\n".join(config))
        child = self.follow()
        self.wait(lambda: "genesis" in child.log.read_text().lower(), "says nothing", child)
        self.assertEqual(height(self.url), 0)
        self.assertEqual(self.end(child), 0)
