"""The draft that a request is about."""

from __future__ import annotations

import dataclasses

from pyramid.request import Request

from selvbetjening_core.errors import Conflict, NotAllowed
from selvbetjening_core.journey.drafts import closed_reason, unfinished
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.web.security import citizen


def current_draft(request: Request) -> Draft:
    """The citizen's unfinished draft of the solution in the address.

    :raises NotAllowed: the login is not sure enough for this solution
    :raises Conflict: there is no unfinished draft
    """
    identity = citizen(request)
    offered = request.journey.offered(request.matchdict["solution"])
    if identity.level < offered.solution.level:
        raise NotAllowed("level_too_low")
    draft = unfinished(request.journey, identity, offered.solution.name)
    if draft is None:
        raise Conflict("not_started")
    return dataclasses.replace(draft, locale=request.locale)


def open_progress(request: Request) -> Progress:
    """The citizen's open draft, held against its solution.

    :raises Conflict: it is being paid for, or the solution has changed since
    """
    draft = current_draft(request)
    if draft.state is not DraftState.OPEN:
        raise Conflict(closed_reason(draft))
    progress = progress_of(request.journey, draft)
    if draft.definition_version != progress.solution.version:
        raise Conflict("changed_solution")
    return progress
