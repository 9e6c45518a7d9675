"""A peer of py-libp2p, and what is needed to meet a network of Martlet's with it."""

import hashlib
import json
import os
import pathlib
import urllib.request
from contextlib import asynccontextmanager

import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair as ed25519
from libp2p.crypto.secp256k1 import create_new_key_pair as secp256k1
from libp2p.crypto.x25519 import create_new_key_pair as x25519
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pb.rpc_pb2 import Message
from libp2p.pubsub.pubsub import Pubsub
from libp2p.security.noise.transport import PROTOCOL_ID as NOISE
from libp2p.security.noise.transport import Transport as Noise
from libp2p.tools.anyio_service import background_trio_service
from multiaddr import Multiaddr

KINDS = {"ed25519": ed25519, "secp256k1": secp256k1}
VERSIONS = ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"]
URLS = os.environ.get("MARTLET_RPC", "").split()


def call(method, *params, url=None):
    """The result of a call to a node."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(url or URLS[0], body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as response:
        answer = json.load(response)
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["result"]


def settings(number):
    """The settings of a node, from 1."""
    path = pathlib.Path(os.environ["MARTLET_DIR"]) / f"node-{number}" / "config"
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def addresses():
    """The multiaddrs of all nodes: each is named in the settings of another."""
    found = set()
    for number in (1, 2):
        found.update(word.strip() for word in settings(number)["peers"].split(","))
    return sorted(found, key=lambda text: int(text.split("/")[4]))


def topic(name):
    """The name of one of the chain's topics."""
    genesis = call("eth_getBlockByNumber", "0x0", False)["hash"]
    return f"/martlet/{genesis[2:18]}/{name}/1"


def varint(number):
    """A length as it goes before a message."""
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def message_id(message):
    """The name of an unsigned message (docs/protocols/gossip.md)."""
    name = message.topicIDs[0].encode()
    return hashlib.sha256(varint(len(name)) + name + message.data).digest()[:20]


async def read_message(stream):
    """One message behind its length."""
    length = shift = 0
    while True:
        byte = (await stream.read(1))[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    out = b""
    while len(out) < length:
        piece = await stream.read(length - len(out))
        if not piece:
            raise EOFError(f"{len(out)} of {length} bytes")
        out += piece
    return out


class Peer:
    """A host with gossip that keeps to the rule of unsigned messages."""

    def __init__(self, host, pubsub):
        self.host = host
        self.pubsub = pubsub

    async def publish(self, name, data):
        """Spreads content without author, number or signature (StrictNoSign)."""
        message = Message(data=data, topicIDs=[name])
        await self.pubsub.push_msg(self.pubsub.my_id, message)

    async def wait_for_peer(self, seconds=20):
        """The first peer that is connected."""
        with trio.fail_after(seconds):
            while not self.host.get_connected_peers():
                await trio.sleep(0.05)
        return self.host.get_connected_peers()[0]


@asynccontextmanager
async def running(kind="ed25519", port=0):
    """A peer that listens on a port."""
    pair = KINDS[kind]()
    noise = Noise(pair, x25519().private_key)
    host = new_host(key_pair=pair, muxer_preference="YAMUX", sec_opt={NOISE: noise})
    gossip = GossipSub(
        protocols=VERSIONS, degree=6, degree_low=5, degree_high=12, heartbeat_interval=1,
        spam_protection_enabled=False,
    )
    # It takes two messages without author and number for one that contradicts itself.
    gossip._check_equivocation = lambda message: True
    pubsub = Pubsub(host, gossip, strict_signing=False, msg_id_constructor=message_id)
    async with host.run(listen_addrs=[Multiaddr(f"/ip4/127.0.0.1/tcp/{port}")]):
        async with background_trio_service(pubsub), background_trio_service(gossip):
            await pubsub.wait_until_ready()
            yield Peer(host, pubsub)


def run(test, kind="ed25519", port=0):
    """Runs a test with a peer, and passes over how py-libp2p fails when a stream reaches it while it closes."""
    passed = []

    async def main():
        async with running(kind, port) as peer:
            await test(peer)
            passed.append(True)

    try:
        trio.run(main)
    except BaseExceptionGroup as errors:
        ours = errors.split(lambda error: "Nursery is closed to new arrivals" in str(error))[1]
        if ours or not passed:
            raise
