"""The console in a real browser, on a network of four nodes with a small shop.

python -m unittest Tests/External/console/test_console.py

MARTLET       the program (.build/release/martlet)
CONSOLE_URL   a node that runs already, instead of a network of the test's own
SCREENSHOTS   a folder for pictures of each page (none are kept without it)
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("MARTLET", str(ROOT / ".build/release/martlet"))
PURCHASES = 60
HOSTILE = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script>"


def free_port(count):
    """The first of so many ports in a row that nobody uses."""
    for first in range(21_000, 60_000, 100):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise RuntimeError("no free ports")


class Net:
    """A network of four nodes with a shop that sold a little."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="martlet-console-")
        ports = free_port(8)
        words = [PROGRAM, "up", f"--dir={self.folder}", "--nodes=4", "--json"]
        words += [f"--port={ports + 4}", f"--rpc-port={ports}"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        lines = ""
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("martlet up ended: " + lines)
            lines += line
            try:
                json.loads(lines)
                break
            except ValueError:
                continue
        self.url = f"http://127.0.0.1:{ports}"
        sample = (ROOT / "contracts/data/CDNOW_sample.txt").read_text().splitlines()[:PURCHASES]
        small = pathlib.Path(self.folder) / "small.txt"
        small.write_text("\n".join(sample) + "\n")
        demo = [PROGRAM, "demo", "shop", f"--dir={self.folder}", f"--data={small}"]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, timeout=120)

    def stop(self):
        """Ends the network and takes its folder away."""
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.net = None if "CONSOLE_URL" in os.environ else Net()
        cls.url = os.environ.get("CONSOLE_URL") or cls.net.url
        cls.player = sync_playwright().start()
        cls.browser = cls.player.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.player.stop()
        if cls.net:
            cls.net.stop()

    def setUp(self):
        self.faults = []
        self.hosts = set()

    def page(self, path="/", scheme="light", width=1280, height=860):
        """A new page at a path of the console, whose every complaint is kept."""
        context = self.browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}
        )
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.goto(self.url + "/#" + path)
        return page

    def rows(self, page):
        return page.get_by_role("list", name="Newest blocks").get_by_role("listitem")

    def picture(self, page, name):
        if "SCREENSHOTS" in os.environ:
            page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{name}.png")

    def call(self, page, method, *params):
        """The result of a call that the page itself makes."""
        return page.evaluate(
            """async ([method, params]) => (await (await fetch('/', {method: 'POST', headers:
            {'content-type': 'application/json'}, body: JSON.stringify({jsonrpc: '2.0', id: 1,
            method, params})})).json()).result""",
            [method, list(params)],
        )

    def search(self, page, text):
        page.keyboard.press("/")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    def test_every_page_loads_without_complaint_and_asks_only_its_node(self):
        page = self.page()
        expect(page).to_have_title("Overview · Martlet console")
        expect(self.rows(page).first).to_be_visible()
        expect(page.get_by_role("img", name=re.compile(r"\d of \d validators are here"))).to_be_visible()
        self.picture(page, "overview-light")
        for name, heading in (("Shop", "Jane's shop"), ("Network", "Network")):
            page.get_by_role("link", name=name, exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
            page.wait_for_timeout(1_000)
            self.picture(page, f"{name.lower()}-light")
        self.assertEqual(self.faults, [])
        self.assertEqual(self.hosts, {self.url.split("/")[2]})

    def test_blocks_arrive(self):
        page = self.page()
        first = self.rows(page).first.get_by_role("link").inner_text()
        expect(self.rows(page).first.get_by_role("link")).not_to_have_text(first, timeout=20_000)

    def test_a_node_that_is_away_is_said_to_be(self):
        page = self.page()
        expect(page.get_by_role("status")).to_contain_text("chain")
        page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        expect(page.get_by_role("status")).to_have_text("no answer")
        expect(page.get_by_role("alert")).to_contain_text("This node does not answer.")
        page.unroute_all()
        expect(page.get_by_role("status")).to_contain_text("chain")
        expect(page.get_by_role("alert")).to_be_hidden()

    def test_search_finds_blocks_transactions_and_accounts(self):
        page = self.page()
        expect(self.rows(page).first).to_be_visible()
        topic = page.evaluate(
            "async () => (await import('/contracts.js')).contract('Orders').topics.get('Ordered')"
        )
        ordered = self.call(page, "eth_getLogs", {"fromBlock": "0x0", "topics": [topic]})[0]
        height = int(ordered["blockNumber"], 16)
        title = page.get_by_role("heading", level=1)
        self.search(page, str(height))
        expect(title).to_contain_text(f"Block {height:,}")
        expect(page.get_by_text(ordered["blockHash"]).first).to_be_visible()
        self.search(page, ordered["blockHash"])
        expect(page).to_have_url(re.compile("#/block/0x"))
        expect(title).to_contain_text(f"Block {height:,}")
        self.search(page, ordered["transactionHash"])
        expect(title).to_contain_text("Order of")
        expect(page.get_by_text("Ordered", exact=True)).to_be_visible()
        self.picture(page, "transaction-light")
        self.search(page, "0x" + ordered["topics"][1][26:])
        expect(title).to_contain_text("Account")
        expect(page.get_by_text("Customer of the shop")).to_be_visible()
        expect(page.locator(".card", has_text="Purchase").get_by_role("row").last).to_contain_text("$")
        self.picture(page, "account-light")
        self.search(page, ordered["address"])
        expect(title).to_contain_text("Orders")
        self.search(page, "no such thing")
        expect(page.get_by_text("Nothing here is called")).to_be_visible()
        self.search(page, "999999999")
        expect(page.get_by_text("There is no such block here: 999999999.")).to_be_visible()
        self.search(page, hex(height))
        expect(title).to_contain_text(f"Block {height:,}")
        for odd in ("/missing/%E0%A4%A", "/missing/%3Cb%3E", "/network/x", "/block/-1", "//"):
            page.goto(f"{self.url}/#{odd}")
            expect(page.get_by_text("Nothing here is called")).to_be_visible()
        self.assertEqual(self.faults, [])

    def test_the_shop_shows_its_sums(self):
        page = self.page("/shop")
        expect(page.get_by_role("img", name=re.compile("Sales by week"))).to_be_visible()
        sold = page.locator(".tile", has_text="Sold").inner_text()
        self.assertRegex(sold, r"\$[\d,]+\.\d\d")
        if self.net:
            lines = (ROOT / "contracts/data/CDNOW_sample.txt").read_text().split("\n")[:PURCHASES]
            cents = sum(round(float(line.split()[4]) * 100) for line in lines)
            self.assertIn(f"${cents // 100:,}.{cents % 100:02}", sold)
        self.assertEqual(self.faults, [])

    def test_all_can_be_done_by_keyboard(self):
        page = self.page()
        expect(self.rows(page).first).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        for _ in range(4):
            page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Shop", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Jane's shop")
        expect(page.get_by_role("main")).to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("searchbox")).not_to_be_focused()

    def test_everything_that_can_be_used_has_a_name(self):
        for path in ("/", "/shop", "/network", "/block/1"):
            page = self.page(path)
            page.wait_for_timeout(1_500)
            nameless = page.evaluate(
                """() => [...document.querySelectorAll('a, button, input, [role=img]')].filter(e =>
                !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))
                .map(e => e.outerHTML)"""
            )
            self.assertEqual(nameless, [], path)

    def test_light_and_dark(self):
        def paper(page):
            return page.evaluate("getComputedStyle(document.body).backgroundColor")

        page = self.page(scheme="dark")
        expect(self.rows(page).first).to_be_visible()
        page.wait_for_timeout(1_000)
        self.assertEqual(paper(page), "rgb(14, 18, 23)")
        self.picture(page, "overview-dark")
        page.get_by_role("button", name="Switch between light and dark").click()
        self.assertEqual(paper(page), "rgb(245, 246, 248)")
        page.reload()
        self.assertEqual(paper(page), "rgb(245, 246, 248)")

    def test_no_page_is_wider_than_a_phone(self):
        for path in ("/", "/shop", "/network", "/block/1"):
            page = self.page(path, width=360, height=740)
            page.wait_for_timeout(1_500)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360, path)
            cut = page.evaluate(
                """() => [...document.querySelectorAll('main span, main dd, main dt, main td')]
                .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
                .map(e => e.textContent)"""
            )
            self.assertEqual(cut, [], path)
            if path == "/":
                self.picture(page, "overview-phone")

    def test_text_from_the_network_is_never_markup(self):
        def poison(route):
            if route.request.method != "POST":
                return route.continue_()
            answer = route.fetch()
            told = answer.json()
            for each in told if isinstance(told, list) else [told]:
                result = each.get("result")
                if isinstance(result, dict):
                    if "peers" in result:
                        result["peers"] = result["peerId"] = [HOSTILE]
                        result["version"] = HOSTILE
                        for validator in result["validators"]:
                            validator["peerId"] = HOSTILE
                    for key in ("stateRoot", "parentHash", "input", "to"):
                        if key in result:
                            result[key] = HOSTILE
                if isinstance(result, str) and len(result) > 500:
                    each["result"] = HOSTILE
            return route.fulfill(response=answer, json=told)

        page = self.page("/network")
        expect(page.get_by_role("row").nth(1)).to_be_visible()
        page.route("**/*", poison)
        page.reload()
        for path in ("/", "/network", "/block/1", "/shop", "/account/0xd7845726b7c8c1ccc6fc7e1336cd585db499bbdc"):
            page.goto(self.url + "/#" + path)
            page.wait_for_timeout(1_500)
            self.assertIsNone(page.evaluate("window.hurt ?? null"), path)
            self.assertEqual(page.locator("img[src=x]").count(), 0, path)
        # The page asks on, and goes away in the middle of an answer.
        page.unroute_all(behavior="ignoreErrors")

    def test_the_policy_stops_scripts_that_the_node_did_not_serve(self):
        page = self.page()
        expect(self.rows(page).first).to_be_visible()
        page.evaluate(
            """() => { const s = document.createElement('script');
            s.textContent = 'window.hurt = 1'; document.body.append(s); }"""
        )
        self.assertIsNone(page.evaluate("window.hurt ?? null"))

    def test_a_node_can_be_killed_and_started_again_and_cut_off(self):
        if not self.net:
            self.skipTest("CONSOLE_URL names a network that is not the test's own to disturb")
        page = self.page("/network")
        row = page.get_by_role("row").nth(4)
        expect(row).to_contain_text("here", timeout=30_000)
        for act, undo in (("Kill", "Restart"), ("Cut off", "Rejoin")):
            page.get_by_role("button", name=f"{act} node 3").click()
            expect(page.get_by_text(f"{act}: node 3, done.")).to_be_visible()
            expect(row).to_contain_text("away", timeout=30_000)
            self.picture(page, f"network-{act.lower().replace(' ', '-')}")
            page.get_by_role("button", name=f"{undo} node 3").click()
            expect(page.get_by_text(f"{undo}: node 3, done.")).to_be_visible()
            expect(row).to_contain_text("here", timeout=45_000)


if __name__ == "__main__":
    unittest.main()
