"""What the runner needs of a network on this machine.

local.py ports N        prints the first of N free ports in a row, and of another N
local.py wait URL …     waits until each node has made a block
"""

import json
import random
import socket
import sys
import time
import urllib.request


def row(count, taken=frozenset()):
    """Free ports that are neighbours; below those that the system gives to clients."""
    while True:
        first = random.randrange(20_000, 32_000)
        ports = set(range(first, first + count))
        if taken & ports:
            continue
        try:
            for port in ports:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return ports
        except OSError:
            continue


def height(url):
    """A node's height; none while it does not answer."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber"}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(json.load(response)["result"], 16)
    except (OSError, KeyError, ValueError):
        return None


def wait(urls, seconds=30):
    """Waits until each node has made a block."""
    deadline = time.monotonic() + seconds
    for url in urls:
        while not height(url):
            if time.monotonic() > deadline:
                sys.exit(f"no block at {url} within {seconds} s")
            time.sleep(0.1)


if sys.argv[1] == "ports":
    links = row(int(sys.argv[2]))
    print(min(links), min(row(int(sys.argv[2]), links)))
else:
    wait(sys.argv[2:])
