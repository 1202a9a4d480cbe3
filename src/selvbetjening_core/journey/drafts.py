"""Starting, resuming and answering."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from selvbetjening_core.composition.roles import REGISTER
from selvbetjening_core.errors import Conflict, NotFound, Unavailable
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.values import Channel, Household, Identity

log = logging.getLogger(__name__)

_PERSON = "person"


def new_id() -> str:
    """A reference of 128 random bits."""
    return secrets.token_urlsafe(16)


def start(context: JourneyContext, identity: Identity, solution: str, locale: str) -> Draft:
    """The citizen's draft of ``solution``: the one under way, else a new one.

    Register data are fetched here, once for the journey. A new draft counts as
    one start; resuming one does not. Personal data: CPR number to the register.
    """
    version = context.offered(solution).solution.version
    household = _household(context, identity, solution)
    with context.store.transaction(context.code) as work:
        found = work.drafts.unfinished(identity.cpr, solution)
        if found is None:
            return _new(context, identity, solution, locale, household, work)
        if found.state is DraftState.OPEN:
            _refresh(context, found, household, version, locale, work)
        return work.drafts.get(found.id) or found


def unfinished(context: JourneyContext, identity: Identity, solution: str) -> Draft | None:
    """The citizen's open or paying draft of ``solution``, or None."""
    with context.store.transaction(context.code) as work:
        return work.drafts.unfinished(identity.cpr, solution)


def owned(context: JourneyContext, identity: Identity, draft_id: str) -> Draft:
    """The draft, if it is the citizen's own.

    :raises NotFound: it is not, or does not exist; one cannot tell which
    """
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id)
    if draft is None or draft.identity.cpr != identity.cpr:
        raise NotFound("no such draft")
    return draft


def save_answers(context: JourneyContext, draft: Draft, answers: Mapping[str, object]) -> None:
    """Keep ``answers`` beside those the draft has.

    :raises Conflict: the draft is being paid for, or was submitted
    """
    with context.store.transaction(context.code) as work:
        if not work.drafts.save_answers(draft.id, answers, context.now()):
            raise Conflict(closed_reason(work.drafts.get(draft.id)))


def closed_reason(draft: Draft | None) -> str:
    """Why a draft takes no more answers, as the name of the text that says so."""
    if draft is not None and draft.state is DraftState.PAYING:
        return "payment_running"
    return "already_submitted"


def _household(context: JourneyContext, identity: Identity, solution: str) -> Household | None:
    register = context.municipality.component(IPrefill, REGISTER, solution)
    try:
        return register.household(identity.cpr)
    except Unavailable:
        log.warning("the register of persons cannot be reached (%s)", context.code)
        return None


def _new(
    context: JourneyContext,
    identity: Identity,
    solution: str,
    locale: str,
    household: Household | None,
    work: UnitOfWork,
) -> Draft:
    version = context.offered(solution).solution.version
    draft = Draft(
        id=new_id(),
        solution=solution,
        definition_version=version,
        locale=locale,
        identity=identity,
        household=household,
        created_at=context.now(),
        updated_at=context.now(),
    )
    work.drafts.add(draft)
    work.counts.started(solution, version, Channel.SELF_SERVICE, context.today)
    return draft


def _refresh(
    context: JourneyContext,
    draft: Draft,
    household: Household | None,
    version: str,
    locale: str,
    work: UnitOfWork,
) -> None:
    if not _same_people(draft.household, household):
        # A stored choice of person is a number among the children: with other
        # children it could mean another child, so it is asked again.
        solution = context.offered(draft.solution).solution
        people = {field.name for field in solution.fields() if field.kind == _PERSON}
        kept = {name: value for name, value in draft.answers.items() if name not in people}
        work.drafts.save_answers(draft.id, kept, context.now())
    work.drafts.refresh(draft.id, household, version, locale, context.now())


def _same_people(old: Household | None, new: Household | None) -> bool:
    return _people(old) == _people(new)


def _people(household: Household | None) -> set[object]:
    return {child.person.cpr for child in household.children} if household else set()
