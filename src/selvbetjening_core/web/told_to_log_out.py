"""A provider says that somebody has logged out: by their browser, or from server to server."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.journey.ports import Sessions, StaffSessions, UnitOfWork
from selvbetjening_core.journey.single_logout import (
    end_as_told,
    is_confirmation,
    read_logout,
)
from selvbetjening_core.values import Challenge, LogoutNotice, Message, Refusal, Reply
from selvbetjening_core.web.going import see_other
from selvbetjening_core.web.leaving import send_away
from selvbetjening_core.web.pages import notice_page

_RETRY_SECONDS = "30"


def logged_out_as_told(
    request: Request, name: str, message: Message, *, is_staff: bool
) -> Response | None:
    """The answer to a message about logging out; None: it is about something else.

    The sessions it is about are over then, whatever browser or server has brought it.
    """
    try:
        found = read_logout(request.journey, name, message)
    except Unavailable:
        return _again_later()
    if found is None:
        return None
    if isinstance(found, Refusal):
        return _unread(request)
    if is_confirmation(found):
        return see_other(_goodbye_url(request, is_staff=is_staff))
    if end_as_told(request.journey, name, found, _of_staff if is_staff else _of_citizens):
        return _unread(request)
    return _answer(request, found, is_staff=is_staff)


def _answer(request: Request, notice: LogoutNotice, *, is_staff: bool) -> Response:
    answer = notice.answer
    if isinstance(answer, Challenge):
        try:
            return send_away(request, answer, "")
        except Unavailable:
            return see_other(_goodbye_url(request, is_staff=is_staff))
    if isinstance(answer, Reply):
        return Response(answer.body, status=answer.status, content_type=answer.content_type)
    return see_other(_goodbye_url(request, is_staff=is_staff))


def _unread(request: Request) -> Response:
    return notice_page(request, "logout_unread", status=400)


def _again_later() -> Response:
    response = Response(b"", status=503, content_type="text/plain")
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _goodbye_url(request: Request, *, is_staff: bool) -> str:
    return str(request.route_path("staff-logged-out" if is_staff else "logged-out"))


def _of_citizens(work: UnitOfWork) -> Sessions:
    return work.sessions


def _of_staff(work: UnitOfWork) -> StaffSessions:
    return work.staff_sessions
