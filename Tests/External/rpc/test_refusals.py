"""What bad input gets: a clear error, and a node that goes on."""

import concurrent.futures
import contextlib
import http.client
import json
import urllib.parse

from eth_account import Account
from network import ETHER, GWEI, URLS, Case
from web3.exceptions import ContractLogicError, Web3RPCError


def post(body, headers=None, path="/", method="POST"):
    """Sends bytes as they are; returns the status and the body."""
    url = urllib.parse.urlsplit(URLS[0])
    fields = {"content-type": "application/json"} | (headers or {})
    with contextlib.closing(
            http.client.HTTPConnection(url.hostname, url.port, timeout=20)) as connection:
        connection.request(method, path, body, fields)
        response = connection.getresponse()
        return response.status, response.read()


def handshake(headers):
    """The status that answers a request for a WebSocket."""
    fields = {
        "upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
    return post(None, fields | headers, "/ws", "GET")[0]


def call(method, *parameters):
    """The reply to a call, whole."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
    return json.loads(post(body)[1])


class Refusals(Case):
    def refused(self, words, **fields):
        """Checks that a transaction is refused with these words."""
        fields.setdefault("to", self.account.address)
        fields.setdefault("gas", 21000)
        signed = self.sign(self.account, **fields)
        with self.assertRaises(Web3RPCError) as caught:
            self.web3.eth.send_raw_transaction(signed.raw_transaction)
        self.assertIn(words, str(caught.exception))

    def test_transactions(self):
        """Each kind of bad transaction is refused with the words that wallets know."""
        self.pay(self.account, self.account.address, 1)
        self.refused("nonce too low", nonce=0)
        self.refused("invalid chain id", chainId=self.chain + 1)
        self.refused("insufficient funds", value=10**30)
        self.refused("intrinsic gas too low", gas=20999)
        self.refused("exceeds block gas limit", gas=10**12)
        self.refused("transaction gas limit too high", gas=2**24 + 1)
        self.refused("oversized data", data="0x" + "11" * 131_072, gas=16_000_000)
        self.refused("nonce too high", nonce=10**6)

    def test_replay(self):
        """A transaction counts once, and a dearer one takes its place only for enough."""
        signed = self.sign(self.account, to=self.account.address, gas=21000)
        digest = self.web3.eth.send_raw_transaction(signed.raw_transaction)
        self.web3.eth.wait_for_transaction_receipt(digest, 30, 0.05)
        with self.assertRaises(Web3RPCError) as caught:
            self.web3.eth.send_raw_transaction(signed.raw_transaction)
        self.assertRegex(str(caught.exception), "already known|nonce too low")
        nonce = self.web3.eth.get_transaction_count(self.account.address)
        waiting = self.sign(self.account, to=self.account.address, gas=21000, nonce=nonce + 1)
        self.web3.eth.send_raw_transaction(waiting.raw_transaction)
        with self.assertRaises(Web3RPCError) as caught:
            self.web3.eth.send_raw_transaction(waiting.raw_transaction)
        self.assertIn("already known", str(caught.exception))
        self.refused(
            "replacement transaction underpriced", nonce=nonce + 1,
            maxFeePerGas=101 * GWEI, maxPriorityFeePerGas=GWEI + 1, value=1)
        self.pay(self.account, self.account.address, 1)
        self.web3.eth.wait_for_transaction_receipt(waiting.hash, 30, 0.05)

    def test_reverts(self):
        """A revert comes with code 3 and its data, from calls and from estimates."""
        # It reverts with Error("no").
        reason = (
            "08c379a0" + f"{32:064x}" + f"{2:064x}" + "6e6f" + "00" * 30)
        size = len(reason) // 2
        code = f"60{size:02x}600c60003960{size:02x}6000fd" + reason
        request = {"from": self.account.address, "data": "0x" + code}
        for method in "eth_call", "eth_estimateGas":
            error = call(method, request)["error"]
            self.assertEqual(
                error, {"code": 3, "message": "execution reverted: no", "data": "0x" + reason})
        with self.assertRaises(ContractLogicError):
            self.web3.eth.call(request)
        receipt = self.send(self.account, data="0x" + code, gas=200_000)
        self.assertEqual(receipt.status, 0)

    def test_malformed(self):
        """JSON that is no JSON-RPC gets the standard's codes."""
        for body, code in (
            (b"", -32700), (b"{", -32700), (b"\xff\xfe", -32700), (b"[]", -32600),
            (b"[1]", -32600), (b"{}", -32600), (b"[" * 100_000, -32700),
            (b'{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}', -32601),
            (b'{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x1"]}', -32602),
        ):
            status, reply = post(body)
            self.assertEqual(status, 200)
            reply = json.loads(reply)
            reply = reply[0] if isinstance(reply, list) else reply
            self.assertEqual(reply["error"]["code"], code, body[:80])
        for raw in "0x", "0x00", "0x02", "0xc0", "0x02c0", "0xf8" + "ff" * 9, "0x7f" + "00" * 100:
            self.assertIn("error", call("eth_sendRawTransaction", raw))

    def test_door(self):
        """Strangers' names and pages are kept out, and a body that is too long."""
        body = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
        self.assertEqual(post(body, {"host": "evil.example"})[0], 403)
        self.assertEqual(post(body, {"origin": "https://evil.example"})[0], 403)
        self.assertEqual(post(body, method="PUT")[0], 405)
        self.assertEqual(handshake({}), 101)
        self.assertEqual(handshake({"origin": URLS[0]}), 101)
        self.assertEqual(handshake({"origin": "https://evil.example"}), 403)
        self.assertEqual(handshake({"origin": "null"}), 403)
        self.assertEqual(handshake({"host": "evil.example"}), 403)
        try:
            status, _ = post(b" " * (6 * 1024 * 1024) + body)
            self.assertEqual(status, 413)
        except (ConnectionError, http.client.HTTPException):
            pass  # Closing the connection before the body ends is an answer, too.
        self.assertEqual(json.loads(post(body)[1])["result"], hex(self.chain))

    def test_batch(self):
        """Batches keep their order; too many calls are refused."""
        calls = [
            {"jsonrpc": "2.0", "id": index, "method": "eth_getBalance",
             "params": [self.account.address]} for index in range(100)]
        replies = json.loads(post(json.dumps(calls))[1])
        self.assertEqual([reply["id"] for reply in replies], list(range(100)))
        reply = json.loads(post(json.dumps(calls + calls[:1]))[1])
        self.assertEqual(reply["error"]["code"], -32600)

    def test_at_once(self):
        """Many callers at once are all answered."""
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            results = list(pool.map(
                lambda index: call("eth_getBlockByNumber", hex(index % 2), False), range(200)))
        self.assertTrue(all("result" in result for result in results))

    def test_poor(self):
        """Who owns nothing can send nothing."""
        stranger = Account.create()
        signed = self.sign(stranger, to=self.account.address, gas=21000, value=ETHER)
        with self.assertRaises(Web3RPCError) as caught:
            self.web3.eth.send_raw_transaction(signed.raw_transaction)
        self.assertIn("insufficient funds", str(caught.exception))
