"""py-libp2p meets the nodes: Noise, Yamux, identify, ping, GossipSub, requests; both ways."""

import os
import pathlib
import secrets
import socket
import subprocess
import tempfile
import time
import unittest

import rlp
import trio
from eth_account import Account
from libp2p.host.ping import PingService
from libp2p.identity.identify.identify import ID as IDENTIFY
from libp2p.identity.identify.identify import parse_identify_response
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import PeerInfo, info_from_p2p_addr
from multiaddr import Multiaddr

import peer as p2p

GWEI = 10**9


def free_port():
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(p2p.URLS, "no network: run Tests/External/run")
class Dialling(unittest.TestCase):
    """We dial a node."""

    def meet(self, test, kind="ed25519", number=0):
        """Runs a test with a peer that is connected to a node."""

        async def main(peer):
            info = info_from_p2p_addr(Multiaddr(p2p.addresses()[number]))
            with trio.fail_after(30):
                await peer.host.connect(info)
            with trio.fail_after(60):
                await test(peer, info.peer_id)

        p2p.run(main, kind)

    def test_identify_and_ping(self):
        for kind in p2p.KINDS:

            async def test(peer, node):
                stream = await peer.host.new_stream(node, [IDENTIFY])
                identify = parse_identify_response(await stream.read())
                self.assertEqual(ID.from_pubkey(peer.host.get_public_key()), peer.host.get_id())
                self.assertTrue(identify.agent_version.startswith("martlet"))
                for name in ("/meshsub/1.2.0", "/ipfs/ping/1.0.0", "/martlet/direct/1"):
                    self.assertIn(name, identify.protocols)
                times = await PingService(peer.host).ping(node, 5)
                self.assertEqual(len(times), 5)

            with self.subTest(kind=kind):
                self.meet(test, kind)

    def test_another_name_is_refused(self):
        async def test(peer):
            info = info_from_p2p_addr(Multiaddr(p2p.addresses()[0]))
            other = ID.from_base58(p2p.addresses()[1].split("/")[-1])
            with self.assertRaises(Exception), trio.fail_after(20):
                await peer.host.connect(PeerInfo(other, info.addrs))

        p2p.run(test)

    def test_gossip_of_consensus_comes(self):
        async def test(peer, node):
            name = p2p.topic("consensus")
            subscription = await peer.pubsub.subscribe(name)
            found = [await subscription.get() for _ in range(5)]
            for message in found:
                self.assertEqual(message.from_id, b"")
                self.assertEqual(message.signature, b"")
            self.assertEqual(len({p2p.message_id(message) for message in found}), 5)

        self.meet(test)

    def test_a_transaction_that_we_spread_is_mined(self):
        faucet = Account.from_key(
            (pathlib.Path(os.environ["MARTLET_DIR"]) / "faucet.key").read_text().strip())
        signed = faucet.sign_transaction({
            "chainId": int(p2p.call("eth_chainId"), 16), "to": Account.create().address,
            "nonce": int(p2p.call("eth_getTransactionCount", faucet.address, "latest"), 16),
            "value": 1, "gas": 21_000, "maxFeePerGas": 100 * GWEI, "maxPriorityFeePerGas": GWEI,
        })

        async def test(peer, node):
            name = p2p.topic("transactions")
            await peer.pubsub.subscribe(name)
            await trio.sleep(1.5)
            await peer.publish(name, rlp.encode([bytes(signed.raw_transaction)]))
            while not p2p.call("eth_getTransactionReceipt", "0x" + signed.hash.hex().removeprefix("0x")):
                await trio.sleep(0.2)

        self.meet(test)

    def test_peers_are_told_of(self):
        async def test(peer, node):
            names = {text.split("/")[-1] for text in p2p.addresses()}
            found = set()
            stream = await peer.host.new_stream(node, ["/martlet/peers/1"])
            await stream.write(p2p.varint(0))
            await stream.close()
            answer = await p2p.read_message(stream)
            while answer:
                length, answer = answer[0], answer[1:]
                found.add(str(Multiaddr(answer[:length])).split("/")[-1])
                answer = answer[length:]
            # It also tells of those who were here before us and are not gone yet.
            self.assertLessEqual(names - {str(node)}, found)

        self.meet(test)

    def test_garbage_harms_nobody(self):
        port = int(p2p.addresses()[0].split("/")[4])
        before = int(p2p.call("eth_blockNumber"), 16)
        hello = b"\x13/multistream/1.0.0\n"
        for start in (b"", hello, hello + b"\x07/noise\n", hello + b"\x07/noise\n\x00\x20"):
            for _ in range(10):
                with socket.create_connection(("127.0.0.1", port), 5) as link:
                    link.sendall(start + secrets.token_bytes(5_000))

        async def test(peer, node):
            await PingService(peer.host).ping(node, 3)

        self.meet(test)
        deadline = time.monotonic() + 20
        while int(p2p.call("eth_blockNumber"), 16) <= before:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)


@unittest.skipUnless(p2p.URLS, "no network: run Tests/External/run")
class Listening(unittest.TestCase):
    """A node that follows the chain dials us, and we are its only peer of this kind."""

    def test_a_node_dials_us(self):
        port = free_port()

        async def main(peer):
            address = f"/ip4/127.0.0.1/tcp/{port}/p2p/{peer.host.get_id()}"
            with tempfile.TemporaryDirectory() as folder, self.follower(folder, address):
                node = await peer.wait_for_peer()
                self.assertEqual(len(await PingService(peer.host).ping(node, 3)), 3)
                subscription = await peer.pubsub.subscribe(p2p.topic("consensus"))
                with trio.fail_after(30):
                    await subscription.get()

        p2p.run(main, "secp256k1", port)

    def follower(self, folder, address):
        """Runs a node with a new key that knows us and a validator."""
        config = pathlib.Path(os.environ["MARTLET_DIR"]) / "node-0" / "config"
        key = pathlib.Path(folder) / "node.key"
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)
        return Process([
            os.environ["MARTLET"], "node", f"--config={config}", f"--data={folder}/data",
            f"--key={key}", f"--listen=127.0.0.1:{free_port()}", f"--rpc=127.0.0.1:{free_port()}",
            f"--peers={address},{p2p.addresses()[0]}", "--control=", "--token=",
        ])


class Process:
    """A process that ends with the block it is for."""

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


if __name__ == "__main__":
    unittest.main()
