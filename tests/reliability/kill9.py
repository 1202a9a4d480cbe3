"""kill -9 of web, worker and database, at random and at every named step.

Accepted = delivered + visibly waiting + parked and told; nothing lost, nothing
doubled. And the commit itself: synced before the answer, and told honestly where it
ends in an error.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import commits
import strace
import suite
from commits import Cutter, Found
from dying import ATTEMPT_STEPS, SUBMIT_STEPS
from harness import JOURNAL, LETTERS, Installation
from kills import Lives, Site, at_once
from postgres import Postgres
from suite import Options, Result

FAULTS = {
    "no-sync": "SQLite and PostgreSQL are told not to sync at a commit",
    "server-no-sync": "PostgreSQL itself does not sync",
    "receipt-before-commit": "the receipt is shown a moment before the commit",
    "blind-repeat": "what nobody knows the end of is sent again to one that honours no keys",
    "row-after-commit": "the ledger's rows are written in a transaction after the submission's",
    "lost-row": "every second row of the ledger is forgotten",
    "error-swallowed": "a commit that ends in an error is taken for one that went well",
}
_OF_COMMITS = ("no-sync", "server-no-sync", "error-swallowed")
_STEPS = (SUBMIT_STEPS, ATTEMPT_STEPS)
# The receivers drop answers all the time, and are to be tried all the same.
_RULES = "".join(
    f"\n[delivery.{name}]\nat_once = 4\nfirst_wait_seconds = 1\nrest_after_failures = 1000\n"
    for name in (JOURNAL, LETTERS)
)
# Waits grow with each failure: what failed most is due again minutes later.
_SETTLE_SECONDS = 400
_PLANTED_SECONDS = 30


@dataclass
class Tally:
    """What all parts of a run came to."""

    figures: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, count: int) -> None:
        self.figures[name] = self.figures.get(name, 0) + count


def run(options: Options) -> Result:
    """Both databases: kills, crashes, and the commit."""
    tally = Tally()
    if options.fault not in _OF_COMMITS:
        _kills(options, tally)
    if options.fault in ("", *_OF_COMMITS):
        _commits(options, tally)
    return Result(tally.figures, tally.missed)


def _kills(options: Options, tally: Tally) -> None:
    with Installation(more=_RULES) as site:
        _kill(site, options, tally, options.many(500, 18), _crash_processes)
    if options.fault:
        return
    with _postgres() as server, Installation(server.new_database(), more=_RULES) as site:
        _kill(
            site, options, tally, options.many(200, 8), lambda under: _crash_server(under, server)
        )


def _kill(
    site: Installation,
    options: Options,
    tally: Tally,
    count: int,
    crash: Callable[[Site], None],
) -> None:
    under = Site(site, options.seed, options.fault)
    under.traffic.start()
    # A run of seconds takes as many steps as it has kills for.
    web, worker = (_times(options, 3 * len(steps), count // 2) for steps in _STEPS)
    with at_once(
        lambda: _lives(under.web, SUBMIT_STEPS, web, count // 2),
        lambda: _lives(under.worker, ATTEMPT_STEPS, worker, count - count // 2),
        lambda: _drop_answers(site, under),
    ):
        pass
    crashes = _times(options, 20, 1)
    if not options.fault:
        for _ in range(crashes):
            crash(under)
        tally.add("crashes of the database", crashes)
    # A few that nobody will know the end of, however few steps came to letters.
    site.letters.faults.drop_after = 3
    under.end(_PLANTED_SECONDS if options.fault else _SETTLE_SECONDS)
    _reckon(site, under, options, tally)


def _times(options: Options, whole: int, small: int) -> int:
    """How often, of what ``--count`` does not count."""
    return small if options.small or options.count else whole


def _lives(lives: Lives, steps: Sequence[str], at_steps: int, count: int) -> None:
    """Each step for the first time, for the second ..., then at random."""
    try:
        for nth, step in itertools.islice(itertools.product(range(1, 100), steps), at_steps):
            lives.at_step(step, nth)
        while lives.kills < count:
            lives.at_random()
    finally:
        lives.is_over = True
    # The other may not have come to its end, and lives of what this one does.
    lives.live_on()


def _drop_answers(site: Installation, under: Site) -> None:
    """Meanwhile receivers act and drop the connection, now and then."""
    while not (under.web.is_over and under.worker.is_over):
        site.honest.faults.drop_after = site.letters.faults.drop_after = 1
        time.sleep(2)
    site.honest.faults.drop_after = site.letters.faults.drop_after = 0


def _crash_processes(under: Site) -> None:
    """SQLite has no server: whoever has the file open dies at once, in the middle of writing."""
    under.live_on()
    time.sleep(0.4)
    under.die()


def _crash_server(under: Site, server: Postgres) -> None:
    """The server dies under processes that go on, and have to find it again."""
    under.live_on()
    time.sleep(0.3)
    server.kill()
    server.start()


def _reckon(site: Installation, under: Site, options: Options, tally: Tally) -> None:
    balance = site.balance(under.traffic.receipts)
    base = "PostgreSQL" if site.database.startswith("postgres") else "SQLite"
    for lives in (under.web, under.worker):
        tally.add(f"kills on {base}", lives.kills)
        tally.add("kills at named steps", lives.at_steps)
        if not options.fault:
            tally.missed += [f"never came to {one}" for one in lives.unreached]
    tally.add("receipts shown", len(set(under.traffic.receipts)))
    for name, value in balance.figures.items():
        tally.add(name, value)
    repeats = _blind_repeats(site)
    tally.add("blind repeats", repeats)
    tally.missed += balance.faults[:5]
    if repeats:
        tally.missed.append(f"{repeats} blind repeats to a receiver that honours no keys")
    # A planted fault must be found by what it does, not by how long it takes.
    if not options.fault and (balance.waiting or not balance.accepted):
        tally.missed.append(f"accepted {balance.accepted}, still waiting {balance.waiting}")


def _blind_repeats(site: Installation) -> int:
    asked = [line["key"] for line in site.journal.lines("asked") if line["receiver"] == LETTERS]
    return len(asked) - len(set(asked))


def _commits(options: Options, tally: Tally) -> None:
    found = Found()
    if strace.is_there():
        with Installation() as site:
            _commits_of_sqlite(site, options, found)
    else:
        found.missed.append("strace is not there, or may not trace")
    if options.fault != "error-swallowed":
        _commits_of_postgres(options, found)
    tally.add("answers after their sync", found.answers - found.early)
    tally.add("answers before their sync", found.early)
    tally.add("commits that ended in an error, told so", found.errors)
    tally.add("of these arrived", found.arrived)
    tally.missed += found.missed


def _commits_of_sqlite(site: Installation, options: Options, found: Found) -> None:
    if options.fault in ("", "no-sync"):
        commits.see_syncs(site, found, _times(options, 20, 2), options.fault)
    if options.fault in ("", "error-swallowed"):
        commits.fail_commits(site, found, _times(options, 10, 1), options.fault)


def _commits_of_postgres(options: Options, found: Found) -> None:
    settings = {"fsync": "off"} if options.fault == "server-no-sync" else {}
    with _postgres(**settings) as server:
        with Installation(server.new_database()) as site:
            commits.see_server_syncs(
                site, server.pid, found, _times(options, 20, 2), _planted(options)
            )
        if options.fault:
            return
        cutter = Cutter((server.host, server.port))
        url = server.new_database().replace(f":{server.port}/", f":{cutter.port}/")
        try:
            with Installation(url) as site:
                commits.cut_commits(site, cutter, found, _times(options, 10, 1), "")
        finally:
            cutter.close()


def _planted(options: Options) -> str:
    return "" if options.fault == "server-no-sync" else options.fault


@contextlib.contextmanager
def _postgres(**settings: str) -> Iterator[Postgres]:
    server = Postgres(**settings)
    try:
        server.start()
        yield server
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(
        suite.main(
            "kill9",
            run,
            FAULTS,
            title="kill -9",
            about=(
                "Web, worker and database are killed while citizens send: SQLite and PostgreSQL,\n"
                "at random and at every named step of SUBMIT and of an attempt. One receiver\n"
                "honours keys, the other does not and cannot be asked."
            ),
        )
    )
