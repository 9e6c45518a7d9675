"""The shop's contracts, as shipped, in a second implementation of the EVM (revm).

python -m unittest Tests/External/contracts/test_contracts.py
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

import eth_abi
import pyrevm
from eth_account import Account
from eth_utils import keccak

ROOT = pathlib.Path(__file__).resolve().parents[3]
ETHER = 10**18
CENT = 10_000
DAY = 19970101
MERCHANT = Account.from_key(b"\x01" * 32)
JANE = Account.from_key(b"\x02" * 32)
BOB = Account.from_key(b"\x03" * 32)
UNLIMITED = 2**256 - 1


class Refused(Exception):
    """A call that was reverted; its text is the reason."""


class Contract:
    """A contract of the tree, deployed in an EVM."""

    def __init__(self, world, name, *arguments):
        made = json.loads((ROOT / "contracts/build" / f"{name}.json").read_text())
        self.world = world
        self.functions = {e["name"]: e for e in made["abi"] if e["type"] == "function"}
        self.events = {e["name"]: e for e in made["abi"] if e["type"] == "event"}
        birth = [e for e in made["abi"] if e["type"] == "constructor"]
        types = [i["type"] for i in birth[0]["inputs"]] if birth else []
        code = bytes.fromhex(made["bytecode"][2:]) + eth_abi.encode(types, arguments)
        self.address = world.deploy(MERCHANT.address, code)

    def __getattr__(self, name):
        return lambda *arguments, by=MERCHANT, value=0: self.call(name, arguments, by, value)

    def call(self, name, arguments, by, value):
        function = self.functions[name]
        types = [i["type"] for i in function["inputs"]]
        data = keccak(text=f"{name}({','.join(types)})")[:4] + eth_abi.encode(types, arguments)
        try:
            output = self.world.message_call(by.address, self.address, data, value, gas=16_000_000)
        except Exception as error:
            raise Refused(reason(error)) from None
        self.gas = self.world.result.gas_used
        results = eth_abi.decode([i["type"] for i in function["outputs"]], bytes(output))
        return results[0] if len(results) == 1 else results

    def logged(self, name):
        """The values of the last call's events of this name, in order of declaration."""
        event = self.events[name]
        types = [i["type"] for i in event["inputs"]]
        topic = "0x" + keccak(text=f"{name}({','.join(types)})").hex()
        found = []
        for log in self.world.result.logs:
            topics, data = log.topics, log.data[1] if isinstance(log.data, tuple) else log.data
            if topics[0] != topic or log.address.lower() != self.address.lower():
                continue
            plain = iter(eth_abi.decode([i["type"] for i in event["inputs"] if not i["indexed"]], bytes(data)))
            marked = iter(topics[1:])
            found.append(
                tuple(
                    eth_abi.decode([i["type"]], bytes.fromhex(next(marked)[2:]))[0] if i["indexed"] else next(plain)
                    for i in event["inputs"]
                )
            )
        return found


def reason(error):
    """Why a call was reverted, from the Error(string) that the EVM's words hold."""
    found = re.search("output: 0x08c379a0([0-9a-f]+)", str(error))
    return eth_abi.decode(["string"], bytes.fromhex(found[1]))[0] if found else "reverted"


def permit(token, owner, spender, amount, nonce, deadline, chain=1):
    """A permit's v, r and s (EIP-2612)."""
    message = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ],
        },
        "primaryType": "Permit",
        "domain": {"name": "Martlet Dollar", "version": "1", "chainId": chain, "verifyingContract": token.address},
        "message": {
            "owner": owner.address,
            "spender": spender,
            "value": amount,
            "nonce": nonce,
            "deadline": deadline,
        },
    }
    signed = owner.sign_typed_data(full_message=message)
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


class Compiled(unittest.TestCase):
    def test_the_code_in_the_tree_is_what_the_sources_compile_to(self):
        made = subprocess.run([sys.executable, ROOT / "contracts/compile", "--check"], capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)


class World(unittest.TestCase):
    def setUp(self):
        self.world = pyrevm.EVM()
        self.world.set_block_env(pyrevm.BlockEnv(timestamp=1_000_000))
        for account in (MERCHANT, JANE, BOB):
            self.world.set_balance(account.address, 1000 * ETHER)
        self.dollar = Contract(self.world, "Dollar")
        self.orders = Contract(self.world, "Orders", self.dollar.address)

    def refused(self, reason, call, *arguments, **options):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **options)
        self.assertEqual(str(caught.exception), reason)

    def welcome(self, customer, cents=100_000):
        """Gives a customer money and registers."""
        self.dollar.mint(customer.address, cents * CENT)
        signature = permit(self.dollar, customer, self.orders.address, UNLIMITED, 0, 2_000_000)
        self.orders.register(UNLIMITED, 2_000_000, *signature, by=customer)


