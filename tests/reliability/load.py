"""What it costs never to lose anything: ratios against work written by hand.

Run by ``tox run -e load``. Everything is measured in turns with what it is
compared with, on the same machine in the same minutes.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import load_deliveries
import load_faults
import load_grown
import load_queue
import load_submit
import psycopg
import sqlite_processes
import suite
from postgres import Postgres

from selvbetjening_core.store.engine import open_engine, upgrade

SUBMIT_BOUND = 2.0
DELIVERIES_BOUND = 0.35
START_BOUND = 0.100
FIRST_BOUND = 2.0
SLOWING_BOUND = 0.7
GROWN_BOUND = 1.5
# As many as are worked off in about as long as it is measured.
_SHORT_QUEUE = 1_000


class Bounds:
    """The figures, and what was missed."""

    def __init__(self) -> None:
        self.figures: dict[str, object] = {}
        self.missed: list[str] = []

    def at_most(self, name: str, value: float, bound: float, unit: str = "") -> None:
        self._keep(name, value, unit)
        if value > bound:
            self.missed.append(f"{name}: {value:.3g}{unit}, at most {bound}{unit}")

    def at_least(self, name: str, value: float, bound: float, unit: str = "") -> None:
        self._keep(name, value, unit)
        if value < bound:
            self.missed.append(f"{name}: {value:.3g}{unit}, at least {bound}{unit}")

    def _keep(self, name: str, value: float, unit: str = "") -> None:
        self.figures[name] = f"{value:.3g}{unit}"


def run(options: suite.Options) -> suite.Result:
    """All of it, or with a planted fault what that fault must turn red."""
    bounds = Bounds()
    with _places() as (folder, postgres), load_faults.planted(options.fault):
        for measure in load_faults.FOUND_BY.get(options.fault, MEASURES):
            MEASURES[measure](bounds, options, folder, postgres)
    return suite.Result(bounds.figures, bounds.missed)


def _submit(bounds: Bounds, options: suite.Options, folder: Path, postgres: Postgres) -> None:
    rounds = options.many(31, 7)
    for name, url in (
        ("sqlite", f"sqlite:///{folder}/submit.db"),
        ("postgresql", postgres.new_database()),
    ):
        engine = open_engine(url)
        upgrade(engine)
        with contextlib.closing(_by_hand(url)) as connection:
            found = load_submit.ratio(engine, connection, rounds)
        engine.dispose()
        bounds.at_most(f"SUBMIT on {name}, of one by hand", found.value, SUBMIT_BOUND, " x")


def _by_hand(url: str) -> sqlite3.Connection | psycopg.Connection[tuple[object, ...]]:
    if not url.startswith("sqlite"):
        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _deliveries(bounds: Bounds, options: suite.Options, _folder: Path, postgres: Postgres) -> None:
    rounds, number = options.many(5, 1), options.many(3000, 400)
    value, ours, plain = load_deliveries.ratio(postgres.new_database, rounds, number)
    bounds.at_least("deliveries a second, of a plain loop's", value, DELIVERIES_BOUND, " x")
    bounds.figures["deliveries a second"] = f"{ours:.0f} and {plain:.0f}"


def _start(bounds: Bounds, options: suite.Options, folder: Path, postgres: Postgres) -> None:
    number = options.many(400, 40)
    for name, url in (
        ("sqlite", f"sqlite:///{folder}/start.db"),
        ("postgresql", postgres.new_database()),
    ):
        seconds = load_queue.commit_to_start(url, number)
        bounds.at_most(f"commit to start on {name}, p95", seconds, START_BOUND, " s")


def _queue(bounds: Bounds, options: suite.Options, folder: Path, postgres: Postgres) -> None:
    queued, seconds = options.many(100_000, 40_000), options.many(40, 6)
    for name, small, url in (
        ("sqlite", f"sqlite:///{folder}/short-queue.db", f"sqlite:///{folder}/queue.db"),
        ("postgresql", postgres.new_database(), postgres.new_database()),
    ):
        few = load_queue.drain(small, _SHORT_QUEUE, 2)
        found = load_queue.drain(url, queued, seconds)
        bounds.at_most(f"first of {queued} on {name}", found.first, FIRST_BOUND, " s")
        told = f"rate with {queued} queued on {name}, of with {_SHORT_QUEUE}"
        bounds.at_least(told, found.late / max(few.early, 0.001), SLOWING_BOUND, " x")
        slowing = found.late / max(found.early, 0.001)
        bounds.at_least(f"rate later on {name}, of the first", slowing, SLOWING_BOUND, " x")


def _grown(bounds: Bounds, options: suite.Options, folder: Path, postgres: Postgres) -> None:
    number, rounds = options.many(1_000_000, 20_000), options.many(15, 5)
    for name in ("sqlite", "postgresql"):
        small, large = (
            load_grown.opened(
                f"sqlite:///{folder}/grown-{count}.db"
                if name == "sqlite"
                else postgres.new_database(),
                count,
            )
            for count in (1_000, number)
        )
        load_faults.spoil(large.engine, options.fault)
        for question, value in load_grown.ratios(small, large, rounds).items():
            told = f"{question} with {number} on {name}, of 1000"
            bounds.at_most(told, value, GROWN_BOUND, " x")
        for one in (small, large):
            one.engine.dispose()


def _processes(bounds: Bounds, options: suite.Options, _folder: Path, _postgres: Postgres) -> None:
    found = sqlite_processes.run(options)
    bounds.figures |= {f"{name}, on sqlite": value for name, value in found.figures.items()}
    bounds.missed += found.missed


MEASURES = {
    "submit": _submit,
    "deliveries": _deliveries,
    "start": _start,
    "queue": _queue,
    "processes": _processes,
    "grown": _grown,
}


@contextlib.contextmanager
def _places() -> Iterator[tuple[Path, Postgres]]:
    folder = Path(tempfile.mkdtemp(prefix="load-"))
    postgres = Postgres()
    try:
        postgres.start()
        yield folder, postgres
    finally:
        postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(
        suite.main(
            "load",
            run,
            load_faults.FAULTS,
            title="What it costs",
            about="Ratios of medians, measured in turns with what they are compared with;"
            " equal work is checked first.",
        )
    )
