"""How soon a delivery begins after the commit, and how a long queue is worked off."""

from __future__ import annotations

import datetime
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from load_rows import copy_rows
from load_submit import CODE, KEYS, accepted_case, add_draft
from zope.interface import implementer

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.worker import Worker
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.submit import write_submission
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown, Verdict

AT_ONCE = 4
_OF_ONE_SUBMISSION = 100
_RULES = ReceiverRules(at_once=AT_ONCE)


@implementer(IDelivery)
@dataclass
class Clocked:
    """Takes everything at once, and keeps when each came."""

    resolves_unknown: ResolvesUnknown = ResolvesUnknown.SAFE_REPEAT
    came: dict[str, float] = field(default_factory=dict)

    def accepts(self, _parcel: Any) -> Verdict:
        return Verdict(ok=True)

    def send(self, parcel: Any) -> Outcome:
        self.came.setdefault(parcel.key, time.monotonic())
        return Outcome(OutcomeKind.DELIVERED, "201 Created", "case-1")


@dataclass
class Site:
    """A store, a worker, an engine and a receiver in this process."""

    store: SqlStore
    engine: Any
    receiver: Clocked
    database: sa.Engine

    @contextmanager
    def working(self) -> Iterator[None]:
        """The engine at work."""
        self.engine.start()
        try:
            yield
        finally:
            self.engine.stop(30)


def open_site(url: str, **engine_settings: float) -> Site:
    """With the engine that belongs to the database: embedded, or Procrastinate."""
    database = open_engine(url)
    upgrade(database)
    store = SqlStore(database, KeyRing(KEYS, "k1"))
    receiver = Clocked()
    worker = Worker(
        store,
        lambda _code, _delivery: Destination(receiver, "folder", "1.0"),
        lambda _case: (),
        lambda: datetime.datetime.now(tz=datetime.UTC),
        rules=lambda _code, _component: _RULES,
    )
    if url.startswith("sqlite"):
        engine: Any = EmbeddedEngine(worker, lambda: [CODE], at_once=AT_ONCE, **engine_settings)
    else:
        from selvbetjening_core.delivery.procrastinate_engine import (  # noqa: PLC0415
            ProcrastinateEngine,
        )
        from selvbetjening_core.delivery.procrastinate_tables import prepare  # noqa: PLC0415

        prepare(url)
        engine = ProcrastinateEngine(url, worker, lambda: [CODE], AT_ONCE, **engine_settings)
        worker.planned_by(engine)
    return Site(store, engine, receiver, database)


def commit_to_start(
    url: str, number: int, pause: float = 0.05, *, look_seconds: float | None = None
) -> float:
    """Seconds from the commit of SUBMIT to the receiver's door, which 95 of 100 stay within.

    :param look_seconds: how often the engine looks without being told; None: as usual
    """
    site = open_site(url, **_looking(url, look_seconds))
    committed: dict[str, float] = {}
    with site.working():
        time.sleep(1.5)
        for one in range(number):
            delivery_id = _submit(site, f"{one:06d}")
            committed[delivery_id] = time.monotonic()
            site.engine.wake()
            time.sleep(pause)
        _wait(lambda: committed.keys() <= site.receiver.came.keys(), 60)
    site.database.dispose()
    waits = [site.receiver.came[one] - at for one, at in committed.items()]
    return statistics.quantiles(waits, n=20)[-1]


def _looking(url: str, seconds: float | None) -> dict[str, float]:
    if seconds is None:
        return {}
    return {"poll_seconds" if url.startswith("sqlite") else "sweep_seconds": seconds}


def _submit(site: Site, name: str) -> str:
    """SUBMIT; the id of the delivery that is due at once."""
    add_draft(site.store, f"d-{name}")
    submission_id = f"s-{name}"
    context: Any = _Context(site.engine)
    with site.store.transaction(CODE) as work:
        write_submission(context, f"d-{name}", accepted_case(submission_id), work)
        return work.deliveries.of_submission(submission_id)[0].id


@dataclass
class _Context:
    queue: Any
    today: datetime.date = datetime.date(2026, 11, 2)


@dataclass(frozen=True)
class Drained:
    """How a queue was worked off, in seconds and in deliveries each second."""

    first: float
    early: float
    late: float


def drain(url: str, queued: int, seconds: float) -> Drained:
    """With so many due from the start: the first one, and the rates at either end of a while."""
    site = open_site(url)
    _fill(site, queued)
    begun = time.monotonic()
    with site.working():
        _wait(lambda: bool(site.receiver.came), 60)
        first = min(site.receiver.came.values()) - begun
        threading.Event().wait(seconds)
    site.database.dispose()
    since = sorted(one - begun - first for one in site.receiver.came.values())
    half = seconds / 2
    early = sum(one <= half for one in since)
    late = sum(half < one <= seconds for one in since)
    return Drained(first, early / half, late / half)


def _fill(site: Site, number: int) -> None:
    """So many deliveries that are due at once, of one component, about a hundred of a submission.

    Their submissions are real ones: what is copied to another row cannot be opened there.
    """
    submissions = max(1, number // _OF_ONE_SUBMISSION)
    for one in range(submissions):
        _submit(site, f"queued-{one:06d}")
    _copy(site.database, number // submissions - 1)


def _copy(engine: sa.Engine, number: int) -> None:
    """So many more of each first delivery, to as many destinations of the same component."""
    made = {
        "id": "one.id || '-' || n",
        "key": """one."key" || '-' || n""",
        "destination": "'to' || n",
        "position": "n",
    }
    with engine.begin() as connection:
        copy_rows(connection, "delivery", "position = 0", made, range(10, number + 10))


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.02)
