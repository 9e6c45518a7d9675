"""`martlet import`: chains that others made, from each of the two forms that clients write."""

import importlib.util
import json
import pathlib
import subprocess
import unittest

from program import Case

SHARE = pathlib.Path("../shared/conformance/ethereum")
OLD = SHARE / "07-mainnet/era1.tar.zst"
NEW = SHARE / "05-execution-apis/execution-apis.tar.zst"

# The beginning of the test network Sepolia, from its public genesis file.
SEPOLIA = json.loads((pathlib.Path(__file__).parent / "sepolia.json").read_text())


class Import(Case):
    def unpack(self, archive):
        subprocess.run(["tar", "--zstd", "-xf", archive.resolve(), "-C", self.folder], check=True)

    @unittest.skipUnless(OLD.exists(), f"no {OLD}: no archive of blocks is imported")
    def test_archive(self):
        """The first 8,192 blocks of Sepolia: the state's root of each is that of its header."""
        self.unpack(OLD)
        (self.folder / "genesis.json").write_text(json.dumps(SEPOLIA))
        file = next(self.folder.rglob("sepolia-00000-*.era1"))
        words = ("import", file, "--genesis=genesis.json", "--data=db")
        said = self.done(*words, seconds=300)
        self.assertRegex(said, r"^head 8191 0x[0-9a-f]{64}\n$")
        self.assertEqual(self.done(*words), said)
        self.refuse_damaged(file)

    @unittest.skipUnless(OLD.exists(), f"no {OLD}: no archive of blocks is imported")
    def test_first_era(self):
        """The first 8,192 blocks of the main chain, from the genesis in the executable specification."""
        self.unpack(OLD)
        package = importlib.util.find_spec("ethereum").submodule_search_locations[0]
        genesis = json.loads((pathlib.Path(package) / "assets/mainnet.json").read_text())
        known = {name: value for name, value in genesis.items() if value is not None}
        (self.folder / "genesis.json").write_text(json.dumps(known))
        file = next(self.folder.rglob("mainnet-00000-*.era1"))
        said = self.done("import", file, "--genesis=genesis.json", "--data=db", seconds=300)
        self.assertRegex(said, r"^head 8191 0x[0-9a-f]{64}\n$")

    def refuse_damaged(self, file):
        packed = bytearray(file.read_bytes())
        packed[100] ^= 1
        (self.folder / "wrong.era1").write_bytes(packed)
        self.refused(1, "packing", "import", "wrong.era1", "--genesis=genesis.json", "--data=db")

    @unittest.skipUnless(NEW.exists(), f"no {NEW}: no chain of every fork is imported")
    def test_chain(self):
        """A chain that goes through every fork ends in the block that its makers say."""
        self.unpack(NEW)
        tests = next(self.folder.rglob("chain.rlp")).parent
        head = json.loads((tests / "headfcu.json").read_text())["params"][0]["headBlockHash"]
        words = ("import", tests / "chain.rlp", f"--genesis={tests / 'genesis.json'}", "--data=db")
        said = self.done(*words)
        self.assertTrue(said.endswith(f" {head}\n"), said)
        self.assertEqual(self.done(*words), said)
        cut = (tests / "chain.rlp").read_bytes()[:-1]
        (self.folder / "cut.rlp").write_bytes(cut)
        self.refused(1, "truncated", "import", "cut.rlp", f"--genesis={tests / 'genesis.json'}",
                     "--data=db")
        self.refused(1, "", "import", "cut.rlp", "--genesis=nowhere.json", "--data=db")
