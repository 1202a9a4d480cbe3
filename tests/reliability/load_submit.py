"""SUBMIT against a transaction written by hand that leaves the same rows.

Both seal the same texts with the same cipher, into rows of the same tables, and
both commit durably. They take turns, on one database, and the ratio is that of
the processor time of this process.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import itertools
import json
import os
import secrets
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.journey.drafts import new_id
from selvbetjening_core.journey.enquiry import enquiry_code
from selvbetjening_core.journey.records import AcceptedCase, Draft, PlannedDelivery
from selvbetjening_core.journey.submit import new_receipt_number, write_submission
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.testing import cases
from selvbetjening_core.values import CaseSnapshot
from selvbetjening_core.values.case_json import case_to_json

CODE = "0773"
KEYS = {"k1": bytes(range(32))}
SHA256 = "ab" * 32
VERSIONS = {"folder": "1.0", "mail": "1.0"}
PLANNED = (
    PlannedDelivery("case_system", "journal"),
    PlannedDelivery("notification", "post", "case_system"),
)

_MARK = (
    "UPDATE draft SET state = 'submitted', submission_id = ?"
    " WHERE municipality = ? AND id = ? AND state IN ('open', 'paying')"
)
_COUNT = (
    "UPDATE journey_count SET completed = completed + 1 WHERE municipality = ?"
    " AND solution = ? AND version = ? AND channel = 'self_service' AND day = ?"
)
# What differs from one submission to the next.
_BY_CHANCE = frozenset(
    (
        "id",
        "key",
        "receipt_number",
        "draft_id",
        "enquiry_code",
        "submission_id",
        "subject",
        "detail",
        "persons",
        "mac",
    )
)


@dataclass(frozen=True)
class Ratio:
    """How much more it takes; and what each took, in microseconds."""

    value: float
    ours: float
    by_hand: float


class Queue:
    """Puts deliveries into the ledger, as the embedded engine does."""

    def enqueue(self, work: Any, delivery: Any) -> None:
        work.deliveries.add(delivery)

    def plan(self, *_: object) -> None:
        pass


def accepted_case(submission_id: str) -> AcceptedCase:
    """What a citizen accepted: the same answers every time."""
    case = replace(cases.a_case(submission_id=submission_id), municipality_code=CODE)
    return AcceptedCase(case, SHA256, VERSIONS, PLANNED)


def add_draft(store: SqlStore, draft_id: str) -> None:
    """A draft that can be submitted."""
    now = cases.RECEIVED
    with store.transaction(CODE) as work:
        work.drafts.add(
            Draft(
                id=draft_id,
                solution="sundhedskort",
                definition_version="2026.1",
                definition_sha256=SHA256,
                locale="da",
                identity=cases.an_identity(),
                household=None,
                created_at=now,
                updated_at=now,
            )
        )


def submit_ours(store: SqlStore, draft_id: str, accepted: AcceptedCase) -> None:
    """SUBMIT, as a journey does it, from what was accepted."""
    context: Any = SimpleNamespace(queue=Queue(), today=cases.RECEIVED.date())
    with store.transaction(CODE) as work:
        write_submission(context, draft_id, accepted, work)


class ByHand:
    """The same rows, written by hand on the driver's own connection."""

    def __init__(self, connection: Any, keys: KeyRing, *, is_sqlite: bool) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        # The same keys, and nothing of what derives them.
        self._cipher = keys._cipher(CODE, "submission", "k1")
        keys.index(CODE, cases.a_person().cpr)
        self._index_key = keys._index_keys[CODE, "index"]
        self._is_sqlite = is_sqlite
        self._statements: dict[str, str] = {}

    def submit(self, draft_id: str, accepted: AcceptedCase) -> None:
        """One transaction."""
        case = accepted.case
        submission_id = case.submission_id
        self._cursor.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        now = self._now()
        number = new_receipt_number(2026)
        self._do(_MARK, (submission_id, CODE, draft_id))
        self._add("submission", self._submission(case, draft_id, number, now))
        for position, planned in enumerate(PLANNED):
            self._add("delivery", _delivery(planned, position, submission_id, now))
        day: Any = cases.RECEIVED.date()
        version = case.definition_version
        self._do(
            _COUNT, (CODE, case.solution, version, day.isoformat() if self._is_sqlite else day)
        )
        self._add("audit", self._audit(case, number, now))
        self._cursor.execute("COMMIT")

    def _now(self) -> datetime.datetime:
        if self._is_sqlite:
            return datetime.datetime.now(tz=datetime.UTC)
        return self._cursor.execute("SELECT clock_timestamp()").fetchone()[0]

    def _stored(self, value: Any) -> Any:
        is_moment = self._is_sqlite and isinstance(value, datetime.datetime)
        return value.strftime("%Y-%m-%d %H:%M:%S.%f") if is_moment else value

    def _do(self, statement: str, values: tuple[Any, ...]) -> None:
        known = self._statements.get(statement)
        if known is None:
            known = statement if self._is_sqlite else statement.replace("?", "%s")
            self._statements[statement] = known
        self._cursor.execute(known, values)

    def _add(self, table: str, row: Mapping[str, Any]) -> None:
        known = self._statements.get(table)
        if known is None:
            places = ", ".join(["?" if self._is_sqlite else "%s"] * len(row))
            names = ", ".join(map(_quoted, row))
            known = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own words
            self._statements[table] = known
        self._cursor.execute(known, tuple(map(self._stored, row.values())))

    def _submission(
        self, case: CaseSnapshot, draft_id: str, number: str, now: datetime.datetime
    ) -> dict[str, Any]:
        whole = case_to_json(replace(case, receipt_number=number, received_at=now))
        actor, principal = whole["parties"].pop("actor"), whole["parties"].pop("principal")
        answers: dict[str, Any] = {}
        for group in whole["groups"]:
            names = [f"{group['step']}.{answer['field']}" for answer in group["answers"]]
            answers.update(zip(names, group["answers"], strict=True))
            group["answers"] = names
        row = case.submission_id
        sealed = {name: self._seal(row, f"answers.{name}", one) for name, one in answers.items()}
        parties = case.parties
        return {
            "municipality": CODE,
            "id": row,
            "receipt_number": number,
            "draft_id": draft_id,
            "enquiry_code": enquiry_code(draft_id),
            "solution": case.solution,
            "definition_version": case.definition_version,
            "definition_sha256": SHA256,
            "plugin_versions": json.dumps(VERSIONS),
            "received_at": now,
            "channel": parties.channel.value,
            "basis": parties.basis.value,
            "level": parties.level.name.lower(),
            "actor_index": self._index(parties.actor.cpr.reveal()),
            "principal_index": self._index(parties.principal.cpr.reveal()),
            "actor": self._seal(row, "actor", actor),
            "principal": self._seal(row, "principal", principal),
            "answers": json.dumps(sealed),
            "rest": self._seal(row, "rest", whole),
        }

    def _audit(self, case: CaseSnapshot, number: str, now: datetime.datetime) -> dict[str, Any]:
        """With its MAC, as ours has it."""
        persons = {one.cpr.reveal() for one in (case.parties.actor, case.parties.principal)}
        line = {
            "id": f"{time.time_ns():016x}{secrets.token_hex(8)}",
            "event": "submitted",
            "subject": case.submission_id,
            "detail": number,
            "actor": "",
            "way": "citizen",
            "purpose": case.solution,
            "persons": " ".join(sorted(self._person(one) for one in persons)),
            "key_id": "k1",
        }
        signed = json.dumps([CODE, now.isoformat(timespec="microseconds"), *line.values()])
        mac = hmac.digest(self._index_key, signed.encode(), "sha256").hex()
        return {"municipality": CODE, "at": now, **line, "mac": mac}

    def _person(self, cpr: str) -> str:
        return hmac.digest(self._index_key, cpr.encode(), "sha256").hex()[:32]

    def _seal(self, row: str, field: str, data: object) -> str:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        nonce = os.urandom(12)
        place = json.dumps([CODE, "submission", row, field]).encode()
        sealed = nonce + self._cipher.encrypt(nonce, text, place)
        return f"v1.k1.{base64.urlsafe_b64encode(sealed).decode()}"

    def _index(self, cpr: str) -> str:
        return hmac.new(self._index_key, cpr.encode(), hashlib.sha256).hexdigest()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _delivery(planned: PlannedDelivery, position: int, submission: str, now: Any) -> dict[str, Any]:
    delivery_id = new_id()
    return {
        "municipality": CODE,
        "id": delivery_id,
        "submission_id": submission,
        "destination": planned.destination,
        "component": planned.component,
        "key": delivery_id,
        "position": position,
        "after": planned.after,
        "waits_for": planned.after,
        "state": "waiting",
        "attempts": 0,
        "remote_reference": "",
        "reason": "",
        "due_at": now,
        "created_at": now,
        "changed_at": now,
    }


