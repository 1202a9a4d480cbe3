"""Starting, resuming and answering."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from collections.abc import Mapping

from selvbetjening_core.composition.roles import REGISTER
from selvbetjening_core.definitions.model import Step
from selvbetjening_core.errors import Conflict, NotFound
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.forms import still_accepted
from selvbetjening_core.journey.household import ask_register
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.values import CaseSnapshot, Channel, Household, Identity

_PERSON = "person"
_OF_LATE = datetime.timedelta(days=1)


def new_id() -> str:
    """A reference of 128 random bits."""
    return secrets.token_urlsafe(16)


def start(context: JourneyContext, identity: Identity, solution: str, locale: str) -> Draft:
    """The citizen's draft of ``solution``: the one under way, else a new one.

    Register data are fetched here, once for the journey. A new draft counts as
    one start; resuming one does not. Personal data: CPR number to the register.
    """
    household = ask_register(context, identity, solution)
    with context.store.transaction(context.code) as work:
        _note_look_up(context, identity, solution, household, work)
        draft = _found_or_new(context, identity, solution, locale, household, work)
    if draft is None:
        raise Conflict("already_started")
    return draft


def _found_or_new(
    context: JourneyContext,
    identity: Identity,
    solution: str,
    locale: str,
    household: Household | None,
    work: UnitOfWork,
) -> Draft | None:
    """None: another window has begun and ended one in between."""
    found = work.drafts.unfinished(identity.cpr, solution, hold=True)
    if found is None:
        try:
            return _new(context, identity, solution, locale, household, work)
        except Conflict:
            # Another window has begun it in between.
            found = work.drafts.unfinished(identity.cpr, solution, hold=True)
    if found is None or found.state is not DraftState.OPEN:
        return found
    resumed = _resumed(context, found, identity, household, locale)
    work.drafts.refresh(resumed)
    return resumed


def _note_look_up(
    context: JourneyContext,
    identity: Identity,
    solution: str,
    household: Household | None,
    work: UnitOfWork,
) -> None:
    """The register of persons was asked: for which solution, and whom it told of."""
    told = [child.person.cpr for child in household.children] if household else []
    work.audit.add(
        "register-asked",
        context.municipality.component_name(REGISTER, solution),
        context.now(),
        f"household: {len(told) + 1} persons" if household else "household: no answer",
        way=AuditWay.CITIZEN,
        purpose=solution,
        persons=(identity.cpr, *told),
    )


def unfinished(context: JourneyContext, identity: Identity, solution: str) -> Draft | None:
    """The citizen's open or paying draft of ``solution``, or None."""
    with context.store.transaction(context.code) as work:
        return work.drafts.unfinished(identity.cpr, solution)


def sent_of_late(context: JourneyContext, identity: Identity, solution: str) -> CaseSnapshot | None:
    """The newest case the citizen sent in ``solution`` within a day, or None.

    So that one who has just sent, and comes back, is shown the receipt and not
    an empty form.
    """
    with context.store.transaction(context.code) as work:
        return work.submissions.newest(identity.cpr, solution, context.now() - _OF_LATE)


def owned(context: JourneyContext, identity: Identity, draft_id: str) -> Draft:
    """The draft, if it is the citizen's own.

    :raises NotFound: it is not, or does not exist; one cannot tell which
    """
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id)
    if draft is None or draft.identity.cpr != identity.cpr:
        raise NotFound("no such draft")
    return draft


def save_answers(
    context: JourneyContext, draft_id: str, step: Step, values: Mapping[str, object]
) -> None:
    """Keep the answers of one step beside those of the others.

    Read and written in one transaction, so that two windows lose nothing of
    each other's.

    :raises Conflict: the draft is being paid for, or was submitted
    """
    own = {field.name for field in step.fields}
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id, hold=True)
        others = draft.answers.items() if draft else ()
        kept = {name: value for name, value in others if name not in own}
        if not work.drafts.save_answers(draft_id, {**kept, **values}, context.now()):
            raise Conflict(closed_reason(work.drafts.get(draft_id)))


def closed_reason(draft: Draft | None) -> str:
    """Why a draft takes no more answers, as the name of the text that says so."""
    if draft is not None and draft.state is DraftState.PAYING:
        return "payment_running"
    return "already_submitted"


def _new(
    context: JourneyContext,
    identity: Identity,
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


def _resumed(
    context: JourneyContext,
    draft: Draft,
    identity: Identity,
    household: Household | None,
    locale: str,
) -> Draft:
    """The draft as it goes on today: by today's login, register and definition."""
    offered = context.offered(draft.solution)
    # A register that is down takes nothing away: what it said before stays, dated.
    known = household or draft.household
    answers = dict(draft.answers)
    if not _same_people(draft.household, known):
        # A stored choice of person is a number among the children: with other
        # children it could mean another child, so it is asked again.
        people = {field.name for field in offered.solution.fields() if field.kind == _PERSON}
        answers = {name: value for name, value in answers.items() if name not in people}
    resumed = dataclasses.replace(
        draft,
        identity=identity,
        household=known,
        locale=locale,
        answers=answers,
        updated_at=context.now(),
    )
    if draft.definition_sha256 == offered.solution.sha256:
        return resumed
    return dataclasses.replace(
        resumed,
        definition_version=offered.solution.version,
        definition_sha256=offered.solution.sha256,
        answers=still_accepted(context, resumed),
    )


def _same_people(old: Household | None, new: Household | None) -> bool:
    return _people(old) == _people(new)


def _people(household: Household | None) -> set[object]:
    return {child.person.cpr for child in household.children} if household else set()
