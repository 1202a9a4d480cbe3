"""The key changes while citizens send, and whoever changes it is killed in the middle."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
import suite
from harness import CODE, PROGRAM, Installation, eventually
from kills import Site
from postgres import Postgres

from selvbetjening_core.store import rotation
from selvbetjening_core.store.columns import Sealed, SealedMap
from selvbetjening_core.store.crypto import KeyRing, Unreadable
from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.key_file import read_key_file
from selvbetjening_core.store.rotating import key_use
from selvbetjening_core.store.rotation import sealed_tables
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import metadata

ABOUT = """Citizens send and a worker delivers, in processes of their own, while
`selvbetjening keys rotate` makes a new key and seals anew what is there. It is killed
with kill -9 in the middle, so are web and worker, and it is run again. In the end every
value is opened without the old keys."""
FAULTS = {
    "wrong-cell": "values are sealed anew for a place they do not stand in",
    "table-forgotten": "a table is neither sealed anew nor counted",
    "old-key-dropped": "the new key takes the place of the old one at once",
    "never-looks": "a running process keeps the keys it began with",
}
_PLANTED = (sys.executable, "-W", "ignore", str(Path(__file__).with_name("rotate_planted.py")))
_OF_THE_COMMAND = ("wrong-cell", "table-forgotten", "old-key-dropped")
_KEPT = "journal"
_SETTLE_SECONDS = 120
_COMMAND_SECONDS = 120


@dataclass
class Found:
    """What all parts of a run came to."""

    figures: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def run(options: suite.Options) -> suite.Result:
    """Two rotations on each database."""
    found = Found()
    with Installation() as site:
        _rotations(site, options, found)
    if not (options.small or options.fault):
        with _postgres() as server, Installation(server.new_database()) as site:
            _rotations(site, options, found)
    return suite.Result(dict(found.figures), found.missed)


@contextlib.contextmanager
def _postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _rotations(site: Installation, options: suite.Options, found: Found) -> None:
    under = _Under(site, options, found)
    under.begin(options.many(4000, 1200))
    under.rotate_killed(options.many(8, 1))
    under.rotate()
    under.end()


class _Under:
    """An installation with citizens, and somebody who changes its key."""

    def __init__(self, site: Installation, options: suite.Options, found: Found) -> None:
        self._site, self._found, self._fault = site, found, options.fault
        self._random = random.Random(options.seed)  # noqa: S311 - chance, not a secret
        self._web = Site(site, options.seed)
        self._keys = site.folder / "secrets" / "keys.json"
        self._kept: dict[str, bytes] = {}

    def begin(self, values: int) -> None:
        """Much that is there already; then web, worker and citizens."""
        self._start()
        self._web.traffic.start()
        self._kept = {f"key-{number}": b"%d" % number for number in range(values)}
        with self._site.store() as store, store.transaction(CODE) as work:
            for key, value in self._kept.items():
                work.component_values.put(_KEPT, key, value, None)
        self._sent()

    def rotate_killed(self, kills: int) -> None:
        """A rotation that is killed again and again, and ends when nobody kills it."""
        for _ in range(kills):
            process = self._command()
            self._kill_in_the_middle(process)
            self._found.figures["kills of the command"] += 1
        for life in (self._web.web, self._web.worker):
            life.last.kill()
        self._found.figures["kills of web and worker"] += 2
        self._start()
        self.rotate()

    def rotate(self) -> None:
        """To the end; then citizens go on for a while with the new key."""
        process = self._command()
        out, _ = process.communicate(timeout=_COMMAND_SECONDS)
        if process.returncode:
            self._found.missed.append(f"keys rotate ended with {process.returncode}: {out[-300:]}")
        self._found.figures["rotations"] += 1
        with contextlib.suppress(AssertionError):
            self._sent()

    def end(self) -> None:
        """Everybody comes to an end, and all is counted."""
        if self._fault:
            self._web.traffic.stop()
        else:
            self._web.end(_SETTLE_SECONDS)
            balance = self._site.balance(self._web.traffic.receipts)
            self._found.missed += balance.faults[:5]
            self._found.figures["lost"] += len(balance.lost)
        receipts = self._web.traffic.receipts
        self._found.figures["receipts shown"] += len(set(receipts))
        self._errors_shown()
        self._all_under_the_newest()

    def _errors_shown(self) -> None:
        shown = [one for one in self._web.traffic.pages if "500" in one[:6]]
        self._found.figures["pages about an error"] += len(shown)
        if shown:
            self._found.missed.append(f"{len(shown)} pages about an error: {shown[0]}")

    def _all_under_the_newest(self) -> None:
        keys = read_key_file(self._keys)
        newest = {name: keys.keys[name] for name in (keys.current, keys.index)}
        with self._site.store() as store:
            left = key_use(store).left(keys.current)
        alone = SqlStore(
            open_engine(self._site.database), KeyRing(newest, keys.current, keys.index)
        )
        try:
            opened, lost = _opened(alone), self._lost(alone)
        finally:
            alone.close()
        self._found.figures["values opened without the old keys"] += opened[True]
        self._count("unreadable", opened[False])
        self._count("left under an old key", left)
        self._count("kept values lost", lost)

    def _count(self, name: str, count: int) -> None:
        self._found.figures[name] += count
        if count:
            self._found.missed.append(f"{name}: {count}")

    def _lost(self, store: SqlStore) -> int:
        with store.transaction(CODE) as work:
            return sum(_kept(work, key) != value for key, value in self._kept.items())

    def _kill_in_the_middle(self, process: subprocess.Popen[str]) -> None:
        """Soon after the new key is in the file, or after it has begun to seal anew."""
        before = self._current()
        with contextlib.suppress(AssertionError):
            eventually(
                lambda: process.poll() is not None or self._current() != before or self._left(), 20
            )
        time.sleep(self._random.uniform(0.0, 0.15))
        process.kill()
        process.communicate()
        self._found.figures["of these with values left to seal"] += bool(self._left())

    def _left(self) -> int:
        with self._site.store() as store:
            return key_use(store).left(store.keys.current)

    def _current(self) -> str:
        current: str = json.loads(self._keys.read_text("ascii"))["current"]
        return current

    def _command(self) -> subprocess.Popen[str]:
        program: Sequence[str] = PROGRAM
        if self._fault in _OF_THE_COMMAND:
            program = (*_PLANTED, self._fault)
        return subprocess.Popen(
            [*program, "keys", "rotate", "--config", str(self._site.config)],
            env=self._site.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _start(self) -> None:
        program = (*_PLANTED, self._fault) if self._fault == "never-looks" else ()
        self._web.web.last = self._web.start_web(program)
        self._web.worker.last = self._web.start_worker(program)

    def _sent(self, more: int = 3) -> None:
        """Some more receipts have been shown."""
        wanted = len(self._web.traffic.receipts) + more
        eventually(lambda: len(self._web.traffic.receipts) >= wanted, 5 if self._fault else 60)


def _opened(store: SqlStore) -> Counter[bool]:
    """How many sealed values of all tables can be opened where they stand, and cannot."""
    found: Counter[bool] = Counter()
    for code in store.municipalities():
        with store.transaction(code) as work:
            for table in sealed_tables():
                found.update(_of_table(work._scope, metadata.tables[table]))
    return found


def _of_table(scope: Scope, table: sa.Table) -> Iterator[bool]:
    for row in scope.rows(table):
        row_id = rotation._ROW_IDS.get(table.name, "{id}").format_map(row)
        for column in table.columns:
            value = row[column.name]
            if isinstance(column.type, SealedMap):
                for name, token in (value or {}).items():
                    yield _opens(scope, table, row_id, f"{column.name}.{name}", token)
            elif isinstance(column.type, Sealed) and value is not None:
                yield _opens(scope, table, row_id, column.name, value)


def _opens(scope: Scope, table: sa.Table, row_id: str, field: str, token: str) -> bool:
    try:
        scope.open(table, row_id, field, token)
    except Unreadable:
        return False
    return True


def _kept(work: object, key: str) -> bytes | None:
    try:
        return work.component_values.get(_KEPT, key, work.now())
    except Unreadable:
        return None