def differences(engine: sa.Engine, one: str, other: str) -> list[str]:
    """Where the rows of two submissions differ in what chance and time do not decide.

    What is sealed is compared by its length.
    """
    found = []
    for table in ("submission", "delivery", "audit", "draft"):
        ours, theirs = (_comparable(engine, table, name) for name in (one, other))
        if ours != theirs or not ours:
            found.append(f"{table}: {ours} and {theirs}")
    return found


def _comparable(engine: sa.Engine, name: str, submission_id: str) -> list[dict[str, str]]:
    table = metadata.tables[name]
    owner = {"submission": "id", "audit": "subject"}.get(name, "submission_id")
    statement = sa.select(table).where(table.c[owner] == submission_id)
    with engine.begin() as connection:
        rows = connection.execute(statement).mappings().all()
    return sorted((_settled(row) for row in rows), key=str)


def _settled(row: Mapping[str, Any]) -> dict[str, str]:
    """A row with everything that differs from one to the next replaced by its kind."""
    return {name: _kind(name, value) for name, value in row.items()}


def _kind(name: str, value: object) -> str:
    if name in _BY_CHANCE or isinstance(value, datetime.datetime):
        return type(value).__name__
    text = json.dumps(value) if isinstance(value, dict) else str(value)
    return str(len(text)) if "v1.k1." in text else text


