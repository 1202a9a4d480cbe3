"""What happens every day, with a thousand submissions in the database and with a million.

Both databases have as much that is on its way or parked; the rest has been
delivered. The questions are asked in turns, so that both meet the same noise.
"""

from __future__ import annotations

import datetime
import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from load_rows import copy_row
from load_submit import CODE, KEYS, accepted_case, add_draft, submit_ours

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.delivery.listing import unfinished_by_receiver
from selvbetjening_core.delivery.rules import slots
from selvbetjening_core.journey.records import Attempt, DeliveryState
from selvbetjening_core.journey.standing import standing_of
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.testing import cases
from selvbetjening_core.values import Outcome, OutcomeKind

UNFINISHED = 400
_EACH = 50_000
_RULES = ReceiverRules(at_once=10_000)
_COPIED: Mapping[str, Mapping[str, str]] = {
    "submission": {
        "id": "'s' || n",
        "receipt_number": "'R' || n",
        "draft_id": "'d' || n",
        "enquiry_code": "'E' || n",
    },
    "delivery": {
        "id": "'l' || n",
        "submission_id": "'s' || n",
        "key": "'l' || n",
    },
    "delivery_attempt": {"delivery_id": "'l' || n"},
    "audit": {"id": "'a' || n", "subject": "'s' || n"},
}


@dataclass
class Grown:
    """A database with so many submissions, and what is asked of it."""

    engine: sa.Engine
    number: int
    store: SqlStore = field(init=False)
    names: Any = field(default_factory=itertools.count)
    submitted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = SqlStore(self.engine, KeyRing(KEYS, "k1"))

    def fill(self) -> None:
        """Copies of one delivered submission, and some hundred that are on their way."""
        upgrade(self.engine)
        self.submit()
        _deliver_the_first(self.store)
        for first in range(0, self.number, _EACH):
            _copy(self.engine, first, min(first + _EACH, self.number))
        for _ in range(UNFINISHED):
            self.submit()
        _park_half(self.engine)
        if self.engine.dialect.name == "postgresql":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                # As long as it takes: it is no question of ours, and not measured.
                one.exec_driver_sql("SET statement_timeout = 0")
                one.exec_driver_sql("VACUUM ANALYZE")

    def submit(self) -> None:
        number = next(self.names)
        draft_id, submission_id = f"d-{number:08d}", f"s-{number:08d}"
        add_draft(self.store, draft_id)
        submit_ours(self.store, draft_id, accepted_case(submission_id))
        self.submitted.append(submission_id)

    def receipt(self) -> None:
        cpr = cases.a_person().cpr
        with self.store.transaction(CODE) as work:
            case = work.submissions.owned(self.submitted[-1], cpr)
            standing_of(work.deliveries, self.submitted[-1])
        assert case is not None

    def status(self) -> None:
        with self.store.transaction(CODE) as work:
            assert standing_of(work.deliveries, self.submitted[-2]) is not None

    def claim(self) -> None:
        with self.store.transaction(CODE) as work:
            now = work.now()
            lease = now + datetime.timedelta(seconds=10)
            claimed = work.deliveries.claim(now, lease, lambda one: slots(one, _RULES))
            assert claimed is not None
            work.deliveries.move(claimed[0].id, DeliveryState.WAITING, now, due_at=now)

    def overview(self) -> None:
        with self.store.transaction(CODE) as work:
            assert unfinished_by_receiver(work)

    def parked_page(self) -> None:
        with self.store.transaction(CODE) as work:
            assert work.deliveries.page(state=DeliveryState.PARKED, size=50)

    def search(self) -> None:
        with self.store.transaction(CODE) as work:
            found = work.submissions.by_receipt_number(f"R{self.number // 2}")
            assert found is not None
            assert work.deliveries.of_submission(found.id)
            assert work.submissions.by_enquiry_code(f"E{self.number // 2}")


QUESTIONS: Mapping[str, Callable[[Grown], None]] = {
    "submit": Grown.submit,
    "receipt": Grown.receipt,
    "status": Grown.status,
    "claim": Grown.claim,
    "overview": Grown.overview,
    "parked": Grown.parked_page,
    "search": Grown.search,
}


def ratios(small: Grown, large: Grown, rounds: int, each: int = 10) -> dict[str, float]:
    """By question: how much longer it takes in the large one. Medians of turns taken."""
    return {
        name: statistics.median(
            _time(ask, large, each) / _time(ask, small, each) for _ in range(rounds)
        )
        for name, ask in QUESTIONS.items()
    }


def _time(ask: Callable[[Grown], None], grown: Grown, each: int) -> float:
    ask(grown)
    times = []
    for _ in range(each):
        begun = time.perf_counter()
        ask(grown)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def opened(url: str, number: int) -> Grown:
    """A database that is filled."""
    grown = Grown(open_engine(url), number)
    grown.fill()
    return grown


def _deliver_the_first(store: SqlStore) -> None:
    """Attempts and ends as they are on record, for the copies to be made of."""
    with store.transaction(CODE) as work:
        now = work.now()
        for one in work.deliveries.of_submission("s-00000000"):
            work.deliveries.begin_attempt(Attempt(one.id, 1, "folder", "1.0", now))
            outcome = Outcome(OutcomeKind.DELIVERED, "201 Created", "case-1")
            work.deliveries.end_attempt(one.id, 1, outcome, now)
            work.deliveries.move(one.id, DeliveryState.DELIVERED, now)


def _copy(engine: sa.Engine, first: int, end: int) -> None:
    with engine.begin() as connection:
        for name, made in _COPIED.items():
            copy_row(connection, name, _FIRST[name], made, range(first, end))


_FIRST = {
    "submission": "id = 's-00000000'",
    "delivery": "submission_id = 's-00000000' AND position = 0",
    "delivery_attempt": "number = 1",
    "audit": "subject = 's-00000000'",
}


def _park_half(engine: sa.Engine) -> None:
    delivery = metadata.tables["delivery"]
    first_half = f"s-{UNFINISHED // 2:08d}"
    is_of_ours = delivery.c.submission_id.between("s-00000000", first_half)
    with engine.begin() as connection:
        connection.execute(
            sa.update(delivery)
            .where(delivery.c.state == DeliveryState.WAITING, is_of_ours)
            .values(state=DeliveryState.PARKED, reason="The receiver refused it.")
        )
