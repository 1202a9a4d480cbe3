"""Drafts. The answers of a step are sealed as one; the owner is found by the index."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.errors import Conflict
from selvbetjening_core.journey.records import (
    AcceptedCase,
    Draft,
    DraftState,
    PlannedDelivery,
)
from selvbetjening_core.journey.sealed_household import SealedHousehold
from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.store.draft_steps import (
    opened_answers,
    save_step,
    sealed_answers,
    sealed_apart,
)
from selvbetjening_core.store.prepared import Ordinarily
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.sealing import Sealing
from selvbetjening_core.store.tables import draft as table
from selvbetjening_core.store.tables import has_code, unfinished
from selvbetjening_core.values import Guest, GuestId, Household, Owner
from selvbetjening_core.values.case_json import (
    case_from_json,
    case_to_json,
    household_from_json,
    household_to_json,
    identity_from_json,
    identity_to_json,
)

_FRESH = (
    "definition_version",
    "definition_sha256",
    "locale",
    "identity",
    "household",
    "answers",
    "steps",
    "updated_at",
)
"""The columns that a resumed draft takes anew."""


# Built once: building it takes longer than carrying it out.
_SUBMIT = (
    sa.update(table)
    .where(
        table.c.municipality == sa.bindparam("here"),
        table.c.id == sa.bindparam("draft"),
        unfinished,
    )
    .values(state=DraftState.SUBMITTED, submission_id=sa.bindparam("submission"), resume_index="")
)


class SqlDrafts:
    """Drafts of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft: Draft) -> None:
        """Store a new draft.

        :raises Conflict: the owner has an unfinished draft of this solution.
        """
        if not self._scope.try_insert(table, self._row(draft)):
            raise Conflict("already_started")

    def get(self, draft_id: str, *, hold: bool = False) -> Draft | None:
        """The draft, or None.

        :param hold: nobody else changes it until the transaction ends
        """
        return self._one(table.c.id == draft_id, hold=hold)

    def unfinished(self, owner: Owner, solution: str, *, hold: bool = False) -> Draft | None:
        """The one open or paying draft of this actor in this solution, or None.

        :param hold: nobody else changes it until the transaction ends
        """
        return self._one(
            table.c.owner_index == self._scope.index(owner),
            table.c.solution == solution,
            unfinished,
            hold=hold,
        )

    def give_code(self, draft_id: str, owner: GuestId, solution: str, code: str) -> bool:
        """Let this code open the draft, and no other any more.

        False, and nothing changed, unless it is this guest's and unfinished.
        """
        return self._scope.change(
            table,
            table.c.id == draft_id,
            table.c.owner_index == self._scope.index(owner),
            table.c.solution == solution,
            unfinished,
            resume_index=self._scope.code_index(solution, code),
        )

    def by_code(self, solution: str, code: str, since: datetime.datetime) -> Draft | None:
        """The unfinished draft that this code opens, held; None for every other code.

        One statement, whatever the reason is that it opens nothing.

        :param since: the draft was changed then or later
        """
        return self._one(
            has_code,
            table.c.resume_index == self._scope.code_index(solution, code),
            table.c.solution == solution,
            table.c.updated_at > since,
            unfinished,
            hold=True,
        )

    def hand_over(self, draft_id: str, guest: Guest) -> bool:
        """Let an unfinished draft be this guest's. False, and nothing changed, unless it is one.

        :raises Conflict: they have an unfinished draft of the solution
        """
        identity = self._scope.seal_json(table, draft_id, "identity", identity_to_json(guest))
        values = {"owner_index": self._scope.index(guest.owner), "identity": identity}
        try:
            return self._scope.change(table, table.c.id == draft_id, unfinished, **values)
        except sa.exc.IntegrityError:
            raise Conflict("already_started") from None

    def save_step(self, save: StepToSave, now: datetime.datetime) -> StepSaved:
        """Replace the answers of a step; see :meth:`Store.save_step`."""
        return save_step(Ordinarily(self._scope), self._scope, save, now)

    def save_apart(self, draft: Draft, now: datetime.datetime) -> bool:
        """Take over the answers of ``draft`` that are not kept with a step: files.

        False, and nothing changed, unless it is open.
        """
        answers = sealed_apart(self._scope, draft)
        return self._change(draft.id, (DraftState.OPEN,), answers=answers, updated_at=now)

    def refresh(self, draft: Draft) -> bool:
        """Take over answers, register data, version, language and login of ``draft``.

        False, and nothing changed, unless it is open.
        """
        row = self._row(draft)
        return self._change(draft.id, (DraftState.OPEN,), **{name: row[name] for name in _FRESH})

    def freeze(self, draft_id: str, accepted: AcceptedCase, payment_id: str) -> bool:
        """open → paying, keeping what was accepted. False unless open."""
        return self._change(
            draft_id,
            (DraftState.OPEN,),
            state=DraftState.PAYING,
            frozen=self._seal_frozen(draft_id, accepted),
            payment_id=payment_id,
        )

    def reopen(self, draft_id: str) -> bool:
        """paying → open, without case and payment. False unless paying."""
        return self._change(
            draft_id, (DraftState.PAYING,), state=DraftState.OPEN, frozen=None, payment_id=""
        )

    def mark_submitted(self, draft_id: str, submission_id: str) -> bool:
        """open or paying → submitted, exactly once: False if it already was."""
        return self._scope.run(_SUBMIT, draft=draft_id, submission=submission_id).rowcount > 0

    def _one(self, *where: sa.ColumnElement[bool], hold: bool) -> Draft | None:
        find = self._scope.hold_row if hold else self._scope.row
        row = find(table, *where)
        return None if row is None else self._draft(row)

    def _change(self, draft_id: str, states: tuple[DraftState, ...], **values: object) -> bool:
        return self._scope.change(
            table, table.c.id == draft_id, table.c.state.in_(states), **values
        )

    def _row(self, draft: Draft) -> dict[str, object]:
        seal = self._scope.seal_json
        return {
            "id": draft.id,
            "solution": draft.solution,
            "definition_version": draft.definition_version,
            "definition_sha256": draft.definition_sha256,
            "locale": draft.locale,
            "owner_index": self._scope.index(draft.identity.owner),
            "identity": seal(table, draft.id, "identity", identity_to_json(draft.identity)),
            "household": self._seal_household(draft.id, draft.people()),
            **sealed_answers(self._scope, draft),
            "frozen": self._seal_frozen(draft.id, draft.frozen),
            "state": draft.state,
            "payment_id": draft.payment_id,
            "submission_id": draft.submission_id,
            "created_at": draft.created_at,
            "updated_at": draft.updated_at,
        }

    def _seal_household(self, draft_id: str, household: Household | None) -> str | None:
        if household is None:
            return None
        return self._scope.seal_json(table, draft_id, "household", household_to_json(household))

    def _seal_frozen(self, draft_id: str, accepted: AcceptedCase | None) -> str | None:
        if accepted is None:
            return None
        return self._scope.seal_json(table, draft_id, "frozen", _accepted_to_json(accepted))

    def _draft(self, row: sa.RowMapping) -> Draft:
        frozen = self._open(row, "frozen")
        opened = opened_answers(self._scope, row["id"], row["answers"], row["steps"])
        return Draft(
            id=row["id"],
            solution=row["solution"],
            definition_version=row["definition_version"],
            definition_sha256=row["definition_sha256"],
            locale=row["locale"],
            identity=identity_from_json(self._open(row, "identity")),
            household=sealed_household(self._scope, row["id"], row["household"]),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            state=DraftState(row["state"]),
            answers=opened.answers,
            steps=opened.steps,
            saves=opened.saves,
            frozen=None if frozen is None else accepted_from_json(frozen),
            payment_id=row["payment_id"],
            submission_id=row["submission_id"],
        )

    def _open(self, row: sa.RowMapping, field: str) -> Any:
        token = row[field]
        return None if token is None else self._scope.open_json(table, row["id"], field, token)


