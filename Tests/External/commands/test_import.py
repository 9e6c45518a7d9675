"""`martlet import`: chains that others made, from each of the two forms that clients write."""

import json
import pathlib
import subprocess
import unittest

from program import Case

SHARE = pathlib.Path("../shared/conformance/ethereum")
OLD = SHARE / "07-mainnet/era1.tar.zst"
NEW = SHARE / "05-execution-apis/execution-apis.tar.zst"

MILLION = hex(10**24)
# The beginning of the test network Sepolia, from its public genesis file.
SEPOLIA = {
    "config": {
        "chainId": 11155111, "homesteadBlock": 0, "eip150Block": 0, "eip155Block": 0,
        "eip158Block": 0, "byzantiumBlock": 0, "constantinopleBlock": 0, "petersburgBlock": 0,
        "istanbulBlock": 0, "muirGlacierBlock": 0, "berlinBlock": 0, "londonBlock": 0,
        "mergeNetsplitBlock": 1735371, "shanghaiTime": 1677557088},
    "timestamp": "0x6159af19", "gasLimit": "0x1c9c380", "difficulty": "0x20000", "nonce": "0x0",
    "extraData": "0x" + b"Sepolia, Athens, Attica, Greece!".hex(),
    "alloc": {
        "a2a6d93439144ffe4d27c9e088dcd8b783946263": {"balance": MILLION},
        "bc11295936aa79d594139de1b2e12629414f3bdb": {"balance": MILLION},
        "7cf5b79bfe291a67ab02b393e456ccc4c266f753": {"balance": MILLION},
        "aaec86394441f915bce3e6ab399977e9906f3b69": {"balance": MILLION},
        "f47cae1cf79ca6758bfc787dbd21e6bdbe7112b8": {"balance": MILLION},
        "d7eddb78ed295b3c9629240e8924fb8d8874ddd8": {"balance": MILLION},
        "8b7f0977bb4f0fbe7076fa22bc24aca043583f5e": {"balance": MILLION},
        "e2e2659028143784d557bcec6ff3a0721048880a": {"balance": MILLION},
        "d9a5179f091d85051d3c982785efd1455cec8699": {"balance": MILLION},
        "beef32ca5b9a198d27b4e02f4c70439fe60356cf": {"balance": MILLION},
        "0000006916a87b82333f4245046623b23794c65c": {"balance": hex(10**25)},
        "b21c33de1fab3fa15499c62b59fe0cc3250020d1": {"balance": hex(10**26)},
        "10f5d45854e038071485ac9e402308cf80d2d2fe": {"balance": hex(10**26)},
        "d7d76c58b3a519e9fa6cc4d22dc017259bc49f1e": {"balance": hex(10**26)},
        "799d329e5f583419167cd722962485926e338f4a": {"balance": hex(10**18)}}}


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
