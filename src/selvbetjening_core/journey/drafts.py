"""Starting, resuming and answering."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from collections.abc import Mapping

from selvbetjening_core.composition.roles import REGISTER
from selvbetjening_core.definitions.model import FILES, Solution, Step
from selvbetjening_core.errors import Conflict, Gone, NotFound
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext, day_of
from selvbetjening_core.journey.forms import still_accepted
from selvbetjening_core.journey.household import ask_register
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave
from selvbetjening_core.values import (
    CaseSnapshot,
    Channel,
    Citizen,
    CprNumber,
    Guest,
    Household,
    Identity,
    Owner,
)

_OF_LATE = datetime.timedelta(days=1)


def new_id() -> str:
    """A reference of 128 random bits."""
    return secrets.token_urlsafe(16)


def start(context: JourneyContext, identity: Citizen, solution: str, locale: str) -> Draft:
    """The citizen's draft of ``solution``: the one under way, else a new one.

    Register data are fetched here, once for the journey; of a guest there are none. A
    new draft counts as one start; resuming one does not. Personal data: CPR number to the register.
    """
    household = None
    if isinstance(identity, Identity):
        household = ask_register(context, identity, solution)
    with context.store.transaction(context.code) as work:
        if isinstance(identity, Identity):
            _note_look_up(context, identity, solution, household, work)
        draft = _found_or_new(context, identity, solution, locale, household, work)
    if draft is None:
        raise Conflict("already_started")
    return draft


def _found_or_new(
    context: JourneyContext,
    identity: Citizen,
    solution: str,
    locale: str,
    household: Household | None,
    work: UnitOfWork,
) -> Draft | None:
    """None: another window has begun and ended one in between."""
    found = work.drafts.unfinished(identity.owner, solution, hold=True)
    if found is None:
        try:
            return _new(context, identity, solution, locale, household, work)
        except Conflict:
            # Another window has begun it in between.
            found = work.drafts.unfinished(identity.owner, solution, hold=True)
    if found is None or found.state is not DraftState.OPEN:
        return found
    return go_on(context, found, identity, household, locale, work)


def _note_look_up(
    context: JourneyContext,
    identity: Identity,
    solution: str,
    household: Household | None,
    work: UnitOfWork,
) -> None:
    """The register of persons was asked: for which solution, and whom it told of."""
    told = _people(household)
    work.audit.add(
        "register-asked",
        context.municipality.component_name(REGISTER, solution),
        context.now(),
        f"household: {len(told) + 1} persons" if household else "household: no answer",
        way=AuditWay.CITIZEN,
        purpose=solution,
        persons=(identity.cpr, *told),
    )


def unfinished(context: JourneyContext, identity: Citizen, solution: str) -> Draft | None:
    """The citizen's open or paying draft of ``solution``, or None."""
    with context.store.transaction(context.code) as work:
        return work.drafts.unfinished(identity.owner, solution)


def sent_of_late(context: JourneyContext, identity: Citizen, solution: str) -> CaseSnapshot | None:
    """The newest case the citizen sent in ``solution`` within a day, or None.

    So that one who has just sent, and comes back, is shown the receipt and not
    an empty form.
    """
    with context.store.transaction(context.code) as work:
        return work.submissions.newest(identity.owner, solution, context.now() - _OF_LATE)


def owned(context: JourneyContext, identity: Citizen, draft_id: str) -> Draft:
    """The draft, if it is the citizen's own.

    :raises NotFound: it is not, or does not exist; one cannot tell which
    """
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id)
    if draft is None or draft.identity.owner != identity.owner:
        raise NotFound("no such draft")
    return draft


class Overtaken(Conflict):
    """Another window has saved the step meanwhile. Nothing was changed."""


def save_answers(
    context: JourneyContext,
    draft: Draft,
    step: Step,
    values: Mapping[str, object],
    seen: int,
    prolonged: Prolonged | None = None,
    expected: Draft | None = None,
) -> None:
    """Keep the answers of one step beside those of the others.

    Whatever it held before and is not among ``values`` is no longer there, but files:
    they are taken in and out one by one, and stay as they are. Two windows lose nothing
    of each other's.

    :param seen: how often the step had been saved when the citizen answered it
    :param prolonged: a session that lasts longer from now on, if the answers are kept
    :param expected: as :func:`with_answers` gave it, so that what was worked out of it need
        not be worked out again
    :raises Overtaken: it has been saved since
    :raises Conflict: the draft is being paid for, or was submitted; or a code has opened it
        in another browser
    :raises Gone: it is there no longer
    """
    fields = frozenset(field.name for field in step.fields if field.kind != FILES)
    given = {name: value for name, value in values.items() if name in fields}
    save = StepToSave(
        draft.id, draft.identity.owner, step.name, fields, given, seen, draft.edition, expected
    )
    became = context.store.save_step(context.code, save, context.now(), prolonged)
    if became is StepSaved.OVERTAKEN:
        raise Overtaken("stale_form")
    if became is StepSaved.GONE:
        raise (
            Conflict("draft_elsewhere") if isinstance(draft.identity, Guest) else Gone("draft_gone")
        )
    if became is not StepSaved.SAVED:
        raise Conflict("payment_running" if became is StepSaved.PAYING else "already_submitted")


