"""Runs cases by the program under test, many in one process."""

import json
import os
import pathlib
import subprocess
import tempfile

from case import Account, Outcome, data, number

ENGINES = ("plain", "decoded", "tiered")
NOTHING = Outcome("unknown", logs=bytes(32), root=bytes(32))


def outcome(result):
    """What one member of the answer says."""
    told = result.get("outcome")
    if told is None:
        return Outcome("unreadable", reason=result.get("error", ""))
    return Outcome(
        told["status"], gas=number(told["gasUsed"]) if "gasUsed" in told else None,
        output=data(told["output"]) if "output" in told else None, logs=data(told["logs"]),
        root=data(result["stateRoot"]), reason=told.get("reason", ""),
        accounts={data(key): Account.read(value) for key, value in told["alloc"].items()},
    )  # fmt: skip


def run(cases, engine):
    """What comes of each case, in order."""
    tests = {f"{index}": case.test(NOTHING) for index, case in enumerate(cases)}
    with tempfile.TemporaryDirectory(prefix="martlet-") as folder:
        path = pathlib.Path(folder) / "cases.json"
        path.write_text(json.dumps(tests))
        words = [os.environ["MARTLET"], "evm", "statetest", path, "--dump", f"--engine={engine}"]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
            results = {result["name"]: result for result in json.loads(done.stdout)}
            return [outcome(results[f"{index}"]) for index in range(len(cases))]
        except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError) as error:
            # One of them brought it down: which one shows when they run apart.
            if len(cases) == 1:
                return [Outcome("crashed", reason=f"{error}")]
    half = len(cases) // 2
    return run(cases[:half], engine) + run(cases[half:], engine)
