"""The program as a person at a terminal uses it, and networks of its own for tests that break them."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

MARTLET = os.environ.get("MARTLET", "")


def free_row(count):
    """The first of some free ports in a row, below those that the system gives to clients."""
    for first in range(21_000 + os.getpid() % 900 * 10, 32_000, count):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    probe = stack.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise OSError("no free ports")


def call(url, method, *parameters):
    """The answer of a node to one call."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)["result"]


def height(url):
    """A node's height; -1 while it does not answer."""
    try:
        return int(call(url, "eth_blockNumber"), 16)
    except (OSError, KeyError, ValueError):
        return -1


class Case(unittest.TestCase):
    """A test with a folder of its own, and nothing left running at its end."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="martlet-"))
        self.children = []
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(self.end_all)

    def run_program(self, *words, stdin="", seconds=60):
        """Runs a command to its end; returns the code, standard output and standard error."""
        done = subprocess.run(
            [MARTLET, *map(str, words)], input=stdin, capture_output=True, text=True,
            timeout=seconds, cwd=self.folder, check=False)
        return done.returncode, done.stdout, done.stderr

    def refused(self, code, text, *words, **options):
        """Runs a command that must say in one line why it does not do what was asked."""
        found, out, err = self.run_program(*words, **options)
        with self.subTest(words=words):
            lines = [line for line in err.splitlines() if not line.startswith("martlet node: ")
                     or " = " not in line]
            self.assertEqual((found, len(lines)), (code, 1), err)
            self.assertIn(text, lines[0])
            self.assertTrue(lines[0].startswith("martlet"), lines[0])
            self.assertEqual(out, "")

    def done(self, *words, **options):
        """Runs a command that must succeed; returns what it prints."""
        code, out, err = self.run_program(*words, **options)
        self.assertEqual(code, 0, (words, out, err))
        return out

    def start(self, *words):
        """Starts a command that goes on; what it says is in a file."""
        log = self.folder / f"said-{len(self.children)}.txt"
        with log.open("w") as file:
            child = subprocess.Popen(
                [MARTLET, *map(str, words)], stdout=file, stderr=file, cwd=self.folder)
        child.log = log
        self.children.append(child)
        return child

    def start_network(self, name="net", nodes=1, *words):
        """Starts a network, or one that is there again; returns the supervisor and the URLs."""
        first = free_row(2 * nodes)
        ports = [f"--port={first}", f"--rpc-port={first + nodes}"]
        child = self.start("up", f"--dir={name}", f"--nodes={nodes}", "--json", *ports, *words)
        urls = [f"http://127.0.0.1:{first + nodes + index}" for index in range(nodes)]
        for url in urls:
            self.wait(lambda url=url: height(url) >= 0, f"{url} does not serve", child)
        self.wait(lambda: (self.folder / name / "network.json").exists(), "not ready", child)
        return child, urls

    def wait(self, is_so, what, child=None, seconds=30):
        """Waits until something is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            said = child.log.read_text() if child else ""
            self.assertLess(time.monotonic(), deadline, f"{what}: {said}")
            if child:
                self.assertIsNone(child.poll(), f"{what}: {said}")
            time.sleep(0.02)

    def end(self, child, number=signal.SIGINT, seconds=20):
        """Asks a process to end; returns its code."""
        child.send_signal(number)
        return child.wait(timeout=seconds)

    def end_all(self):
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        for child in self.children:
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for file in self.folder.glob("*/node-*/process"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(file.read_text()), signal.SIGKILL)