def with_answers(draft: Draft, step: Step, values: Mapping[str, object]) -> Draft:
    """``draft`` as :func:`save_answers` keeps it, if no other window changes it meanwhile."""
    return dataclasses.replace(draft, answers={**_others(draft, step), **values})


def last_day(draft: Draft, solution: Solution) -> datetime.date:
    """The last day in Denmark on which the draft is still kept, if nothing changes it.

    The day before the one on which it may be removed, since nobody is told the hour.
    """
    may_go = draft.updated_at + datetime.timedelta(days=solution.retention.draft_days)
    return day_of(may_go) - datetime.timedelta(days=1)


def _others(draft: Draft, step: Step) -> dict[str, object]:
    """The answers of the other steps."""
    own = {field.name for field in step.fields}
    return {name: value for name, value in draft.answers.items() if name not in own}


def closed_reason(draft: Draft | None) -> str:
    """Why a draft takes no more answers, as the name of the text that says so."""
    if draft is not None and draft.state is DraftState.PAYING:
        return "payment_running"
    return "already_submitted"


def need_own(draft: Draft | None, owner: Owner) -> Draft | None:
    """``draft``, held, if it still is ``owner``'s; None where there is none.

    :raises Conflict: a code has opened it in another browser since the request began
    """
    if draft is not None and draft.identity.owner != owner:
        raise Conflict("draft_elsewhere")
    return draft


def _new(
    context: JourneyContext,
    identity: Citizen,
    solution: str,
    locale: str,
    household: Household | None,
    work: UnitOfWork,
) -> Draft:
    offered = context.offered(solution).solution
    draft = Draft(
        id=new_id(),
        solution=solution,
        definition_version=offered.version,
        definition_sha256=offered.sha256,
        locale=locale,
        identity=identity,
        household=household,
        created_at=context.now(),
        updated_at=context.now(),
    )
    work.drafts.add(draft)
    work.counts.started(solution, offered.version, Channel.SELF_SERVICE, context.today)
    return draft


def go_on(
    context: JourneyContext,
    draft: Draft,
    identity: Citizen,
    household: Household | None,
    locale: str,
    work: UnitOfWork,
) -> Draft:
    """An open draft, stored as it goes on today. Personal data: the draft."""
    resumed = _resumed(context, draft, identity, household, locale)
    work.drafts.refresh(resumed)
    return resumed


def _resumed(
    context: JourneyContext,
    draft: Draft,
    identity: Citizen,
    household: Household | None,
    locale: str,
) -> Draft:
    """The draft as it goes on today: by today's login, register and definition."""
    offered = context.offered(draft.solution)
    # A register that is down takes nothing away: what it said before stays, dated.
    before = draft.people()
    known = household or before
    answers = dict(draft.answers)
    if _people(before) != _people(known):
        # A stored choice of person is a number among the people told of: with others
        # among them it could mean somebody else, so it is asked again.
        people = {
            field.name
            for field in offered.solution.fields()
            if context.kinds[field.kind].declaration.asks_register
        }
        answers = {name: value for name, value in answers.items() if name not in people}
    resumed = dataclasses.replace(
        draft,
        identity=identity,
        household=known,
        locale=locale,
        answers=answers,
        updated_at=context.now(),
    )
    if draft.definition_sha256 != offered.solution.sha256:
        resumed = dataclasses.replace(
            resumed,
            definition_version=offered.solution.version,
            definition_sha256=offered.solution.sha256,
            answers=still_accepted(context, resumed),
        )
    return _by_step(resumed, offered.solution)


def _by_step(draft: Draft, solution: Solution) -> Draft:
    """The draft with each answer kept under the step that asks for it now; files by themselves."""
    steps = {
        step.name: tuple(
            field.name
            for field in step.fields
            if field.name in draft.answers and field.kind != FILES
        )
        for step in solution.steps
    }
    saves = {name: count for name, count in draft.saves.items() if name in steps}
    answered = {name: fields for name, fields in steps.items() if fields}
    return dataclasses.replace(draft, steps=answered, saves=saves)


def _people(household: Household | None) -> frozenset[CprNumber]:
    """Everybody that the register tells of beside the citizen."""
    if household is None:
        return frozenset()
    children = (child.person.cpr for child in household.children)
    return frozenset((*children, *(other.cpr for other in household.others)))
