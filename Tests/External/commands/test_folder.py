"""A local network's folder in odd states: nothing is lost, and what is wrong is told in one line."""

import json
import os
import pathlib
import shutil
import signal
import time

from program import Case, call, free_row, height


class Folder(Case):
    def send(self, url, value):
        return self.done("send", "--to=0x" + "33" * 20, f"--value={value}",
                         "--key=net/faucet.key", f"--rpc={url}")

    def balance(self, url):
        return int(call(url, "eth_getBalance", "0x" + "33" * 20, "latest"), 16) // 10**18

    def test_continues(self):
        """A network goes on with its chain after Ctrl-C, SIGTERM and SIGKILL, at other ports."""
        for round, number in enumerate([signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGINT]):
            child, urls = self.start_network("net", 1, "--interval=0")
            self.assertEqual(self.balance(urls[0]), round * (round + 1) // 2)
            self.send(urls[0], round + 1)
            code = self.end(child, number)
            self.assertEqual(code, -9 if number == signal.SIGKILL else 0)
            names = {path.name for path in (self.folder / "net").iterdir()}
            self.assertEqual("network.json" in names, number == signal.SIGKILL)
        self.assertIn("1 node serves", self.again().log.read_text())

    def again(self, *words):
        first = free_row(2)
        child = self.start("up", "--dir=net", f"--rpc-port={first}", f"--port={first + 1}", *words)
        self.wait(lambda: "Ctrl-C ends" in child.log.read_text(), "not ready", child)
        return child

    def test_moves(self):
        """All nodes of a network that is there can be had at other ports, and find each other."""
        child, urls = self.start_network("net", 4, "--interval=100")
        self.end(child)
        child, moved = self.start_network("net", 4)
        self.assertNotEqual(urls, moved)
        self.send(moved[3], 1)
        self.wait(lambda: all(self.balance(url) == 1 for url in moved), "not on all", child)

    def test_disagreement(self):
        """What the genesis settled cannot be asked for otherwise."""
        self.done("init", "--dir=net", "--nodes=2", "--chain-id=99")
        self.refused(1, "--nodes=2, not 3", "up", "--dir=net", "--nodes=3")
        self.refused(1, "--chain-id=99, not 7", "up", "--dir=net", "--chain-id=7")
        self.refused(1, "--interval=1000, not 5", "up", "--dir=net", "--interval=5")
        self.refused(1, "began without 0x", "up", "--dir=net", "--fund=0x" + "44" * 20)
        self.refused(1, "holds a network already", "init", "--dir=net")

    def test_taken(self):
        """A folder that is in use, and ports that are, are told by name; nothing is left behind."""
        child, urls = self.start_network("net", 1)
        port = urls[0].rsplit(":", 1)[1]
        self.refused(1, "is in use by another process", "up", "--dir=net")
        self.refused(1, "net/node-0/data is in use", "node", "--config=net/node-0/config")
        self.refused(1, f"port {port} is in use: choose another with --rpc-port", "up",
                     "--dir=other", "--nodes=1", f"--rpc-port={port}", f"--port={free_row(1)}")
        self.assertFalse((self.folder / "other" / "genesis.json").exists())
        self.assertEqual(self.end(child), 0)

    def test_status(self):
        """Status tells who is missing, whichever node is down, and when nobody answers."""
        child, urls = self.start_network("net", 4, "--interval=100")
        self.wait(lambda: "none of 4" in self.status("--dir=net"), "not complete", child)
        self.wait(lambda: "none of 4" in self.status(f"--rpc={urls[2]}"), "not complete")
        status = json.loads(self.done("status", f"--rpc={urls[2]}", "--json"))
        self.assertEqual((status["index"], status["quorum"]["need"]), ("0x2", "0x3"))
        os.kill(int((self.folder / "net/node-0/process").read_text()), signal.SIGKILL)
        self.wait(lambda: height(urls[0]) < 0, "still serves", child)
        self.wait(lambda: "validator 0 of 4" in self.status("--dir=net"), "not missed")
        said = self.done("status", "--dir=net")
        self.assertIn(f"node 0 does not answer at {urls[0]}", said)
        self.assertIn("3 of power is there, 3 is needed", said)
        self.assertRegex(said, r"view +\d+, led by validator [0-3]\n")
        os.kill(int((self.folder / "net/node-1/process").read_text()), signal.SIGKILL)
        self.wait(lambda: self.run_program("status", "--dir=net")[0] == 1, "quorum is there")
        code, out, err = self.run_program("status", "--dir=net")
        self.assertIn("validators 0, 1 of 4", out)
        self.assertIn("no quorum: 2 of power is there, 3 is needed", err)
        self.end(child)
        self.refused(1, "cannot reach 127.0.0.1 port", "status", f"--rpc={urls[1]}")

    def test_damage(self):
        """What is missing or damaged is named by its path; the rest is not touched."""
        child, urls = self.start_network("net", 1, "--interval=0")
        self.send(urls[0], 1)
        self.end(child)
        good = self.folder / "net"
        net = self.folder / "bad"

        def damaged(text, act):
            shutil.copytree(good, net)
            act()
            self.refused_up(text)
            shutil.rmtree(net)

        def cut(path, size):
            os.truncate(net / path, size)

        def rot(path):
            content = bytearray((net / path).read_bytes())
            # The first two pages say where the others lie: they are damaged below.
            for place in range(8192, len(content), 97):
                content[place] ^= 4
            (net / path).write_bytes(content)

        database = "node-0/data/database/data.mdb"
        damaged("genesis.json: genesis is no JSON", lambda: cut("genesis.json", 100))
        damaged("genesis.json: genesis is no JSON", lambda: cut("genesis.json", 0))
        damaged("node.key holds no secret key", lambda: cut("node-0/node.key", 9))
        damaged("cannot open", lambda: (net / "node-0/node.key").unlink())
        damaged("is not `key = value`", lambda: (net / "node-0/config").write_text("foo"))
        damaged("cannot open", lambda: (net / "node-0/config").unlink())
        damaged("no node-0", lambda: shutil.rmtree(net / "node-0"))
        damaged("damaged: ", lambda: rot(database))
        damaged("damaged: ", lambda: cut(database, 4096))
        damaged("damaged: ", lambda: (net / database).write_bytes(os.urandom(8192)))

    def test_lost_log(self):
        """A lost log: the validator says that it signs nothing, until a quorum vouched for it.

        A lost database: it is fetched from the peers."""
        child, urls = self.start_network("net", 4, "--interval=100")
        self.send(urls[0], 1)
        self.end(child)
        (self.folder / "net/node-0/data/log").write_bytes(os.urandom(500))
        shutil.rmtree(self.folder / "net/node-1/data/database")
        child, urls = self.start_network("net", 4)
        self.wait(lambda: self.balance(urls[1]) == 1, "fetches no chain", child)
        log = self.folder / "net/node-0/log.txt"
        self.wait(lambda: "probation over" in log.read_text(), "still on probation", child)
        self.assertIn("on probation, signing nothing", log.read_text())
        self.send(urls[0], 2)
        # It signs again two views after the highest that the others proved.
        self.wait(lambda: "signs nothing" not in self.status("--dir=net"), "silent", child)
        self.end(child)
        self.done("init", "--dir=lone", "--nodes=1")
        (self.folder / "lone/node-0/data/log").write_bytes(b"")
        child, urls = self.start_network("lone", 1)
        code, out, err = self.run_program("status", f"--rpc={urls[0]}")
        self.assertEqual(code, 1)
        self.assertIn("validator 0 at " + urls[0] + ", which signs nothing: probation", out)
        self.assertIn("no quorum: 0 of power is there, 1 is needed", err)

    def status(self, where):
        """What status says, also while the nodes are still finding each other."""
        out = ""
        while "missing" not in out:
            out = self.run_program("status", where)[1]
        return out

    def refused_up(self, text):
        """A supervisor that cannot start its node says why, ends it, and leaves with code 1."""
        first = free_row(2)
        code, _, err = self.run_program(
            "up", "--dir=bad", f"--port={first}", f"--rpc-port={first + 1}")
        with self.subTest(text=text):
            self.assertEqual(code, 1, err)
            self.assertIn(text, err.splitlines()[-1])
            self.assertFalse((self.folder / "bad/network.json").exists())

    def test_interrupted_demo(self):
        """Ctrl-C in the middle of the shop says so, ends the nodes, and loses nothing."""
        lines = (pathlib.Path(__file__).resolve().parents[3]
                 / "contracts/data/CDNOW_sample.txt").read_text().splitlines()[:200]
        (self.folder / "some.txt").write_text("\n".join(lines) + "\n")
        first = free_row(8)
        words = ["demo", "shop", "--data=some.txt", "--dir=net", "--nodes=4", f"--port={first}",
                 f"--rpc-port={first + 4}"]
        for step in ("contracts", "funds", "customers"):
            child = self.start(*words)
            self.wait(lambda child=child: f"\n{step} " in child.log.read_text(), step, child)
            self.assertEqual(self.end(child), 130)
            self.assertIn("stopping the nodes unfinished; another run goes on from here",
                          child.log.read_text())
            self.assertFalse((self.folder / "net/network.json").exists())
        code, out, err = self.run_program(*words, "--json", seconds=100)
        self.assertEqual((code, json.loads(out)["outcome"]),
                         (0, "every sum is as in the data set, on every node"), err)

    def test_half_done(self):
        """A supervisor stopped at any moment of its first start leaves what the next can use."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for delay in (0.01, 0.05, 0.1, 0.2, 0.4):
                first = free_row(8)
                child = self.start("up", "--dir=net", "--nodes=4", f"--port={first}",
                                   f"--rpc-port={first + 4}")
                time.sleep(delay)
                self.assertIn(self.end(child, number), (0, 130, -number))
                self.assertNotIn("Signal", child.log.read_text())
            child, _ = self.start_network("net", 4)
            self.assertEqual(self.end(child), 0)
            shutil.rmtree(self.folder / "net")
