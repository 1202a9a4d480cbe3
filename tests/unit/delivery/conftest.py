"""A store on a real file, a receiver outside it, and workers that can be cut off."""

from __future__ import annotations

import datetime
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from zope.interface import implementer

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.worker import Limits, Worker
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery
from selvbetjening_core.journey.records import Delivery, DeliveryState, SubmissionFacts
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.testing import cases
from selvbetjening_core.values import (
    Address,
    Basis,
    CprNumber,
    Document,
    Outcome,
    OutcomeKind,
    Person,
    ResolvesUnknown,
    Verdict,
)

CODE = "0773"
START = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
PERSON = Person(
    CprNumber("2512484916"),
    "Nancy Ann Berggren",
    Address("dwelling-1", ("Nygade 7, 2. tv.", "7900 Nykøbing M"), CODE),
)


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Clock:
    now: datetime.datetime = START

    def __call__(self):
        return self.now

    def forward(self, **how):
        self.now += datetime.timedelta(**how)


@implementer(IDelivery)
@dataclass
class Receiver:
    """A system outside. What it has received outlives every worker.

    ``answers`` are outcomes to give, or exceptions to raise, before it begins
    to take what it is sent. ``cut`` raises Crash before or after the effect.
    """

    resolves_unknown: ResolvesUnknown = ResolvesUnknown.SAFE_REPEAT
    honours_keys: bool = True
    answers: list = field(default_factory=list)
    verdict: object = Verdict(ok=True)
    cut: str = ""
    parcels: list = field(default_factory=list)
    effects: list = field(default_factory=list)

    def accepts(self, parcel):
        if isinstance(self.verdict, BaseException):
            raise self.verdict
        return self.verdict

    def send(self, parcel):
        self.parcels.append(parcel)
        self._crash("before")
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            return answer
        if not (self.honours_keys and parcel.key in self.effects):
            self.effects.append(parcel.key)
        self._crash("after")
        return Outcome(OutcomeKind.DELIVERED, "200 taken", f"case-{len(self.effects)}")

    def _crash(self, moment):
        if self.cut == moment:
            self.cut = ""
            raise Crash


@implementer(IDeliveryQuery)
@dataclass
class AskableReceiver(Receiver):
    """One that can be asked."""

    resolves_unknown: ResolvesUnknown = ResolvesUnknown.QUERY
    honours_keys: bool = False
    asked: list = field(default_factory=list)
    query_answers: list = field(default_factory=list)

    def query(self, delivery):
        self.asked.append(delivery)
        if self.query_answers:
            answer = self.query_answers.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            return answer
        if delivery.key in self.effects:
            return Outcome(OutcomeKind.DELIVERED, "found", "case-found")
        return Outcome(OutcomeKind.TRANSIENT, "never arrived")


class CutStore:
    """A store whose process ends before or after its n-th commit."""

    def __init__(self, store, commit, moment):
        self._store = store
        self._left = commit
        self._moment = moment

    @contextmanager
    def transaction(self, municipality):
        self._left -= 1
        with self._store.transaction(municipality) as work:
            yield work
            if self._left == 0 and self._moment == "before":
                raise Crash
        if self._left == 0:
            raise Crash


def a_case(submission_id):
    parties = replace(cases.a_case().parties, actor=PERSON, principal=PERSON, basis=Basis.SELF)
    return cases.a_case(
        submission_id=submission_id,
        receipt_number=f"R-{submission_id}",
        received_at=START,
        parties=parties,
    )


def a_delivery(submission_id, destination="case_system", **more):
    key = f"{submission_id}-{destination}"
    row = Delivery(
        id=key,
        submission_id=submission_id,
        destination=destination,
        component=f"{destination}-component",
        key=key,
        position=0,
        state=DeliveryState.WAITING,
        due_at=START,
        created_at=START,
        changed_at=START,
    )
    return replace(row, **more)


def open_store(url, clock):
    engine = open_engine(url)
    upgrade(engine)
    return engine, SqlStore(engine, KeyRing({"k1": bytes(range(32))}, "k1"), clock)


class World:
    """Everything of one test: a database file, receivers by destination, a clock."""

    Crash = Crash
    Receiver = Receiver
    AskableReceiver = AskableReceiver
    CutStore = CutStore
    code = CODE
    person = PERSON
    limits = Limits()
    a_case = staticmethod(a_case)
    a_delivery = staticmethod(a_delivery)

    def __init__(self, url):
        self.url = url
        self.clock = Clock()
        self.rules = ReceiverRules()
        self.receivers = {"case_system": Receiver(), "mail": Receiver()}
        self.engine, self.store = open_store(url, self.clock)

    def restart(self):
        """Open the same database anew, as the next process would."""
        self.engine.dispose()
        self.engine, self.store = open_store(self.url, self.clock)

    def submit(self, submission_id, *deliveries, municipality=CODE):
        facts = SubmissionFacts("ab" * 32, {}, f"draft-{submission_id}")
        with self.store.transaction(municipality) as work:
            work.submissions.add(a_case(submission_id), facts)
            for delivery in deliveries or (a_delivery(submission_id),):
                work.deliveries.add(delivery)

    def find(self, _municipality, delivery):
        return Destination(self.receivers[delivery.destination], "folder", "1.0")

    def documents(self, case):
        name = hashlib.sha256(case.submission_id.encode()).hexdigest()[:8]
        return (Document(f"{name}.txt", "text/plain", b"receipt"),)

    def worker(self, store=None, **more):
        arguments = {
            "destination": self.find,
            "documents": self.documents,
            "clock": self.clock,
            "limits": self.limits,
            "jitter": lambda: 1.0,
            "rules": lambda _municipality, _component: self.rules,
            **more,
        }
        return Worker(store or self.store, **arguments)

    def embedded(self, store=None, codes=(CODE,), **more):
        return EmbeddedEngine(self.worker(store, **more), lambda: codes, poll_seconds=0.01)

    def until_quiet(self, rounds=40, hours=1):
        """Let time pass and workers work until nothing moves any more."""
        for _ in range(rounds):
            self.embedded().drain()
            self.clock.forward(hours=hours)

    def row(self, delivery_id="s1-case_system", municipality=CODE):
        with self.store.transaction(municipality) as work:
            return work.deliveries.get(delivery_id)

    def attempts(self, delivery_id="s1-case_system"):
        with self.store.transaction(CODE) as work:
            return work.deliveries.attempts(delivery_id)


@pytest.fixture
def world(tmp_path):
    world = World(f"sqlite:///{tmp_path}/store.db")
    yield world
    world.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path):
    """A world on either database, for what a database decides."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/store.db"
    else:
        url = request.getfixturevalue("postgres_url")
    world = World(url)
    yield world
    world.engine.dispose()
