"""Accepted submissions. Answers are sealed one by one, the parties as fields of their own."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.journey.enquiry import enquiry_code
from selvbetjening_core.journey.records import SubmissionFacts, SubmissionHead
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import submission as table
from selvbetjening_core.values import CaseSnapshot, Owner, Person
from selvbetjening_core.values.case_json import case_from_json, case_to_json

# Built once: building them takes longer than carrying them out.
_THIS = (table.c.municipality == sa.bindparam("here"), table.c.id == sa.bindparam("submission"))
_GET = sa.select(table.c.id, table.c.actor, table.c.principal, table.c.answers, table.c.rest).where(
    *_THIS
)
_SOLUTION_OF = sa.select(table.c.solution).where(*_THIS)


class SqlSubmissions:
    """Submissions of one municipality, in one transaction. Never changed once added."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, case: CaseSnapshot, facts: SubmissionFacts) -> bool:
        """Store it. False if the receipt number is taken (try another).

        :raises ValueError: another key is taken (the id, or the draft has
            been submitted already).
        """
        if self._scope.try_insert(table, self._row(case, facts)):
            return True
        if self._scope.row(table, table.c.receipt_number == case.receipt_number) is None:
            raise ValueError("this submission, or one of the same draft, is stored already")
        return False

    def get(self, submission_id: str) -> CaseSnapshot | None:
        """The case as accepted, or None."""
        row = self._scope.run(_GET, submission=submission_id).mappings().one_or_none()
        return None if row is None else self._case(row)

    def owned(self, submission_id: str, owner: Owner) -> CaseSnapshot | None:
        """The case if it is ``owner``'s: its actor, its principal, or the guest who sent it."""
        index = self._scope.index(owner)
        row = self._scope.row(
            table,
            table.c.id == submission_id,
            sa.or_(table.c.actor_index == index, table.c.principal_index == index),
        )
        return None if row is None else self._case(row)

    def solution_of(self, submission_id: str) -> str:
        """The name of its solution, without opening anything; empty if there is none."""
        found: str | None = self._scope.run(_SOLUTION_OF, submission=submission_id).scalar()
        return found or ""

    def newest(self, owner: Owner, solution: str, since: datetime.datetime) -> CaseSnapshot | None:
        """The newest case that ``owner`` sent in this solution since then, or None."""
        rows = self._scope.rows(
            table,
            table.c.actor_index == self._scope.index(owner),
            table.c.solution == solution,
            table.c.received_at >= since,
            order=(table.c.received_at, table.c.id),
        )
        return self._case(rows[-1]) if rows else None

    def head(self, submission_id: str) -> SubmissionHead | None:
        """What is told of it without opening it; None if there is none."""
        found = self._heads(table.c.id == submission_id)
        return found[0] if found else None

    def by_receipt_number(self, receipt_number: str) -> SubmissionHead | None:
        """The submission with this number on its receipt, or None. Opens nothing."""
        found = self._heads(table.c.receipt_number == receipt_number)
        return found[0] if found else None

    def by_enquiry_code(self, enquiry_code: str) -> Sequence[SubmissionHead]:
        """The submissions of which a citizen was given this code. Opens nothing."""
        return self._heads(table.c.enquiry_code == enquiry_code)

    def _heads(self, *where: sa.ColumnElement[bool]) -> list[SubmissionHead]:
        columns = [table.c[name] for name in SubmissionHead.__dataclass_fields__]
        statement = sa.select(*columns).where(self._scope.here(table), *where)
        return [SubmissionHead(*row) for row in self._scope.connection.execute(statement)]

    def _row(self, case: CaseSnapshot, facts: SubmissionFacts) -> dict[str, object]:
        parties = case.parties
        return {
            "id": case.submission_id,
            "receipt_number": case.receipt_number,
            "draft_id": facts.draft_id,
            "enquiry_code": enquiry_code(facts.draft_id),
            "solution": case.solution,
            "definition_version": case.definition_version,
            "definition_sha256": facts.definition_sha256,
            "plugin_versions": dict(facts.plugin_versions),
            "received_at": case.received_at,
            "channel": parties.channel,
            "basis": parties.basis,
            "level": parties.level_word,
            "actor_index": self._index(parties.actor, facts),
            "principal_index": self._index(parties.principal, facts),
            **self._sealed(case),
        }

    def _index(self, person: Person | None, facts: SubmissionFacts) -> str:
        """What it is found by: a party's number; where nobody is known, whose draft it was."""
        owner = facts.guest if person is None else person.cpr
        if owner is None:
            raise ValueError("a case of nobody: neither a person nor a guest")
        return self._scope.index(owner)

    def _sealed(self, case: CaseSnapshot) -> dict[str, object]:
        rest = case_to_json(case)
        actor, principal = rest["parties"].pop("actor"), rest["parties"].pop("principal")
        answers = _take_answers(rest)
        row_id = case.submission_id
        return {
            "actor": self._scope.seal_json(table, row_id, "actor", actor),
            "principal": self._scope.seal_json(table, row_id, "principal", principal),
            "answers": self._scope.seal_each(table, row_id, "answers", answers),
            "rest": self._scope.seal_json(table, row_id, "rest", rest),
        }

    def _case(self, row: sa.RowMapping) -> CaseSnapshot:
        row_id = row["id"]
        data = self._scope.open_json(table, row_id, "rest", row["rest"])
        for party in ("actor", "principal"):
            data["parties"][party] = self._scope.open_json(table, row_id, party, row[party])
        _put_answers(data, self._scope.open_each(table, row_id, "answers", row["answers"]))
        return case_from_json(data)


def _take_answers(case: dict[str, Any]) -> dict[str, Any]:
    """Take the answers out of a case in JSON, leaving their names in their places.

    :raises ValueError: two answers have the same name, and one would be lost.
    """
    taken: dict[str, Any] = {}
    for group in case["groups"]:
        names = [f"{group['step']}.{answer['field']}" for answer in group["answers"]]
        if len(set(names)) < len(names) or not taken.keys().isdisjoint(names):
            raise ValueError("two answers of a case have the same step and field")
        taken.update(zip(names, group["answers"], strict=True))
        group["answers"] = names
    return taken


def _put_answers(case: dict[str, Any], answers: Mapping[str, Any]) -> None:
    """Put back what :func:`_take_answers` took."""
    for group in case["groups"]:
        group["answers"] = [answers[name] for name in group["answers"]]
