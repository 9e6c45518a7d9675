"""The fuzzer itself: its cases come again, and it finds what is wrong and makes it small."""

import importlib
import unittest

import differ
import generate
import martlet
import spec
from case import Case


class Differ(unittest.TestCase):
    def test_cases(self):
        """A case is the same each time, and as a state test still the same case."""
        for index in range(50):
            case = generate.case(5, index)
            self.assertEqual(case, generate.case(5, index))
            test = case.test(martlet.NOTHING)
            self.assertEqual(Case.read(case.name, test).test(martlet.NOTHING), test)
        self.assertNotEqual(generate.case(5, 0).accounts, generate.case(6, 0).accounts)

    def test_fault(self):
        """A wrong instruction is found among a few hundred cases, and shown in a few bytes."""
        spec.Rules.of("Osaka")
        table = importlib.import_module("ethereum.forks.osaka.vm.instructions")
        arithmetic = importlib.import_module("ethereum.forks.osaka.vm.instructions.arithmetic")
        right = table.op_implementation[table.Ops.MOD]
        self.addCleanup(table.op_implementation.__setitem__, table.Ops.MOD, right)
        table.op_implementation[table.Ops.MOD] = arithmetic.div

        def differs(cases):
            return differ.compare(cases, ("tiered",))

        cases = [generate.case(8, index, ["Osaka"]) for index in range(200)]
        found = next(case for case, said in zip(cases, differs(cases)) if said)
        small = differ.shrunk(found, differs, seconds=30)
        codes = [account.code for account in small.accounts.values() if account.code]
        self.assertLess(sum(map(len, codes)) + len(small.transaction.input), 120)
        self.assertIn(0x06, b"".join([*codes, small.transaction.input]))


if __name__ == "__main__":
    unittest.main()