def sealed_household(sealing: Sealing, draft_id: str, token: str | None) -> SealedHousehold | None:
    """The household of a draft, to be opened when it is asked for."""
    if token is None:
        return None
    # Without the connection of a transaction, which may have ended by then.
    keys = Sealing(sealing.keys, sealing.municipality)
    return SealedHousehold(lambda: keys.open_as(table, draft_id, "household", token, _household_in))


def _household_in(text: str) -> Household:
    return household_from_json(json.loads(text))


def _accepted_to_json(accepted: AcceptedCase) -> dict[str, Any]:
    return {
        "case": case_to_json(accepted.case),
        "definition_sha256": accepted.definition_sha256,
        "plugin_versions": dict(accepted.plugin_versions),
        "deliveries": [
            [planned.destination, planned.component, planned.after]
            for planned in accepted.deliveries
        ],
        "files": list(accepted.files),
    }


def accepted_from_json(data: Mapping[str, Any]) -> AcceptedCase:
    """What was accepted, as it is kept in a draft that is paid for."""
    return AcceptedCase(
        case=case_from_json(data["case"]),
        definition_sha256=data["definition_sha256"],
        plugin_versions=data["plugin_versions"],
        deliveries=tuple(PlannedDelivery(*planned) for planned in data["deliveries"]),
        # What was accepted before files could be sent along has none.
        files=tuple(data.get("files", ())),
    )
