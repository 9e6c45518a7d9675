"""Runs random transactions through Martlet and through two other implementations, and compares.

Every case is run by each of Martlet's engines and by Ethereum's executable specification
(ethereum-execution): status, gas used, output, logs and the state's root must be the same. For the
forks from London to Cancun revm (pyrevm) is asked first, which is some twenty times as fast and
tells no root, and the specification only where the two differ; --judge=spec never asks revm. What
differs is made small and kept as a state test in the corpus, whose cases are run first, every time.

    MARTLET=PROGRAM Tests/External/differential/run [--seed=N] [--cases=N] ...

The same seed makes the same cases, in any number of processes.
"""

import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import sys
import time

import differ
import generate
import martlet
import spec
from case import FORKS, Case

HERE = pathlib.Path(__file__).parent
BATCH = 200
FOUND_LIMIT = 5
JUDGES = {"spec": differ.by_spec, "revm": differ.by_revm}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--seed", type=int, default=1, help="what the cases are made from (1)")
    add("--first", type=int, default=0, help="the number of the first case (0)")
    add("--cases", type=int, default=10_000, help="how many (10000)")
    add("--jobs", type=int, default=os.cpu_count(), help="processes (one for each processor)")
    add("--forks", default="", help="only these, with commas between: " + ",".join(FORKS))
    add("--engines", default=",".join(martlet.ENGINES), help="Martlet's engines (all)")
    add("--judge", choices=JUDGES, default="revm", help="who is asked first (revm)")
    add("--corpus", type=pathlib.Path, default=HERE / "corpus", help="where cases are kept")
    add("--replay", type=pathlib.Path, nargs="*", help="run these files and no others")
    add("--print", type=int, metavar="NUMBER", help="print one case as a state test and end")
    return parser.parse_args()


def kept(path):
    """The cases of a file of the corpus."""
    return [Case.read(name, test) for name, test in json.loads(path.read_text()).items()]


def written(case):
    return json.dumps({case.name: case.test(spec.run(case))}, indent=1) + "\n"


def run_batch(work):
    """Makes and compares some cases; answers with those that differ, and with what came of all."""
    seed, first, count, forks, engines, judge = work
    cases = [generate.case(seed, index, forks) for index in range(first, first + count)]
    outcomes = collections.Counter()

    def counted(case, found):
        outcomes[found.status] += 1
        return JUDGES[judge](case, found)

    said = differ.compare(cases, engines, counted)
    return [(case, what) for case, what in zip(cases, said) if what], outcomes


def shrink(case, engines):
    return differ.shrunk(case, lambda cases: differ.compare(cases, engines))


def keep(case, what, options, engines):
    print(f"DIFFERS {case.name} {case.fork}: {what}", flush=True)
    small = shrink(case, engines)
    options.corpus.mkdir(exist_ok=True)
    path = options.corpus / f"{case.name}.json"
    path.write_text(written(small))
    code = sum(len(account.code) for account in small.accounts.values())
    print(f"  kept as {path}: {len(small.accounts)} accounts, {code} bytes of code")


def run_corpus(paths, engines):
    """Runs the kept cases; the number that differ."""
    cases = [case for path in paths for case in kept(path)]
    said = differ.compare(cases, engines) if cases else []
    for case, what in zip(cases, said):
        if what:
            print(f"DIFFERS {case.name} {case.fork}: {what}")
    print(f"{sum(not what for what in said)} of {len(cases)} kept cases agree", flush=True)
    return sum(map(bool, said))


def run_random(options, forks, engines):
    """Runs random cases; the number that differ."""
    begin = time.monotonic()
    ends = range(options.first, options.first + options.cases, BATCH)
    last = options.first + options.cases
    work = [(options.seed, at, min(BATCH, last - at), forks, engines, options.judge) for at in ends]
    outcomes, differing = collections.Counter(), 0
    with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=20) as pool:
        for found, counted in pool.imap(run_batch, work):
            outcomes += counted
            for case, what in found:
                differing += 1
                if differing <= FOUND_LIMIT:
                    keep(case, what, options, engines)
                else:
                    print(f"DIFFERS {case.name} {case.fork}: {what}", flush=True)
    told = ", ".join(f"{count} {status}" for status, count in sorted(outcomes.items()))
    print(
        f"seed {options.seed}: {options.cases - differing} of {options.cases} random cases agree"
        f" ({told}) in {time.monotonic() - begin:.0f} s"
    )
    return differing


def main():
    options = arguments()
    forks = [name for name in options.forks.split(",") if name]
    engines = options.engines.split(",")
    if options.print is not None:
        print(written(generate.case(options.seed, options.print, forks)), end="")
        return 0
    paths = options.replay if options.replay is not None else sorted(options.corpus.glob("*.json"))
    differing = run_corpus(paths, engines)
    if options.replay is None:
        differing += run_random(options, forks, engines)
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())