class Shop(World):
    def test_a_purchase_goes_through_escrow_to_the_merchant(self):
        self.welcome(JANE)
        self.orders.order(7, DAY, 2, 2933, by=JANE)
        self.assertEqual(self.orders.logged("Ordered"), [(JANE.address.lower(), 7, DAY, 2, 2933)])
        self.assertEqual(self.dollar.balanceOf(self.orders.address), 2933 * CENT)
        self.assertEqual(self.dollar.balanceOf(JANE.address), (100_000 - 2933) * CENT)
        self.assertEqual(self.orders.purchase(JANE.address, 7), (1, DAY, 2, 2933))
        self.assertEqual(self.orders.summary(), (1, 1, 2933, 2933, 0, 0))
        self.orders.deliver([JANE.address], [7])
        self.assertEqual(self.dollar.balanceOf(MERCHANT.address), 2933 * CENT)
        self.assertEqual(self.dollar.balanceOf(self.orders.address), 0)
        self.assertEqual(self.orders.purchase(JANE.address, 7), (2, DAY, 2, 2933))
        self.assertEqual(self.orders.summary(), (1, 1, 2933, 0, 1, 0))

    def test_sums_per_customer_and_day(self):
        for customer in (JANE, BOB):
            self.welcome(customer)
        self.orders.order(1, DAY + 4, 1, 1177, by=JANE)
        self.orders.order(2, DAY, 3, 50, by=JANE)
        self.orders.order(3, DAY + 2, 5, 0, by=JANE)
        self.orders.order(1, DAY, 65_535, 1_000, by=BOB)
        self.assertEqual(self.orders.customer(JANE.address), (1, 3, 9, 1227, DAY, DAY + 4))
        self.assertEqual(self.orders.customer(BOB.address), (2, 1, 65_535, 1_000, DAY, DAY))
        self.assertEqual(self.orders.customer(MERCHANT.address), (0,) * 6)
        self.assertEqual(
            self.orders.totals([JANE.address, MERCHANT.address, BOB.address]), ((3, 0, 1), (1227, 0, 1000))
        )
        self.assertEqual(self.orders.totals_by_day([DAY, DAY + 1, DAY + 4]), ((2, 0, 1), (1050, 0, 1177)))
        self.assertEqual(self.orders.stages([JANE.address, JANE.address], [3, 4]), (1, 0))

    def test_the_same_purchase_is_refused_twice_and_another_customers_is_not(self):
        for customer in (JANE, BOB):
            self.welcome(customer)
        self.orders.order(7, DAY, 1, 100, by=JANE)
        self.refused("purchase known already", self.orders.order, 7, DAY, 1, 100, by=JANE)
        self.refused("purchase known already", self.orders.order, 7, DAY + 1, 2, 0, by=JANE)
        self.orders.order(7, DAY, 1, 100, by=BOB)
        self.orders.cancel(JANE.address, 7, by=JANE)
        self.refused("purchase known already", self.orders.order, 7, DAY, 1, 100, by=JANE)
        self.assertEqual(self.orders.totals([JANE.address, BOB.address]), ((0, 1), (0, 100)))

    def test_cancelling_returns_the_price_and_counts_in_no_sum(self):
        self.welcome(JANE)
        self.orders.order(1, DAY, 2, 500, by=JANE)
        self.orders.order(2, DAY, 3, 700, by=JANE)
        self.orders.cancel(JANE.address, 1, by=JANE)
        self.assertEqual(self.orders.logged("Cancelled"), [(JANE.address.lower(), 1, 500)])
        self.orders.cancel(JANE.address, 2)
        self.assertEqual(self.dollar.balanceOf(JANE.address), 100_000 * CENT)
        self.assertEqual(self.orders.customer(JANE.address)[:4], (1, 0, 0, 0))
        self.assertEqual(self.orders.totals_by_day([DAY]), ((0,), (0,)))
        self.assertEqual(self.orders.summary(), (1, 0, 0, 0, 0, 2))
        self.refused("not awaiting delivery", self.orders.cancel, JANE.address, 1, by=JANE)
        self.refused("not awaiting delivery", self.orders.deliver, [JANE.address], [1])

    def test_delivery_is_the_merchants_and_once(self):
        self.welcome(JANE)
        self.orders.order(1, DAY, 2, 500, by=JANE)
        self.orders.order(2, DAY, 2, 600, by=JANE)
        self.refused("only the merchant", self.orders.deliver, [JANE.address], [1], by=JANE)
        self.refused("not awaiting delivery", self.orders.deliver, [JANE.address] * 2, [1, 1])
        self.refused("not awaiting delivery", self.orders.deliver, [JANE.address] * 2, [1, 9])
        self.refused("lists differ in length", self.orders.deliver, [JANE.address], [1, 2])
        self.assertEqual(self.orders.summary()[3], 1100)
        self.orders.deliver([JANE.address] * 2, [2, 1])
        self.assertEqual(self.orders.logged("Delivered")[0], (JANE.address.lower(), 2, 600))
        self.refused("not awaiting delivery", self.orders.deliver, [JANE.address], [1])
        self.refused("not awaiting delivery", self.orders.cancel, JANE.address, 1, by=JANE)
        self.assertEqual(self.dollar.balanceOf(MERCHANT.address), 1100 * CENT)

    def test_cancelling_is_the_customers_or_the_merchants(self):
        for customer in (JANE, BOB):
            self.welcome(customer)
        self.orders.order(1, DAY, 2, 500, by=JANE)
        self.refused("not yours to cancel", self.orders.cancel, JANE.address, 1, by=BOB)
        self.refused("not awaiting delivery", self.orders.cancel, BOB.address, 1, by=BOB)

    def test_what_an_order_may_not_be(self):
        self.refused("not registered", self.orders.order, 1, DAY, 1, 100, by=JANE)
        self.welcome(JANE, cents=1000)
        order = self.orders.order
        self.refused("balance too low", order, 1, DAY, 1, 1001, by=JANE)
        self.refused("no such day", order, 1, 0, 1, 1, by=JANE)
        self.refused("no such day", order, 1, 2**255, 1, 1, by=JANE)
        self.refused("too many discs", order, 1, DAY, 65_536, 1, by=JANE)
        self.refused("price too great", order, 1, DAY, 1, 1_000_000_001, by=JANE)
        self.refused("price too great", order, 1, DAY, 1, UNLIMITED, by=JANE)
        self.refused("purchase number too great", order, 2**64, DAY, 1, 1, by=JANE)
        self.assertEqual(self.orders.summary(), (1, 0, 0, 0, 0, 0))
        order(2**64 - 1, DAY, 1, 1000, by=JANE)
        self.assertEqual(self.orders.purchase(JANE.address, 2**64 - 1), (1, DAY, 1, 1000))

    def test_the_greatest_orders_stay_within_their_fields(self):
        self.welcome(JANE, cents=10**12)
        for number in range(300):
            self.orders.order(number, 99_991_231, 65_535, 1_000_000_000, by=JANE)
        self.assertEqual(
            self.orders.customer(JANE.address),
            (1, 300, 300 * 65_535, 300 * 10**9, 99_991_231, 99_991_231),
        )
        self.assertEqual(self.orders.summary(), (1, 300, 300 * 10**9, 300 * 10**9, 0, 0))
        self.orders.deliver([JANE.address] * 300, list(range(300)))
        self.assertEqual(self.orders.summary(), (1, 300, 300 * 10**9, 0, 300, 0))

    def test_registering_takes_a_permit_of_ones_own(self):
        register = self.orders.register
        of_bob = permit(self.dollar, BOB, self.orders.address, UNLIMITED, 0, 2_000_000)
        self.refused("bad permit", register, UNLIMITED, 2_000_000, *of_bob, by=JANE)
        late = permit(self.dollar, JANE, self.orders.address, UNLIMITED, 0, 999_999)
        self.refused("bad permit", register, UNLIMITED, 999_999, *late, by=JANE)
        register(UNLIMITED, 2_000_000, *of_bob, by=BOB)
        self.assertEqual(self.orders.logged("Registered"), [(BOB.address.lower(), 1)])
        self.assertEqual(self.dollar.nonces(BOB.address), 1)
        self.refused("registered already", register, UNLIMITED, 2_000_000, *of_bob, by=BOB)

    def test_a_permit_brought_by_another_does_not_keep_its_owner_out(self):
        signature = permit(self.dollar, JANE, self.orders.address, UNLIMITED, 0, 2_000_000)
        self.dollar.permit(JANE.address, self.orders.address, UNLIMITED, 2_000_000, *signature, by=BOB)
        self.orders.register(UNLIMITED, 2_000_000, *signature, by=JANE)
        self.assertEqual(self.orders.customer(JANE.address)[0], 1)


