"""The answers of a draft: those of a step are sealed as one.

In the column ``steps`` is a token for each step that was saved: of JSON data, its
answers and how often it was saved. In ``answers`` are those that belong to no step
(so they all were in the first form of the tables), each sealed by itself. They go when
their step is saved, or the draft is resumed (docs/decisions/0042).
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave
from selvbetjening_core.store.prepared import Edition, Prepared, Way, stored_moment
from selvbetjening_core.store.sealing import Sealing
from selvbetjening_core.store.tables import draft as table
from selvbetjening_core.store.tables import web_session

_CLOSED = {
    DraftState.PAYING: StepSaved.PAYING,
    DraftState.SUBMITTED: StepSaved.SUBMITTED,
}

_HERE = (table.c.municipality == sa.bindparam("here"), table.c.id == sa.bindparam("draft"))
_LOOK = sa.select(table.c.owner_index, table.c.state, table.c.answers, table.c.steps).where(*_HERE)
_HOLD = Prepared(_LOOK.with_for_update(key_share=True))
_SAVE = Prepared(
    sa.update(table)
    .where(*_HERE)
    .values(
        answers=sa.bindparam("answers"),
        steps=sa.bindparam("steps"),
        updated_at=sa.bindparam("now"),
    )
)
_AS_TEXT = {name: sa.type_coerce(table.c[name], sa.Text) for name in ("answers", "steps")}
_SAVE_UNCHANGED = Prepared(
    sa.update(table)
    .where(
        *_HERE,
        table.c.owner_index == sa.bindparam("owner"),
        table.c.state == sa.literal_column(f"'{DraftState.OPEN}'"),
        _AS_TEXT["answers"] == sa.bindparam("were", type_=sa.Text),
        _AS_TEXT["steps"] == sa.bindparam("stood", type_=sa.Text),
    )
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=sa.Text)
            for name in ("answers", "steps", "updated_at")
        }
    )
)
"""Takes the columns as they are stored."""
_PROLONG = Prepared(
    sa.update(web_session)
    .where(
        web_session.c.municipality == sa.bindparam("here"),
        web_session.c.token_hash == sa.bindparam("session"),
    )
    .values(expires_at=sa.bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a draft holds of answers, in the clear. Personal data.

    :param steps: the names of the answers that are kept together, by step
    :param saves: how often each step was saved
    """

    answers: dict[str, object] = field(default_factory=dict)
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    saves: dict[str, int] = field(default_factory=dict)


def sealed_answers(sealing: Sealing, draft: Draft) -> dict[str, object]:
    """The columns that hold the answers of ``draft``."""
    return {
        "answers": sealed_apart(sealing, draft),
        "steps": sealing.seal_each(table, draft.id, "steps", _cells(draft)),
    }


def sealed_apart(sealing: Sealing, draft: Draft) -> Mapping[str, str]:
    """The column of the answers that are not kept with a step."""
    together = {name for names in draft.steps.values() for name in names}
    alone = {name: value for name, value in draft.answers.items() if name not in together}
    return sealing.seal_each(table, draft.id, "answers", alone)


def opened_answers(
    sealing: Sealing, draft_id: str, answers: Mapping[str, str], steps: Mapping[str, str]
) -> Opened:
    """What is in those columns."""
    found = Opened(sealing.open_each(table, draft_id, "answers", answers))
    for step, token in steps.items():
        cell = sealing.open_as(table, draft_id, _field(step), token, json.loads)
        found.answers.update(cell["answers"])
        found.steps[step] = tuple(cell["answers"])
        found.saves[step] = cell["saves"]
    return found


def save_step(
    way: Way,
    sealing: Sealing,
    save: StepToSave,
    now: datetime.datetime,
    prolonged: Prolonged | None = None,
) -> StepSaved:
    """Replace the answers of a step, if it may be, and was not saved meanwhile."""
    row = way.row(_HOLD, draft=save.draft_id)
    if row is None:
        return StepSaved.GONE
    owner, state, answers, steps = row
    if owner != sealing.index(save.owner):
        return StepSaved.GONE
    if state != DraftState.OPEN:
        return _CLOSED[state]
    if _times_saved(sealing, save, steps) != save.seen:
        return StepSaved.OVERTAKEN
    way.change(
        _SAVE,
        draft=save.draft_id,
        answers={name: token for name, token in answers.items() if name not in save.fields},
        steps={**steps, save.step: _token(sealing, save)},
        now=now,
    )
    if prolonged is not None:
        way.change(_PROLONG, session=prolonged.token_hash, until=prolonged.expires_at)
    return StepSaved.SAVED


def save_unchanged(way: Way, sealing: Sealing, save: StepToSave, now: datetime.datetime) -> bool:
    """The same in one statement, if the draft is as it was looked at. Else nothing is done.

    The draft as it is then is remembered: the page that comes next need not open it.
    """
    looked: Draft | None = sealing.keys.recalled(save.edition) if save.edition else None
    if looked is None or looked.saves.get(save.step, 0) != save.seen:
        return False
    prepared, *about, row = save.edition
    were, stood = row[prepared.places["answers"]], row[prepared.places["steps"]]
    answers = json.loads(were)
    kept = {name: token for name, token in answers.items() if name not in save.fields}
    steps = json.loads(stood)
    steps[save.step] = _token(sealing, save)
    became = {
        "answers": were if kept == answers else json.dumps(kept),
        "steps": json.dumps(steps),
        "updated_at": stored_moment(now),
    }
    edition = (prepared, *about, prepared.changed(row, became))
    draft = _became(looked, save, opened_answers(sealing, looked.id, kept, steps), edition, now)
    changed = way.change(
        _SAVE_UNCHANGED,
        draft=save.draft_id,
        owner=sealing.index(save.owner),
        were=were,
        stood=stood,
        new_answers=became["answers"],
        new_steps=became["steps"],
        new_updated_at=became["updated_at"],
    )
    if changed == 1:
        sealing.keys.remember(edition, draft)
    return changed == 1


def _became(
    looked: Draft, save: StepToSave, opened: Opened, edition: Edition, now: datetime.datetime
) -> Draft:
    draft = dataclasses.replace(
        looked,
        answers=opened.answers,
        steps=opened.steps,
        saves=opened.saves,
        updated_at=now.astimezone(datetime.UTC),
        edition=edition,
    )
    expected = save.expected
    if expected is not None and expected.answers == draft.answers:
        draft.noted.update(expected.noted)
    return draft


def _cells(draft: Draft) -> dict[str, object]:
    steps = dict.fromkeys((*draft.steps, *draft.saves))
    return {step: _cell(draft, step) for step in steps}


def _cell(draft: Draft, step: str) -> dict[str, object]:
    names = draft.steps.get(step, ())
    answers = {name: draft.answers[name] for name in names if name in draft.answers}
    return {"answers": answers, "saves": draft.saves.get(step, 0)}


def _times_saved(sealing: Sealing, save: StepToSave, tokens: Mapping[str, str]) -> int:
    token = tokens.get(save.step)
    if token is None:
        return 0
    cell = sealing.open_as(table, save.draft_id, _field(save.step), token, json.loads)
    saves: int = cell["saves"]
    return saves


def _token(sealing: Sealing, save: StepToSave) -> str:
    cell = {"answers": dict(save.answers), "saves": save.seen + 1}
    # The page that comes next opens it.
    return sealing.seal_json_as(table, save.draft_id, _field(save.step), cell, json.loads)


def _field(step: str) -> str:
    """What the cell of a step is called."""
    return f"steps.{step}"