def ratio(engine: sa.Engine, connection: Any, rounds: int, each: int = 20) -> Ratio:
    """How much processor time SUBMIT takes for each second of the one by hand.

    They take turns; the first round warms up.

    :param connection: the driver's own, in autocommit, for the one by hand
    """
    keys = KeyRing(KEYS, "k1")
    store = SqlStore(engine, keys)
    hand = ByHand(connection, keys, is_sqlite=engine.dialect.name == "sqlite")
    names = itertools.count()
    started = cases.a_case()
    with store.transaction(CODE) as work:
        work.counts.started(
            started.solution, started.definition_version, "self_service", cases.RECEIVED.date()
        )
    times: dict[str, list[float]] = {"ours": [], "hand": []}
    last: dict[str, str] = {}
    for _ in range(rounds + 1):
        for who, submit in (("ours", partial(submit_ours, store)), ("hand", hand.submit)):
            spent = 0.0
            for _ in range(each):
                number = next(names)
                draft_id, submission_id = f"d-{number:08d}", f"s-{number:08d}"
                add_draft(store, draft_id)
                accepted = accepted_case(submission_id)
                begun = time.process_time()
                submit(draft_id, accepted)
                spent += time.process_time() - begun
                last[who] = submission_id
            times[who].append(spent / each)
    wrong = differences(engine, last["ours"], last["hand"])
    if wrong:
        raise AssertionError(f"not the same work: {wrong}")
    ours, by_hand = (statistics.median(times[who][1:]) for who in ("ours", "hand"))
    pairs = zip(times["ours"][1:], times["hand"][1:], strict=True)
    return Ratio(statistics.median(a / b for a, b in pairs), ours * 1e6, by_hand * 1e6)
