"""The draft that a request is about."""

from __future__ import annotations

import dataclasses

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Conflict, Gone, NotFound
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import closed_reason, owned, sent_of_late, unfinished
from selvbetjening_core.journey.guests import is_elsewhere
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.values import Citizen, Guest
from selvbetjening_core.web.address import receipt_url
from selvbetjening_core.web.policy import citizen_at


class GoTo(Exception):
    """The page is elsewhere. For where a view cannot go on and knows who can."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def includeme(config: Configurator) -> None:
    """Turn :class:`GoTo` into a redirection."""
    config.add_exception_view(_go_to, context=GoTo)


def current_draft(request: Request) -> Draft:
    """The citizen's unfinished draft of the solution in the address.

    :raises NotAllowed: the login is not sure enough for this solution
    :raises GoTo: there is none, since it was sent a moment ago: to the receipt
    :raises Gone: there is none, and the form that was sent was made for one
    :raises Conflict: there is none, or a code has opened it in another browser
    """
    offered = request.journey.offered(request.matchdict["solution"])
    identity = citizen_at(request, offered.solution.level)
    draft = unfinished(request.journey, identity, offered.solution.name)
    _need_here(request, identity, draft)
    if draft is None:
        sent = sent_of_late(request.journey, identity, offered.solution.name)
        if sent is None and request.method == "POST":
            raise Gone("draft_gone")
        if sent is None:
            raise Conflict("guest_forbidden" if isinstance(identity, Guest) else "not_started")
        if request.method == "POST":
            raise Conflict("already_submitted")
        raise GoTo(receipt_url(request, sent.solution, sent.submission_id))
    return used_now(draft, identity, request.locale)


def used_now(draft: Draft, identity: Citizen, locale: str) -> Draft:
    """``draft`` by the login and in the language that it is used in now."""
    if draft.identity is identity and draft.locale == locale:
        return draft
    return dataclasses.replace(draft, locale=locale, identity=identity)


def posted_draft(request: Request) -> Draft:
    """The citizen's draft that the sent form was made for.

    :raises NotAllowed: the login is not sure enough for this solution
    :raises Gone: there is none, or it is somebody else's, or of another solution, whose
        level nobody has asked about here; one cannot tell which
    :raises Conflict: a code has opened it in another browser
    """
    offered = request.journey.offered(request.matchdict["solution"])
    identity = citizen_at(request, offered.solution.level)
    _need_here(request, identity, None)
    try:
        draft = owned(request.journey, identity, dict(request.form).get("draft", ""))
    except NotFound:
        raise Gone("draft_gone") from None
    if draft.solution != offered.solution.name:
        raise Gone("draft_gone")
    return draft


def _need_here(request: Request, identity: Citizen, draft: Draft | None) -> None:
    """:raises Conflict: the form is for a draft that a code has opened in another browser"""
    if not isinstance(identity, Guest):
        return
    meant = dict(request.form).get("draft", "")
    if not meant or (draft is not None and draft.id == meant):
        return
    if is_elsewhere(request.journey, identity, meant):
        raise Conflict("draft_elsewhere")


def open_progress(request: Request, step: str = "") -> Progress:
    """The citizen's open draft, held against its solution.

    :param step: as :func:`~selvbetjening_core.journey.progress.progress_of` takes it
    :raises Conflict: it is being paid for, or the solution has changed since
    """
    return opened(request.journey, current_draft(request), step)


def opened(context: JourneyContext, draft: Draft, step: str = "") -> Progress:
    """``draft``, held against its solution.

    :param step: as :func:`~selvbetjening_core.journey.progress.progress_of` takes it
    :raises Conflict: it is being paid for, or the solution has changed since
    """
    if draft.state is not DraftState.OPEN:
        raise Conflict(closed_reason(draft))
    progress = progress_of(context, draft, step)
    if not progress.is_current:
        raise Conflict("changed_solution")
    return progress


def _go_to(exception: GoTo, request: Request) -> Response:  # noqa: ARG001 - Pyramid's signature
    return HTTPSeeOther(exception.url)
