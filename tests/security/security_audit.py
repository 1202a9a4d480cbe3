"""Is every falsification of the audit log found, by one who can write in the database?"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from unittest import mock

import suite
from audit_tamperings import TAMPERINGS, Tampering
from audit_world import HERE, Rows, World
from postgres import Postgres

from selvbetjening_core.store import audit, audit_chain, audit_check, audit_lines
from selvbetjening_core.store.crypto import KeyRing

ABOUT = (
    "Whoever can write in the database edits, deletes, puts in, cuts off, swaps and moves"
    " lines of the audit log and their seals, on SQLite and PostgreSQL, and signs them as"
    " well as can be done without the key. `selvbetjening audit verify`, with the exported"
    " heads, has to find each of them, and nothing in the log as it was written. Without a"
    " head, what is cut off at the end is not found: that is what the head is for."
)
FAULTS = {
    "mac-without-key": "the MAC of a line is a hash that anybody can make",
    "chain-not-linked": "a link is not made of the link before it",
    "missing-lines-pass": "a seal whose line is gone is passed over",
    "unsealed-lines-pass": "lines outside the chain are not looked at",
    "head-not-compared": "the exported heads are not compared with the chain",
}


@dataclass
class _Found:
    """What one database came to."""

    missed: list[str]
    tried: int = 0
    found: int = 0
    cut_off: int = 0
    cut_off_without_head: int = 0
    rate: int = 0


def run(options: suite.Options) -> suite.Result:
    """All tamperings on both databases."""
    with (
        _planted(options.fault),
        tempfile.TemporaryDirectory() as folder,
        _postgres() as postgres_url,
    ):
        urls = {"sqlite": f"sqlite:///{folder}/audit.db", "postgresql": postgres_url}
        each = {name: _on(url, options) for name, url in urls.items()}
    missed = [f"{name}: {one}" for name, here in each.items() for one in here.missed]
    figures: dict[str, object] = {
        "tamperings": sum(one.tried for one in each.values()),
        "found": sum(one.found for one in each.values()),
        "cut off": sum(one.cut_off for one in each.values()),
        "of these found without a head (control)": sum(
            one.cut_off_without_head for one in each.values()
        ),
    }
    figures |= {f"lines verified/s ({name})": one.rate for name, one in each.items()}
    return suite.Result(figures, missed)


@contextlib.contextmanager
def _postgres() -> Iterator[str]:
    server = Postgres()
    try:
        server.start()
        yield server.owned_by_plain_role(server.new_database())
    finally:
        server.remove()


def _on(url: str, options: suite.Options) -> _Found:
    world = World(url, options.many(300, 36))
    try:
        return _measure(world, options)
    finally:
        world.close()


def _measure(world: World, options: suite.Options) -> _Found:
    found = _Found([])
    whole = world.read()
    _must_be_clean(world, whole, found, "as it was written")
    other = world.other_course(whole)
    for tampering in TAMPERINGS:
        _try(world, tampering, whole, other, found)
    world.put(whole)
    _retired(world, found)
    found.rate = _rate(world, options.many(100_000, 3_000))
    return found


def _must_be_clean(world: World, rows: Rows, found: _Found, what: str) -> None:
    """Control: nothing is found where nothing is wrong."""
    kinds = world.found(rows)
    if kinds:
        found.missed.append(f"the log {what} is called {', '.join(sorted(kinds))}")


def _try(world: World, tampering: Tampering, whole: Rows, other: Rows, found: _Found) -> None:
    rows = deepcopy(whole)
    tampering.do(rows, deepcopy(other))
    found.tried += 1
    if world.found(rows):
        found.found += 1
    else:
        found.missed.append(f"not found: {tampering.name}")
    if tampering.is_cut_off:
        found.cut_off += 1
        if world.verify(None).findings:
            found.cut_off_without_head += 1
            found.missed.append(f"found without a head, so that it shows nothing: {tampering.name}")


def _retired(world: World, found: _Found) -> None:
    """What retention removes is told apart; one more line removed is not."""
    world.retire(days=2)
    world.heads.append(world.head())
    after = world.read()
    _must_be_clean(world, after, found, "after retention")
    if not world.verify(after.heads).retired:
        found.missed.append("nobody is told what retention removed")
    more = deepcopy(after)
    first = more.of(HERE)[1]
    more.lines = [one for one in more.lines if one["id"] != first["line_id"]]
    more.seals = [one for one in more.seals if one["position"] >= first["position"]]
    found.tried += 1
    if world.found(more):
        found.found += 1
    else:
        found.missed.append("not found: more of the beginning cut off than retention said")
    world.put(after)


def _rate(world: World, number: int) -> int:
    """How many lines are verified each second."""
    world.write(number, "many")
    world.seal()
    begun = time.perf_counter()
    lines = world.verify([world.head()]).lines
    return round(lines / (time.perf_counter() - begun))


@contextlib.contextmanager
def _planted(fault: str) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        if fault:
            _PLANT[fault](stack)
        yield


def _plain_hash(_self: KeyRing, _code: str, _purpose: str, _key_id: str, content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _mac_without_key(stack: contextlib.ExitStack) -> None:
    right = audit_lines.line_mac

    def without_key(*args: object) -> str:
        with mock.patch.object(KeyRing, "mac", _plain_hash):
            return right(*args)  # type: ignore[arg-type]

    for module in (audit, audit_lines, audit_chain, audit_check):
        stack.enter_context(mock.patch.object(module, "line_mac", without_key))


def _chain_not_linked(stack: contextlib.ExitStack) -> None:
    right = audit_chain.link_of

    def without_before(keys: KeyRing, code: str, _before: str, seal: audit_lines.Row) -> str:
        return right(keys, code, "", seal)  # type: ignore[arg-type]

    for module in (audit_chain, audit_check):
        stack.enter_context(mock.patch.object(module, "link_of", without_before))


def _patched(name: str, value: object) -> Callable[[contextlib.ExitStack], None]:
    def plant(stack: contextlib.ExitStack) -> None:
        stack.enter_context(mock.patch.object(audit_check._Reading, name, value))

    return plant


_PLANT: dict[str, Callable[[contextlib.ExitStack], None]] = {
    "mac-without-key": _mac_without_key,
    "chain-not-linked": _chain_not_linked,
    "missing-lines-pass": _patched("_conclude_gone", lambda _self: None),
    "unsealed-lines-pass": _patched("see_outside", lambda _self, _row: None),
    "head-not-compared": _patched("_is_there", lambda _self, _head: True),
}
