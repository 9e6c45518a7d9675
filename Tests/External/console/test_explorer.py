"""The explorer in a real browser, on a development chain with tokens and a verified contract.

MARTLET       the program (.build/release/martlet)
SCREENSHOTS   a folder for pictures of each page (none are kept without it)
"""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import vyper
from playwright.sync_api import expect, sync_playwright
from web3 import Web3

from test_console import HOSTILE, PROGRAM, ROOT, free_port

DOLLAR = json.loads((ROOT / "contracts/build/Dollar.json").read_text())

PURSE = """# pragma version ^0.4.0
LIMIT: immutable(uint256)
total: public(uint256)

event Added:
    who: indexed(address)
    amount: uint256

@deploy
def __init__(limit: uint256):
    LIMIT = limit

@external
@view
def room(less: uint256) -> uint256:
    return LIMIT - self.total - less

@external
@payable
def add(amount: uint256):
    assert self.total + amount <= LIMIT, "above the limit"
    self.total += amount
    log Added(who=msg.sender, amount=amount)
"""

# A token that calls itself what a page must never take for markup.
EVIL = f'''# pragma version ^0.4.0
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

@external
@view
def name() -> String[100]:
    return {json.dumps(HOSTILE[:64])}

@external
@view
def symbol() -> String[100]:
    return "<b onclick=1>"

@external
def move(receiver: address):
    log Transfer(sender=empty(address), receiver=receiver, amount=1)
'''

# A wallet in the browser that announces itself (EIP-6963) and signs by the node's accounts.
WALLET = """
(() => {
  const asked = window.asked = [];
  const listeners = {};
  const provider = {
    on: (name, act) => { (listeners[name] ??= []).push(act); },
    removeListener: (name, act) => { listeners[name] = (listeners[name] ?? []).filter((each) => each !== act); },
    tell: (name, value) => (listeners[name] ?? []).forEach((act) => act(value)),
    request: async ({ method, params = [] }) => {
      asked.push([method, params]);
      if (method === "eth_requestAccounts") return ["ACCOUNT"];
      if (method === "eth_chainId" && !window.switched) return "0x1";
      if (method === "wallet_switchEthereumChain") throw Object.assign(new Error("unknown"), { code: 4902 });
      if (method === "wallet_addEthereumChain") { window.switched = true; return null; }
      if (window.refuses && method === "eth_sendTransaction") throw Object.assign(new Error("user rejected"), { code: 4001 });
      const answer = await (await fetch("/", { method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) })).json();
      if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
  };
  window.walletProvider = provider;
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({
    info: { uuid: "1", name: "Mock <b>wallet", rdns: "example.mock", icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" },
    provider }) }));
  addEventListener("eip6963:requestProvider", announce);
  addEventListener("DOMContentLoaded", announce);
  dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info: { uuid: 5 }, provider: null } }));
})();
"""


