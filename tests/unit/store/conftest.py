"""A store on a real file, and one citizen's records."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.errors import StoreUnavailable, Unavailable
from selvbetjening_core.journey.records import (
    AcceptedCase,
    Delivery,
    DeliveryState,
    Draft,
    PaymentRecord,
    PlannedDelivery,
    SubmissionFacts,
)
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.postgresql import EVERYWHERE
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit
from selvbetjening_core.values import (
    Address,
    Answer,
    AnswerGroup,
    AssuranceLevel,
    Basis,
    CaseSnapshot,
    Channel,
    Child,
    Contact,
    CprNumber,
    Household,
    Identity,
    Money,
    Parties,
    PaymentStatus,
    PaymentSummary,
    Person,
)

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
HOME = Address("dwelling-1", ("Nygade 7, 2. tv.", "7900 Nykøbing M"), "0773")
PARENT = Person(CprNumber("2512484916"), "Nancy Ann Berggren", HOME)
SECRET = "values-stay-out"
CHILD = Person(CprNumber("0108185678"), "Max Åse Berggren", HOME)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def keys():
    return KeyRing({"k1": bytes(range(32))}, "k1")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Every test of the store is one of both databases; as a role that is nobody's superior."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    url = request.getfixturevalue("postgres_url")
    return request.getfixturevalue("postgres").owned_by_plain_role(url)


def see_everywhere_unless_said(connection):
    """Rows are guarded for the role that tests use, as well."""
    connection.info.setdefault("municipality", EVERYWHERE)


@pytest.fixture
def engine(url):
    """What a test itself looks at is everywhere; a transaction of the store is in one place."""
    engine = open_engine(url)
    sa.event.listen(engine, "begin", see_everywhere_unless_said)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine, keys):
    return SqlStore(engine, keys)


@pytest.fixture
def parent():
    return PARENT


@pytest.fixture
def child():
    return CHILD


@pytest.fixture
def identity():
    return Identity(
        cpr=PARENT.cpr,
        name=PARENT.name,
        level=AssuranceLevel.SUBSTANTIAL,
        issuer="https://login.example",
        component="login",
        logged_in_at=NOW,
    )


@pytest.fixture
def household():
    return Household(PARENT, (Child(CHILD, custody=True),), "test register", NOW)


@pytest.fixture
def case():
    return CaseSnapshot(
        submission_id="s1",
        receipt_number="R-1",
        solution="sundhedskort",
        definition_version="2026.1",
        title="Bestil nyt sundhedskort",
        municipality_code="0773",
        authority="Morsø Kommune",
        contact=Contact("99707000", "post@example.dk", "10-14", "Jernbanevej 7"),
        kle="29",
        locale="da",
        received_at=NOW,
        parties=Parties(
            actor=PARENT,
            principal=CHILD,
            basis=Basis.CUSTODY,
            level=AssuranceLevel.SUBSTANTIAL,
            channel=Channel.SELF_SERVICE,
        ),
        groups=(
            AnswerGroup(
                "person",
                "Hvem skal have kortet?",
                (
                    Answer(
                        "holder", "Kortet er til", CHILD.name, CHILD.cpr.reveal(), "register", NOW
                    ),
                ),
            ),
            AnswerGroup("reason", "Hvorfor?", (Answer("cause", "Årsag", "Det er væk", "lost"),)),
        ),
        payment=PaymentSummary(Money(22500), "Nyt kort", "card", "P-1", NOW),
        texts={"after": "Du får kortet med posten."},
    )


@pytest.fixture
def facts():
    return SubmissionFacts("ab" * 32, {"folder": "1.0"}, "d1")


@pytest.fixture
def accepted(case):
    """What is kept of a draft while it is paid for."""
    deliveries = (
        PlannedDelivery("case_system", "journal"),
        PlannedDelivery("notification", "post", "case_system"),
    )
    return AcceptedCase(case, "ab" * 32, {"folder": "1.0"}, deliveries)


@pytest.fixture
def draft(identity, household):
    return Draft(
        id="d1",
        solution="sundhedskort",
        definition_version="2026.1",
        definition_sha256="ab" * 32,
        locale="da",
        identity=identity,
        household=household,
        created_at=NOW,
        updated_at=NOW,
        answers={"holder": "0108185678", "reasons": ["lost", None], "consent": True, "year": 2019},
    )


@pytest.fixture
def payment():
    return PaymentRecord(
        id="p1",
        draft_id="d1",
        key="pay-key-1",
        component="card",
        reference="R-1",
        amount=Money(22500),
        status=PaymentStatus.INTENDED,
        created_at=NOW,
        return_url="https://mors.example/-/payment/p1",
        message_url="https://mors.example/-/messages/card",
    )


@pytest.fixture
def delivery():
    return Delivery(
        id="l1",
        submission_id="s1",
        destination="case_system",
        component="journal",
        key="l1",
        position=0,
        state=DeliveryState.WAITING,
        due_at=NOW,
        created_at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def submit(store, case, facts):
    """Store a submission of its own for each id."""

    def submit(submission_id, municipality="0773"):
        mine = replace(case, submission_id=submission_id, receipt_number=f"R-{submission_id}")
        with store.transaction(municipality) as work:
            return work.submissions.add(mine, replace(facts, draft_id=f"d-{submission_id}"))

    return submit


@pytest.fixture
def write(store, now):
    """Add one line, in a transaction of its own."""

    def write():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now, SECRET)

    return write


@pytest.fixture
def lines(engine):
    """How many lines are kept."""

    def lines():
        with engine.begin() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()

    return lines


@pytest.fixture
def refused(write):
    """Holds a transaction to its promise: how it fails, and what is not in the message."""

    def refused(match, do=write, kind=StoreUnavailable):
        with pytest.raises(kind, match=match) as caught:
            do()
        assert type(caught.value) is kind
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert not isinstance(caught.value, Unavailable)

    return refused


@pytest.fixture
def line(now):
    """A row of the audit log, as it is."""
    return {
        "municipality": "0773",
        "id": "a",
        "at": now,
        "event": "e",
        "subject": "s",
        "detail": "",
    }