class Token(World):
    def permit(self, *arguments, by=BOB):
        self.dollar.permit(*arguments, by=by)

    def test_only_the_issuer_mints_and_supply_never_wraps(self):
        self.refused("only the issuer", self.dollar.mint, JANE.address, 1, by=JANE)
        self.dollar.mint(JANE.address, UNLIMITED)
        self.refused("reverted", self.dollar.mint, BOB.address, 1)
        self.assertEqual(self.dollar.totalSupply(), UNLIMITED)
        self.dollar.burn(5, by=JANE)
        self.assertEqual(self.dollar.totalSupply(), UNLIMITED - 5)
        self.refused("balance too low", self.dollar.burn, 1, by=BOB)

    def test_transfers(self):
        self.dollar.mint(JANE.address, 100)
        self.assertTrue(self.dollar.transfer(BOB.address, 60, by=JANE))
        self.assertEqual(self.dollar.logged("Transfer"), [(JANE.address.lower(), BOB.address.lower(), 60)])
        self.refused("balance too low", self.dollar.transfer, BOB.address, 41, by=JANE)
        self.refused("no receiver", self.dollar.transfer, "0x" + "00" * 20, 1, by=JANE)
        self.dollar.transfer(JANE.address, 40, by=JANE)
        self.assertEqual([self.dollar.balanceOf(a.address) for a in (JANE, BOB)], [40, 60])

    def test_allowances(self):
        self.dollar.mint(JANE.address, 100)
        self.refused("allowance too low", self.dollar.transferFrom, JANE.address, BOB.address, 1, by=BOB)
        self.dollar.approve(BOB.address, 10, by=JANE)
        self.dollar.transferFrom(JANE.address, BOB.address, 4, by=BOB)
        self.assertEqual(self.dollar.allowance(JANE.address, BOB.address), 6)
        self.refused("allowance too low", self.dollar.transferFrom, JANE.address, BOB.address, 7, by=BOB)
        self.dollar.approve(BOB.address, UNLIMITED, by=JANE)
        self.dollar.transferFrom(JANE.address, BOB.address, 50, by=BOB)
        self.assertEqual(self.dollar.allowance(JANE.address, BOB.address), UNLIMITED)

    def test_a_permit_counts_once_for_its_words_only(self):
        v, r, s = permit(self.dollar, JANE, BOB.address, 77, 0, 2_000_000)
        refused, act = self.refused, self.permit
        refused("permit not signed by owner", act, JANE.address, BOB.address, 78, 2_000_000, v, r, s)
        refused("permit not signed by owner", act, JANE.address, MERCHANT.address, 77, 2_000_000, v, r, s)
        refused("permit not signed by owner", act, "0x" + "00" * 20, BOB.address, 77, 2_000_000, 9, r, s)
        act(JANE.address, BOB.address, 77, 2_000_000, v, r, s)
        self.assertEqual(self.dollar.allowance(JANE.address, BOB.address), 77)
        refused("permit not signed by owner", act, JANE.address, BOB.address, 77, 2_000_000, v, r, s)
        other = permit(self.dollar, JANE, BOB.address, 77, 1, 2_000_000, chain=5)
        refused("permit not signed by owner", act, JANE.address, BOB.address, 77, 2_000_000, *other)
        late = permit(self.dollar, JANE, BOB.address, 77, 1, 999_999)
        refused("permit expired", act, JANE.address, BOB.address, 77, 999_999, *late)

    def test_the_twin_of_a_signature_is_refused(self):
        order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
        v, r, s = permit(self.dollar, JANE, BOB.address, 77, 0, 2_000_000)
        twin = (order - int.from_bytes(s, "big")).to_bytes(32, "big")
        self.refused(
            "permit malleable", self.permit, JANE.address, BOB.address, 77, 2_000_000, 55 - v, r, twin
        )


class Purse(World):
    def test_many_are_funded_at_once(self):
        purse = Contract(self.world, "Disperse")
        accounts = [Account.from_key(bytes([9]) * 31 + bytes([n + 1])).address for n in range(100)]
        self.dollar.mint(MERCHANT.address, 10**9)
        self.dollar.approve(purse.address, UNLIMITED)
        units = [n * CENT for n in range(100)]
        purse.fund(self.dollar.address, accounts, units, ETHER // 100, value=ETHER)
        self.assertLess(purse.gas // 100, 75_000)
        wei, held = purse.balances(self.dollar.address, accounts)
        self.assertEqual((list(wei), list(held)), ([ETHER // 100] * 100, units))
        self.refused("value is not the sum", purse.fund, self.dollar.address, accounts, units, 2, value=199)
        self.refused("lists differ in length", purse.fund, self.dollar.address, accounts, units[1:], 0)
        self.refused("allowance too low", purse.fund, self.dollar.address, accounts, units, 0, by=JANE)


if __name__ == "__main__":
    unittest.main()