class Explorer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="martlet-explorer-"))
        script = cls.folder / "vyper"
        script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; from vyper.cli.vyper_compile '
                          'import _parse_cli_args; sys.argv[0] = \'vyper\'; sys.exit(_parse_cli_args())" "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        ports = free_port(2)
        words = [PROGRAM, "up", f"--dir={cls.folder}/chain", f"--rpc-port={ports}", f"--port={ports + 1}"]
        cls.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PATH": f"{cls.folder}:{os.environ['PATH']}"})
        for line in cls.process.stdout:
            if "Ctrl-C ends" in line:
                break
        cls.url = f"http://127.0.0.1:{ports}"
        cls.web3 = Web3(Web3.HTTPProvider(cls.url))
        cls.people = cls.web3.eth.accounts
        cls.fill()
        cls.player = sync_playwright().start()
        cls.browser = cls.player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.player.stop()
        cls.process.terminate()
        cls.process.communicate(timeout=20)
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def mined(cls, call, **fields):
        hash = call.transact({"from": cls.people[0], **fields})
        return cls.web3.eth.wait_for_transaction_receipt(hash, poll_latency=0.02)

    @classmethod
    def deploy(cls, abi, bytecode, *arguments):
        made = cls.mined(cls.web3.eth.contract(abi=abi, bytecode=bytecode).constructor(*arguments))
        return cls.web3.eth.contract(address=made["contractAddress"], abi=abi)

    @classmethod
    def fill(cls):
        """A token that some have, one with a hostile name, and a contract to be verified."""
        def of(source, *arguments):
            made = vyper.compile_code(source, output_formats=["abi", "bytecode"])
            return cls.deploy(made["abi"], made["bytecode"], *arguments)
        cls.token = cls.deploy(DOLLAR["abi"], DOLLAR["bytecode"])
        cls.mined(cls.token.functions.mint(cls.people[1], 5_000_000_000))
        for index in range(2, 9):
            cls.mined(cls.token.functions.transfer(cls.people[index], index * 1_250_000), **{"from": cls.people[1]})
        cls.evil = of(EVIL)
        cls.moved = cls.mined(cls.evil.functions.move(cls.people[3]))
        cls.purse = of(PURSE, 1_000)
        cls.other = of(PURSE, 2_000)
        cls.added = cls.mined(cls.purse.functions.add(7))
        call = cls.purse.functions.add(5_000).build_transaction(
            {"from": cls.people[2], "gas": 200_000, "gasPrice": cls.web3.eth.gas_price * 2, "nonce":
             cls.web3.eth.get_transaction_count(cls.people[2])})
        cls.failed = cls.web3.eth.wait_for_transaction_receipt(cls.web3.eth.send_transaction(call))
        for _ in range(30):
            hash = cls.web3.eth.send_transaction({"from": cls.people[4], "to": cls.people[5], "value": 10**15})
        cls.web3.eth.wait_for_transaction_receipt(hash)

    def setUp(self):
        self.faults = []

    def page(self, path, width=1280, height=900, scheme="light", wallet=False):
        context = self.browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height})
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if wallet:
            page.add_init_script(WALLET.replace("ACCOUNT", self.people[6]))
        page.goto(self.url + "/#" + path)
        return page

    def picture(self, page, name):
        if "SCREENSHOTS" in os.environ:
            page.wait_for_timeout(400)
            page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{name}.png", full_page=True)

    def verify(self):
        """Has the node verify the purse, unless it is."""
        path = f"{self.url}/api/contracts/{self.purse.address}"
        body = json.dumps({"name": "Purse.vy", "source": PURSE}).encode()
        request = urllib.request.Request(path + "/source", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertEqual(answer.status, 200)

    def test_lists_and_pages(self):
        page = self.page("/explore")
        expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
        rows = page.get_by_role("row")
        expect(rows).to_have_count(26)
        first = rows.nth(1).inner_text()
        self.picture(page, "explore-light")
        page.get_by_role("button", name="Older").click()
        expect(rows.nth(1)).not_to_have_text(first)
        page.get_by_role("button", name="Newer").click()
        expect(rows.nth(1).get_by_role("link").first).to_have_text(first.split("\n")[0].split("\t")[0])
        for name, heading in (("Blocks", "Proposer"), ("Tokens", "Symbol"), ("Contracts", "Created by")):
            page.get_by_role("tab", name=name).click()
            expect(page.get_by_role("columnheader", name=heading)).to_be_visible()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", name="Tokens")).to_be_focused()
        expect(page.get_by_role("tabpanel").get_by_role("link", name="Martlet Dollar")).to_be_visible()
        self.assertEqual(self.faults, [])

    def test_token(self):
        page = self.page(f"/token/{self.token.address.lower()}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Martlet Dollar")
        expect(page.get_by_text("5,000 MUSD")).to_be_visible()
        expect(page.get_by_role("row")).to_have_count(9)
        expect(page.get_by_role("row").nth(2)).to_contain_text("10 MUSD")
        self.picture(page, "token-light")
        page.get_by_role("tab", name="Transfers").click()
        expect(page.get_by_role("tabpanel").get_by_role("row").nth(1)).to_contain_text("10 MUSD")
        self.assertEqual(self.faults, [])

    def test_account(self):
        page = self.page(f"/account/{self.people[1].lower()}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Account")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Call of transfer")
        page.get_by_role("tab", name="Token transfers").click()
        expect(page.get_by_role("tabpanel").get_by_role("row")).to_have_count(9)
        page.get_by_role("tab", name="Tokens", exact=True).click()
        expect(page.get_by_role("tabpanel").get_by_role("row").nth(1)).to_contain_text("MUSD")
        self.assertEqual(self.faults, [])

    def test_transaction(self):
        self.verify()
        page = self.page(f"/tx/{self.added['transactionHash'].to_0x_hex()}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Call of add")
        expect(page.get_by_text("Added", exact=True)).to_be_visible()
        self.picture(page, "transaction-decoded")
        page.goto(f"{self.url}/#/tx/{self.failed['transactionHash'].to_0x_hex()}")
        expect(page.get_by_text("reverted", exact=True)).to_be_visible()
        expect(page.get_by_text("above the limit").first).to_be_visible()
        self.picture(page, "transaction-reverted")
        moved = self.page(f"/tx/{self.moved['transactionHash'].to_0x_hex()}")
        expect(moved.get_by_text("Tokens moved")).to_be_visible()
        self.assertEqual(self.faults, [])

    def test_names_from_the_chain_are_never_markup(self):
        for path in (f"/token/{self.evil.address}", f"/account/{self.people[3]}", "/explore",
                     f"/tx/{self.moved['transactionHash'].to_0x_hex()}", "/search/%3Cimg%20src=x"):
            page = self.page(path)
            for tab in page.get_by_role("tab").all():
                tab.click()
            page.wait_for_timeout(700)
            self.assertIsNone(page.evaluate("window.hurt ?? null"), path)
            self.assertEqual(page.locator("img[src=x], main b").count(), 0, path)
        self.assertEqual(self.faults, [])

    def test_search_by_name(self):
        page = self.page("/")
        page.keyboard.press("/")
        page.keyboard.type("martlet dollar")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Martlet Dollar")

    def test_verify_read_and_write(self):
        page = self.page(f"/account/{self.other.address}", wallet=True)
        page.get_by_role("tab", name="Source").click()
        page.get_by_label("Name of the contract's file").fill("Purse.vy")
        page.locator("#source-text").fill(PURSE.replace("<= LIMIT", "< LIMIT"))
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_role("alert").filter(has_text="byte")).to_be_visible(timeout=60_000)
        self.picture(page, "verify-refused")
        self.faults.clear()
        page.locator("#source-text").fill(PURSE)
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Purse", timeout=60_000)
        page.get_by_role("tab", name="Source").click()
        expect(page.get_by_text("verified", exact=True)).to_be_visible()
        expect(page.get_by_label("Source of Purse.vy")).to_contain_text("above the limit")
        self.picture(page, "source-light")
        page.get_by_role("tab", name="Read").click()
        room = page.locator("form", has_text="room")
        room.get_by_label("less").fill("1")
        room.get_by_role("button").click()
        expect(room.get_by_role("status")).to_contain_text(re.compile(r"\d{3}"))
        room.get_by_label("less").fill("-1")
        room.get_by_role("button").click()
        expect(room.get_by_role("alert")).to_contain_text("does not fit uint256")
        self.picture(page, "read-light")
        page.get_by_role("tab", name="Write").click()
        add = page.locator("form", has_text="add")
        page.get_by_role("button", name="Connect Mock <b>wallet").click()
        expect(page.get_by_text("signs as")).to_be_visible()
        asked = [method for method, _ in page.evaluate("window.asked")]
        self.assertEqual(asked, ["eth_requestAccounts", "eth_chainId", "wallet_switchEthereumChain",
                                 "wallet_addEthereumChain", "eth_chainId"])
        before = self.other.functions.total().call()
        add.get_by_label("amount").fill("3")
        add.get_by_label("pays").fill("0.25")
        add.get_by_role("button").click()
        expect(add.get_by_role("status")).to_contain_text("final")
        self.assertEqual(self.other.functions.total().call(), before + 3)
        sent = page.evaluate("window.asked.find(([method]) => method === 'eth_sendTransaction')[1][0]")
        self.assertEqual((sent["from"].lower(), int(sent["value"], 16)), (self.people[6].lower(), 25 * 10**16))
        self.picture(page, "write-light")
        add.get_by_label("amount").fill("100000")
        add.get_by_role("button").click()
        expect(add.get_by_role("alert")).to_contain_text("above the limit")
        page.evaluate("window.refuses = true")
        add.get_by_label("amount").fill("1")
        add.get_by_role("button").click()
        expect(add.get_by_role("alert")).to_contain_text("user rejected")
        page.evaluate("window.walletProvider.tell('accountsChanged', [])")
        expect(page.get_by_role("button", name="Sign by this node")).to_be_visible()
        page.get_by_label("An account of this node").select_option(self.people[7].lower())
        page.get_by_role("button", name="Sign by this node").click()
        add.get_by_label("amount").fill("2")
        add.get_by_role("button").click()
        expect(add.get_by_role("status")).to_contain_text("final")
        self.assertEqual(self.other.functions.total().call(), before + 5)
        self.assertEqual(self.faults, [])

    def test_shape_of_pages(self):
        """Nothing is wider than a phone, and everything that can be used has a name."""
        self.verify()
        for path in ("/explore", f"/account/{self.purse.address}", f"/token/{self.token.address}",
                     f"/tx/{self.added['transactionHash'].to_0x_hex()}"):
            page = self.page(path, width=360, height=740, scheme="dark")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            for tab in page.get_by_role("tab").all():
                tab.click()
                page.wait_for_timeout(500)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360, path)
                nameless = page.evaluate(
                    """() => [...document.querySelectorAll('a, button, input, select, textarea, [role=img]')].filter(e =>
                    !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).map(e => e.outerHTML)""")
                self.assertEqual(nameless, [], path)
            self.picture(page, "phone-dark-" + path.split("/")[1])
        self.assertEqual(self.faults, [])


if __name__ == "__main__":
    unittest.main()
