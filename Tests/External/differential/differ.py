"""Compares what implementations make of cases, and makes a case that differs small."""

import itertools
import time

import martlet
import revm
import spec
from case import text

NAMES = ("status", "gas", "output", "logs", "root")


def accounts_differ(expected, found):
    """What differs between two states, in one line."""
    parts = []
    for address in sorted(expected.keys() | found.keys()):
        one, other = expected.get(address), found.get(address)
        if one is None or other is None:
            parts.append(f"{text(address)} is {'missing' if other is None else 'too many'}")
            continue
        for name in ("balance", "nonce", "code"):
            if getattr(one, name) != getattr(other, name):
                was, now = text(getattr(one, name)), text(getattr(other, name))
                parts.append(f"{text(address)} {name} {now}, expected {was}")
        for slot in sorted(one.storage.keys() | other.storage.keys()):
            was, now = one.storage.get(slot, 0), other.storage.get(slot, 0)
            if was != now:
                parts.append(f"{text(address)} slot {text(slot)} {text(now)}, expected {text(was)}")
    return "; ".join(parts[:4])


def difference(expected, found):
    """How an outcome differs from what is expected; empty if it does not."""
    for name in NAMES:
        was, now = getattr(expected, name), getattr(found, name)
        if was is None or was == now:
            continue
        if name == "root":
            return f"root: {accounts_differ(expected.accounts, found.accounts or {})}"
        reasons = f" ({expected.reason} and {found.reason})" if name == "status" else ""
        shown = [text(value) if isinstance(value, (int, bytes)) else value for value in (now, was)]
        return f"{name} {shown[0]}, expected {shown[1]}{reasons}"
    if expected.root is None and expected.accounts is not None and found.accounts is not None:
        return accounts_differ(expected.accounts, found.accounts)
    return ""


def by_spec(case, found):
    """What the specification says against an outcome."""
    try:
        return difference(spec.run(case), found)
    except Exception as error:  # noqa: BLE001 - whatever it is, the case is worth a look.
        return f"the specification fails: {error!r}"


def by_revm(case, found):
    """The same, where revm agrees without asking the specification."""
    if revm.knows(case, found) and not difference(revm.run(case, found), found):
        return ""
    return by_spec(case, found)


def compare(cases, engines, judge=by_spec):
    """For each case what is wrong with it by some engine; empty if nothing is."""
    said = [""] * len(cases)
    first = martlet.run(cases, engines[0])
    for index, (case, found) in enumerate(zip(cases, first)):
        said[index] = judge(case, found)
    for engine in engines[1:]:
        for index, found in enumerate(martlet.run(cases, engine)):
            if found != first[index] and not said[index]:
                what = difference(first[index], found) or f"reason {found.reason}"
                said[index] = f"engine {engine}, not {engines[0]}: {what}"
    return said


def shrunk(case, differs, seconds=60):
    """The smallest case that is found within a time and still differs in the same way.

    `differs` takes several cases and answers with what differs in each.
    """
    end = time.monotonic() + seconds
    kind = differs([case])[0].split(" ")[0]
    is_smaller = True
    while is_smaller and time.monotonic() < end:
        is_smaller = False
        for reduction in REDUCTIONS:
            smaller = first_that_differs(reduction(case), differs, kind, end)
            while smaller is not None:
                case, is_smaller = smaller, True
                smaller = first_that_differs(reduction(case), differs, kind, end)
    return case


def first_that_differs(candidates, differs, kind, end, batch=24):
    """The first of some cases that differs in the way that is sought."""
    candidates = iter(candidates)
    while waiting := list(itertools.islice(candidates, batch)):
        for one, said in zip(waiting, differs(waiting)):
            if said.split(" ")[0] == kind:
                return one
        if time.monotonic() > end:
            break
    return None


def changed(case, change):
    """A copy of a case with one change."""
    result = case.copy()
    change(result)
    return result


def fewer_accounts(case):
    for address in case.accounts:
        if address != case.transaction.sender:
            yield changed(case, lambda one: one.accounts.pop(address))


def less_state(case):
    for address, account in case.accounts.items():
        if account.storage:
            yield changed(case, lambda one: one.accounts[address].storage.clear())
        for slot in account.storage:
            yield changed(case, lambda one: one.accounts[address].storage.pop(slot))
        if address != case.transaction.sender:
            if account.balance:
                yield changed(case, lambda one: setattr(one.accounts[address], "balance", 0))
            if account.nonce > 1:
                yield changed(case, lambda one: setattr(one.accounts[address], "nonce", 1))


def shorter(code):
    """Shorter forms of some bytes, the much shorter ones first."""
    if code:
        yield b""
    length = len(code) // 2
    while length:
        for start in range(0, len(code) - length + 1, length):
            yield code[:start] + code[start + length :]
        length //= 2


def plainer(code):
    """Forms of some bytes where a part does nothing, and the rest stays in its place."""
    length = len(code) // 2
    while length:
        for start in range(0, len(code) - length + 1, length):
            for filler in (b"\x5b", b"\x00"):
                part = code[start : start + length]
                if part.strip(b"\x5b\x00"):
                    yield code[:start] + filler * length + code[start + length :]
        length //= 2


def shorter_code(case):
    for address, account in case.accounts.items():
        for code in shorter(account.code):
            yield changed(case, lambda one: setattr(one.accounts[address], "code", code))


def plainer_code(case):
    for address, account in case.accounts.items():
        for code in plainer(account.code):
            yield changed(case, lambda one: setattr(one.accounts[address], "code", code))


def less_input(case):
    for input in (*shorter(case.transaction.input), *plainer(case.transaction.input)):
        yield changed(case, lambda one: setattr(one.transaction, "input", input))


def plainer_transaction(case):
    one = case.transaction
    if one.value:
        yield changed(case, lambda it: setattr(it.transaction, "value", 0))
    for name in ("access", "blobs", "authorizations"):
        for index in range(len(getattr(one, name) or [])):
            yield changed(case, lambda it: getattr(it.transaction, name).pop(index))
    if one.kind and one.to is not None:
        def legacy(it):
            it.transaction.price = revm.price(case)
            for name in ("fee", "tip", "access", "blobs", "blob_fee", "authorizations"):
                setattr(it.transaction, name, None)

        yield changed(case, legacy)
    for gas in (100_000, 1_000_000):
        if one.gas > gas:
            yield changed(case, lambda it: setattr(it.transaction, "gas", gas))


REDUCTIONS = (
    fewer_accounts, shorter_code, less_input, plainer_transaction, less_state, plainer_code,
)  # fmt: skip
