"""Two municipalities in one database, with the same citizen, number, codes and keys.

Whatever may be equal is equal. What must be told apart begins with the mark of its
municipality, so that whatever shows the mark has crossed.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    Attempt,
    Delivery,
    DeliveryState,
    Draft,
    PaymentRecord,
    PendingLogin,
    RetentionLimit,
    StaffSession,
    SubmissionFacts,
    WebSession,
)
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.postgresql import see_everywhere
from selvbetjening_core.store.store import SqlStore, SqlUnitOfWork
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.testing import cases
from selvbetjening_core.values import Guest, GuestId, Money, PaymentStatus, Staff, StaffRole

HERE, THERE = "0751", "0773"
"""Who tries, and whose rows they try to get at."""
MARKS = {HERE: "own-", THERE: "their-"}
THEIRS = MARKS[THERE]
NOW = cases.RECEIVED
HOUR = datetime.timedelta(hours=1)
LATER = NOW + 1000 * HOUR
NUMBER = "2026-AAAA-AAAA"
SOLUTION = "sundhedskort"
KEYS = {"k1": bytes(range(32))}
_SHA = "ab" * 32


def keys() -> KeyRing:
    """The same keys for both."""
    return KeyRing(KEYS, "k1")


def fill(store: SqlStore) -> None:
    """The same rows in both municipalities."""
    for code, mark in MARKS.items():
        with store.transaction(code) as work:
            _add_draft(work, mark)
            _add_submission(work, code, mark)
            _add_sessions(work, mark)
            _add_rest(work, mark)


def rows_of(engine: sa.Engine, code: str) -> dict[str, list[str]]:
    """All there is of a municipality, as it is stored, whatever guards it."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            see_everywhere(connection)
        return {
            name: sorted(
                str(sorted(dict(row).items(), key=str))
                for row in connection.execute(
                    sa.select(table).where(table.c.municipality == code)
                ).mappings()
            )
            for name, table in metadata.tables.items()
        }


def _add_draft(work: SqlUnitOfWork, mark: str) -> None:
    for number, solution in enumerate((SOLUTION, f"{mark}solution")):
        work.drafts.add(
            Draft(
                id=f"{mark}draft-{number}",
                solution=solution,
                definition_version="1",
                definition_sha256=_SHA,
                locale="da",
                identity=cases.an_identity(),
                household=None,
                created_at=NOW,
                updated_at=NOW,
                answers={"cause": f"{mark}answer"},
            )
        )
    _add_guests_draft(work, mark)
    work.payments.add(
        PaymentRecord(
            id=f"{mark}payment",
            draft_id=f"{mark}draft-0",
            key="the-same-key",
            component="card",
            reference=f"{mark}reference",
            amount=Money(100),
            status=PaymentStatus.INTENDED,
            created_at=NOW,
            return_url="https://town.example/",
            message_url="https://town.example/",
        )
    )


def _add_guests_draft(work: SqlUnitOfWork, mark: str) -> None:
    guest = Guest(GuestId("the-same-guest"))
    draft = Draft(
        id=f"{mark}draft-of-guest",
        solution=SOLUTION,
        definition_version="1",
        definition_sha256=_SHA,
        locale="da",
        identity=guest,
        household=None,
        created_at=NOW,
        updated_at=NOW,
        answers={"cause": f"{mark}answer"},
    )
    work.drafts.add(draft)
    assert work.drafts.give_code(draft.id, guest.owner, SOLUTION, "the-same-code")


def _add_submission(work: SqlUnitOfWork, code: str, mark: str) -> None:
    case = replace(
        cases.a_case(submission_id=f"{mark}submission"),
        municipality_code=code,
        receipt_number=NUMBER,
        solution=SOLUTION,
        title=f"{mark}title",
    )
    work.submissions.add(case, SubmissionFacts(_SHA, {"folder": "1"}, f"{mark}sent-draft"))
    delivery = Delivery(
        id=f"{mark}delivery",
        submission_id=f"{mark}submission",
        destination="case_system",
        component="journal",
        key="the-same-key",
        position=0,
        state=DeliveryState.WAITING,
        due_at=NOW,
        created_at=NOW,
        changed_at=NOW,
        reason=f"{mark}reason",
    )
    work.deliveries.add(delivery)
    parked = replace(delivery, id=f"{mark}parked", destination="notification", key="another-key")
    work.deliveries.add(replace(parked, component=f"{mark}post", state=DeliveryState.PARKED))
    work.deliveries.begin_attempt(Attempt(f"{mark}delivery", 1, f"{mark}plugin", "1", NOW))


def _add_sessions(work: SqlUnitOfWork, mark: str) -> None:
    staff = Staff(f"{mark}id", f"{mark}name", frozenset(), frozenset(StaffRole))
    csrf = f"{mark}csrf"
    work.sessions.add(WebSession(f"{mark}session", csrf, cases.an_identity(), NOW, LATER))
    work.staff_sessions.add(StaffSession(f"{mark}staff-session", csrf, staff, NOW, LATER))
    work.sessions.add_login(
        PendingLogin(
            request_id=f"{mark}request",
            component="login",
            solution=f"{mark}solution",
            locale="da",
            browser_hash=f"{mark}browser",
            audience="https://town.example",
            return_url="https://town.example/",
            expires_at=LATER,
        )
    )


def _add_rest(work: SqlUnitOfWork, mark: str) -> None:
    work.receivers.pause("paused", f"{mark}by", f"{mark}why", NOW)
    work.counts.started(SOLUTION, f"{mark}version", "self_service", NOW.date())
    work.component_values.put("card", "the-same-key", f"{mark}value".encode(), None)
    work.tasks.claim("card", "settle", NOW, LATER)
    work.retention.note(RetentionLimit(f"{mark}solution", _SHA, 1, 1, NOW.date()))
    work.audit.add("event", "the-same-subject", NOW, f"{mark}detail")
