"""Deliveries per second: two worker processes against two plain loops.

Both find the same cases, take a row of the ledger, note that an attempt begins,
open the case, hand it to a receiver in their own process that takes it at once,
and note how it ended. The plain loop is what a good engineer writes in an
afternoon: ``FOR UPDATE SKIP LOCKED``, three commits, no limit for each receiver, no
unknown, no order, no pause.
"""

from __future__ import annotations

import datetime
import json
import multiprocessing
import statistics
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import sqlalchemy as sa
from load_submit import CODE, KEYS, accepted_case
from zope.interface import implementer

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.procrastinate_engine import ProcrastinateEngine
from selvbetjening_core.delivery.procrastinate_tables import prepare
from selvbetjening_core.delivery.worker import Limits, Worker
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.records import Delivery, DeliveryState, SubmissionFacts
from selvbetjening_core.store.crypto import Cell, KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown, Verdict

WORKERS = 2
AT_ONCE = 8
RESTS = 0.0
"""How long our receiver keeps a worker; more than nothing is a planted fault."""
_LONGEST_SECONDS = 300
_RULES = ReceiverRules(at_once=WORKERS * AT_ONCE)
_TAKE = (
    "SELECT id, submission_id FROM delivery WHERE municipality = %s AND component = 'journal'"
    " AND state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_TAKEN = (
    "UPDATE delivery SET state = 'sending', lease_until = now() + interval '10 s',"
    " due_at = now() + interval '10 s', changed_at = now() WHERE municipality = %s AND id = %s"
)
_BEGIN = (
    "INSERT INTO delivery_attempt (municipality, delivery_id, number, plugin, plugin_version,"
    " started_at) VALUES (%s, %s, 1, 'folder', '1.0', now())"
)
_BEGUN = "UPDATE delivery SET attempts = 1 WHERE municipality = %s AND id = %s"
_READ = "SELECT actor, principal, answers, rest FROM submission WHERE municipality = %s AND id = %s"
_END = (
    "UPDATE delivery_attempt SET ended_at = now(), outcome = 'delivered', evidence = %s"
    " WHERE municipality = %s AND delivery_id = %s AND number = 1"
)
_ENDED = (
    "UPDATE delivery SET state = 'delivered', lease_until = NULL, remote_reference = 'case-1',"
    " changed_at = now() WHERE municipality = %s AND id = %s"
)


@implementer(IDelivery)
@dataclass
class Receiver:
    """Takes everything at once."""

    rests: float = 0.0
    resolves_unknown: ResolvesUnknown = ResolvesUnknown.SAFE_REPEAT

    def accepts(self, _parcel: Any) -> Verdict:
        return Verdict(ok=True)

    def send(self, _parcel: Any) -> Outcome:
        if self.rests:
            time.sleep(self.rests)
        return Outcome(OutcomeKind.DELIVERED, "201 Created", "case-1")


def fill(url: str, number: int) -> None:
    """So many submissions, each with one delivery that is due, and no jobs."""
    engine = open_engine(url)
    upgrade(engine)
    store = SqlStore(engine, KeyRing(KEYS, "k1"))
    for first in range(0, number, 100):
        with store.transaction(CODE) as work:
            for one in range(first, min(first + 100, number)):
                _add(work, f"s-{one:08d}")
    engine.dispose()


def _add(work: Any, submission_id: str) -> None:
    now = work.now()
    accepted = accepted_case(submission_id)
    facts = SubmissionFacts(accepted.definition_sha256, accepted.plugin_versions, submission_id)
    case = replace(accepted.case, receipt_number=f"R-{submission_id}", received_at=now)
    work.submissions.add(case, facts)
    work.deliveries.add(
        Delivery(
            id=f"l-{submission_id}",
            submission_id=submission_id,
            destination="case_system",
            component="journal",
            key=f"l-{submission_id}",
            position=0,
            state=DeliveryState.WAITING,
            due_at=now,
            created_at=now,
            changed_at=now,
        )
    )


