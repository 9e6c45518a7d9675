"""Every command with words that are missing, wrong or hostile: one line, and the code that fits."""

import subprocess

from program import Case

TO = "--to=0x" + "11" * 20


class Words(Case):
    def test_not_understood(self):
        """What cannot be meant is refused with code 2, before anything is done."""
        for text, *words in (
            ("unknown command: foo", "foo"),
            ("did you mean status?", "stats"),
            ("did you mean demo shop?", "demo"),
            ("did you mean evm statetest?", "evm", "stattest"),
            ("did you mean evm statetest or evm blocktest or", "evm", "everything"),
            ("no such command: foo", "help", "foo"),
            ("missing: create, import or list", "key"),
            ("unknown: frob", "key", "frob"),
            ("missing: SOURCE", "key", "import"),
            ("unknown: --light", "key", "list", "--light"),
            ("--dir needs a value", "init", "--dir="),
            ("--dir needs a value", "up", "--dir"),
            ("--json takes no value", "up", "--json=yes"),
            ("--dir is given twice", "up", "--dir=a", "--dir=b"),
            ("options are written --key=value", "up", "-n"),
            ("did you mean --nodes?", "up", "--node=4"),
            ("--nodes=0: expected 1 to 128", "up", "--nodes=0"),
            ("--nodes=-1: expected 1 to 128", "init", "--nodes=-1"),
            ("--nodes=many: expected a whole number", "demo", "shop", "--nodes=many"),
            ("--port=70000: expected a number from 0", "init", "--port=70000"),
            ("--port=65530: expected 1 to 65529", "init", "--port=65530"),
            ("--host=foo: expected a numeric address", "init", "--host=foo"),
            ("--chain-id=0: expected 1 to", "init", "--chain-id=0"),
            ("--interval=99999999999: expected 0 to 86400000", "up", "--interval=99999999999"),
            ("--fund=0x: expected an address", "init", "--fund=0x"),
            ("missing: --to=ADDRESS", "send"),
            ("missing: --key=FILE", "send", TO),
            ("--to=0x00: expected an address", "send", "--to=0x00"),
            ("--value=1e18: expected an amount", "send", TO, "--value=1e18"),
            ("--data=0xz: expected hexadecimal digits", "send", TO, "--data=0xz"),
            ("--seconds=-1: expected 0 to", "send", TO, "--key=k", "--seconds=-1"),
            ("--rpc=foo: expected http://ADDRESS:PORT", "send", TO, "--key=k", "--rpc=foo"),
            ("--rpc=https://a:1: expected", "status", "--rpc=https://a:1"),
            ("--rpc and --dir", "status", "--rpc=http://127.0.0.1:1", "--dir=x"),
            ("--rpc=x: expected", "demo", "shop", "--rpc=x"),
            ("cannot open /nowhere: no such file", "node", "--config=/nowhere"),
            ("--rpc=foo: expected ADDRESS:PORT", "node", "--rpc=foo"),
            ("--log=loud: expected debug, info", "node", "--log=loud"),
            ("--log-format=x: expected text or json", "node", "--log-format=x"),
            ("--nodes=33: expected 1 to 32", "simulate", "--nodes=33"),
            ("--seeds=0: expected 1 to", "simulate", "--seeds=0"),
            ("only one of them counts", "simulate", "--hours=1", "--seconds=2"),
            ("--seconds=18446744073709551615: expected 1 to", "simulate",
             f"--seconds={2**64 - 1}"),
            ("--hours=nan: expected", "simulate", "--hours=nan"),
            ("--fault=x: expected quorum or volatile", "simulate", "--fault=x"),
            ("missing: --code=FILE", "evm", "run"),
            ("--gas=-1: expected 0 to", "evm", "run", "--code=x", "--gas=-1"),
            ("--fork=Rome: expected one of Frontier", "evm", "run", "--code=x", "--fork=Rome"),
            ("--sender=zz: expected an address", "evm", "run", "--code=x", "--sender=zz"),
            ("missing: PATH", "evm", "statetest"),
        ):
            self.refused(2, text, *words)
        self.assertEqual([p.name for p in self.folder.iterdir()], [])

    def test_not_done(self):
        """What is understood and cannot be done is told with its reason and code 1."""
        (self.folder / "bad").write_text("zz")
        for text, *words in (
            ("cannot open /nowhere: no such file", "key", "import", "/nowhere"),
            ("neither a keystore nor 64", "key", "import", "bad"),
            ("no terminal to ask on", "key", "create"),
            ("cannot open /nowhere", "key", "create", "--password-file=/nowhere"),
            ("cannot open genesis.json: no such file", "node"),
            ("bad: not a directory", "init", "--dir=bad"),
            ("cannot create folder /proc/x", "up", "--dir=/proc/x"),
            ("cannot reach 127.0.0.1 port 1: connection refused", "status",
             "--rpc=http://127.0.0.1:1"),
            ("cannot open nokey: no such file", "send", TO, "--key=nokey"),
            ("/nowhere is not there", "demo", "shop", "--data=/nowhere"),
            ("bad: ", "demo", "shop", "--data=bad"),
            ("cannot open /nowhere", "evm", "run", "--code=/nowhere"),
            ("bad is not hexadecimal", "evm", "run", "--code=bad"),
            ("is a directory", "evm", "run", "--code=/"),
            ("cannot open /nowhere", "evm", "statetest", "/nowhere"),
        ):
            self.refused(1, text, *words)
        code, out, err = self.run_program("evm", "statetest", "bad")
        self.assertEqual((code, out), (1, "0 of 0 cases pass\n"))
        self.assertIn("1 files unreadable", err)

    def test_help(self):
        """Every command that the table names has a help text, which fits a terminal."""
        table = self.done("help")
        names = [line[2:].split("  ")[0] for line in table.splitlines() if line.startswith("  ")]
        self.assertIn("demo shop", names)
        self.assertGreater(len(names), 10)
        for name in names:
            text = self.done("help", *name.split())
            self.assertTrue(text.startswith(f"martlet {name}"), name)
            self.assertLessEqual(max(map(len, text.splitlines())), 100, name)
            self.assertEqual(text, self.done(*name.split(), "--help"))
        self.assertEqual(self.run_program()[0], 2)
        self.assertRegex(self.done("--version"), r"^martlet/\d+\.\d+\.\d+\n$")

    def test_standard_input(self):
        """A dash stands for standard input."""
        code = "600160020160005260206000f3"
        out = self.done("evm", "run", "--code=-", "--json", stdin=code)
        self.assertIn('"output":"0x' + "0" * 63 + '3"', out)

    def test_closed_output(self):
        """Who stops reading ends the program without a word."""
        out = subprocess.run("\"$MARTLET\" help 2>&1 | head -n 1", shell=True, capture_output=True,
                             text=True, check=True).stdout
        self.assertEqual(len(out.splitlines()), 1)