def _run_ours(url: str, begin: Any, stop: Any, rests: float) -> None:
    worker = Worker(
        SqlStore(open_engine(url), KeyRing(KEYS, "k1")),
        lambda _code, _delivery: Destination(Receiver(rests), "folder", "1.0"),
        lambda _case: (),
        lambda: datetime.datetime.now(tz=datetime.UTC),
        Limits(),
        rules=lambda _code, _component: _RULES,
    )
    engine = ProcrastinateEngine(url, worker, lambda: [CODE], AT_ONCE, sweep_seconds=0.5)
    worker.planned_by(engine)
    begin.wait()
    engine.start()
    stop.wait()
    engine.stop(10)


def _run_plain(url: str, begin: Any, stop: Any, _rests: float) -> None:
    keys = KeyRing(KEYS, "k1")
    begin.wait()
    threads = [
        threading.Thread(target=_loop, args=(url, keys, stop), daemon=True) for _ in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(10)


def _loop(url: str, keys: KeyRing, stop: Any) -> None:
    receiver = Receiver()
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.is_set():
            if not _deliver(connection, keys, receiver):
                time.sleep(0.02)


def _deliver(connection: psycopg.Connection[Any], keys: KeyRing, receiver: Receiver) -> bool:
    with connection.transaction():
        row = connection.execute(_TAKE, (CODE,)).fetchone()
        if row is None:
            return False
        delivery_id, submission_id = row
        connection.execute(_TAKEN, (CODE, delivery_id))
    with connection.transaction():
        connection.execute(_BEGIN, (CODE, delivery_id))
        connection.execute(_BEGUN, (CODE, delivery_id))
    found = connection.execute(_READ, (CODE, submission_id)).fetchone()
    assert found is not None
    outcome = receiver.send(_opened(keys, submission_id, found))
    evidence = keys.seal(
        Cell(CODE, "delivery_attempt", f"{delivery_id}.1", "evidence"), outcome.evidence
    )
    with connection.transaction():
        connection.execute(_END, (evidence, CODE, delivery_id))
        connection.execute(_ENDED, (CODE, delivery_id))
    return True


def _opened(keys: KeyRing, submission_id: str, row: tuple[Any, ...]) -> list[Any]:
    actor, principal, answers, rest = row
    sealed = {"actor": actor, "principal": principal, "rest": rest}
    sealed |= {f"answers.{name}": token for name, token in answers.items()}
    return [
        json.loads(keys.open(Cell(CODE, "submission", submission_id, name), token))
        for name, token in sealed.items()
    ]


_RUNS = {"ours": _run_ours, "plain": _run_plain}


def per_second(url: str, who: str, number: int) -> float:
    """Deliver all of ``number``; how many each second, from the first attempt to the last end."""
    context = multiprocessing.get_context("spawn")
    begin, stop = context.Event(), context.Event()
    if who == "ours":
        prepare(url)
    processes = [
        context.Process(target=_RUNS[who], args=(url, begin, stop, RESTS), daemon=True)
        for _ in range(WORKERS)
    ]
    for process in processes:
        process.start()
    time.sleep(2)
    begin.set()
    try:
        return _await(url, number)
    finally:
        stop.set()
        for process in processes:
            process.join(20)


def _await(url: str, number: int) -> float:
    deadline = time.monotonic() + _LONGEST_SECONDS
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    statement = sa.text(
        "SELECT count(*), extract(epoch from max(ended_at) - min(started_at))"
        " FROM delivery_attempt WHERE outcome = 'delivered'"
    )
    while time.monotonic() < deadline:
        with engine.begin() as connection:
            done, seconds = connection.execute(statement).one()
        if done == number:
            engine.dispose()
            return number / float(seconds)
        time.sleep(0.2)
    raise AssertionError(f"{done} of {number} were delivered in {_LONGEST_SECONDS} seconds")


def ratio(new_database: Any, rounds: int, number: int) -> tuple[float, float, float]:
    """Ours over plain, and both in deliveries each second: medians of turns taken."""
    found: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(rounds):
        for who, rates in found.items():
            url = new_database()
            fill(url, number)
            rates.append(per_second(url, who, number))
    pairs = zip(found["ours"], found["plain"], strict=True)
    ours, plain = (statistics.median(found[who]) for who in ("ours", "plain"))
    return statistics.median(a / b for a, b in pairs), ours, plain
