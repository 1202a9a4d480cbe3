"""Pages for what goes wrong: in the citizen's language, saying what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
)
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import (
    Conflict,
    Gone,
    NotAllowed,
    NotFound,
    StoreUnavailable,
    SubmissionInDoubt,
    Unavailable,
)
from selvbetjening_core.logs import kind_of
from selvbetjening_core.web.address import resume_url
from selvbetjening_core.web.last_resort import last_resort
from selvbetjening_core.web.pages import (
    front_page,
    may_repeat_address,
    notice_page,
    solution_name,
)
from selvbetjening_core.web.staff.login import log_in_page
from selvbetjening_core.web.staff.place import is_staff_place
from selvbetjening_core.web.support_code import tell_error
from selvbetjening_core.web.without_login import is_without_login

log = logging.getLogger(__name__)

Handler = Callable[[Request], Response]

_RETRY_SECONDS = "30"
_SETTLE_SECONDS = "120"
_NOTHING_OPEN = frozenset({"draft_elsewhere", "guest_forbidden"})
"""What a guest is told who has nothing to go on with in this browser."""


def includeme(config: Configurator) -> None:
    """Add an exception view for each kind of error. Each shows who is logged in."""
    told = {"session": True}
    config.add_notfound_view(not_found, **told)
    config.add_forbidden_view(forbidden, **told)
    config.add_exception_view(not_found, context=NotFound, **told)
    config.add_exception_view(not_allowed, context=NotAllowed, **told)
    config.add_exception_view(gone, context=Gone, **told)
    config.add_exception_view(conflict, context=Conflict, **told)
    config.add_exception_view(bad_request, context=HTTPBadRequest, **told)
    config.add_exception_view(too_large, context=HTTPRequestEntityTooLarge, **told)
    config.add_exception_view(in_doubt, context=SubmissionInDoubt, **told)
    config.add_exception_view(unavailable, context=StoreUnavailable, **told)
    config.add_exception_view(component_unavailable, context=Unavailable, **told)
    config.add_exception_view(server_error, context=Exception, **told)
    config.add_tween(
        "selvbetjening_core.web.views.errors.last_resort_tween_factory",
        under="selvbetjening_core.web.headers.headers_tween_factory",
        over="selvbetjening_core.web.tenancy.tenancy_tween_factory",
    )


def last_resort_tween_factory(
    handler: Handler,
    registry: object,  # noqa: ARG001 - Pyramid passes it to every tween factory
) -> Handler:
    """For what goes wrong outside the views, or in a page about an error.

    Nobody is ever answered by the server's own words. Where the municipality's
    theme is what fails, the page is shown in the theme ``plain``.
    """

    def last_resort_tween(request: Request) -> Response:
        try:
            return handler(request)
        except SubmissionInDoubt as error:
            return _shown(in_doubt, error, request)
        except StoreUnavailable as error:
            return _shown(unavailable, error, request)
        except Exception as error:  # noqa: BLE001 - whatever it is
            return _shown(server_error, error, request)

    return last_resort_tween


def not_found(request: Request) -> Response:
    """404: it does not exist, or is somebody else's. 410 where it was here."""
    if _was_offered(request):
        return notice_page(request, "solution_gone", status=410)
    return notice_page(request, "not_found", status=404)


def forbidden(request: Request) -> Response:
    """403: not logged in here, or no longer."""
    if is_staff_place(request):
        return _staff_forbidden(request)
    if is_without_login(request):
        return not_allowed(NotAllowed("guest_forbidden"), request)
    return notice_page(request, "forbidden", status=403, actions=_ways(request))


def _staff_forbidden(request: Request) -> Response:
    """Log in first; or one has, and lacks the role."""
    if request.staff_session is None:
        return log_in_page(request, status=403)
    return notice_page(request, "staff_without_role", status=403, actions=[])


def not_allowed(exception: NotAllowed, request: Request) -> Response:
    """403, with the reason."""
    actions = _ways(request, exception.reason)
    return notice_page(request, exception.reason, status=403, actions=actions)


def gone(exception: Gone, request: Request) -> Response:
    """410: it was here, and is not any more."""
    return notice_page(request, exception.reason, status=410, actions=_ways(request))


def conflict(exception: Conflict, request: Request) -> Response:
    """409: the page the request came from is no longer true."""
    actions = _ways(request, exception.reason)
    return notice_page(request, exception.reason, status=409, actions=actions)


def bad_request(request: Request) -> Response:
    """400: it could not be read."""
    return notice_page(request, "bad_request", status=400)


def too_large(request: Request) -> Response:
    """413: more than is read."""
    return notice_page(request, "too_large", status=413)


def in_doubt(exception: SubmissionInDoubt, request: Request) -> Response:
    """503: it was sent, and nobody can tell yet whether it arrived. Asks the database nothing.

    Neither a receipt nor a failure is told. What leads on only looks: it shows the
    receipt if it arrived, and the summary with its button if it did not.
    """
    _without_session(request)
    response = notice_page(
        request,
        "in_doubt_paid" if exception.is_paid else "in_doubt",
        status=503,
        actions=_see_whether_it_arrived(request, is_paid=exception.is_paid),
        support_code=tell_error(exception, request, exception.enquiry_code),
    )
    response.headers["Retry-After"] = _SETTLE_SECONDS
    return response


def unavailable(exception: StoreUnavailable, request: Request) -> Response:
    """503: the database cannot be used. Asks it nothing."""
    request.registry.meter.store_errors.inc()
    code = tell_error(exception, request)
    _without_session(request)
    response = notice_page(
        request, "unavailable", status=503, actions=_again(request), support_code=code
    )
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def component_unavailable(exception: Unavailable, request: Request) -> Response:
    """503: a component that the page cannot do without gave no answer."""
    code = tell_error(exception, request)
    response = notice_page(
        request, "unavailable", status=503, actions=_again(request), support_code=code
    )
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def server_error(exception: Exception, request: Request) -> Response:
    """500, with a code to tell; the log has the same code, and nothing personal."""
    code = tell_error(exception, request)
    _without_session(request)
    return notice_page(
        request, "server_error", status=500, actions=_again(request), support_code=code
    )


def _shown(
    view: Callable[[Any, Request], Response], error: Exception, request: Request
) -> Response:
    for is_theme_usable in (True, False):
        request.is_theme_usable = is_theme_usable
        try:
            return view(error, request)
        except Exception as failure:  # noqa: BLE001 - the page itself may be what fails
            log.error("a page about an error failed: %s", kind_of(failure))  # noqa: TRY400 - a trace may show values
    return last_resort(tell_error(error, request))


def _without_session(request: Request) -> None:
    """The page is for whoever asks: the session is in the store, which may be the trouble."""
    request.web_session = None
    request.staff_session = None
    request.csrf_token = ""


def _was_offered(request: Request) -> bool:
    """Has the municipality had the solution in the address, and withdrawn it?

    The counters know: where a journey has been started, there was a solution.
    """
    name = (request.matchdict or {}).get("solution", "")
    if not name or request.municipality is None or solution_name(request):
        return False
    context = request.journey
    try:
        with context.store.transaction(context.code) as work:
            return bool(work.counts.has_any(name))
    except StoreUnavailable:
        return False


def _see_whether_it_arrived(request: Request, *, is_paid: bool) -> list[tuple[str, str]]:
    """To where the draft stands now; nothing is sent by it."""
    solution = solution_name(request)
    label = request.texts.t("notice.in_doubt.look")
    if solution:
        here = request.route_path("payment" if is_paid else "summary", solution=solution)
    elif request.method == "GET" and may_repeat_address(request):
        # Back from the provider, whose address does not name the solution: ask it again.
        here = "/" + request.path.lstrip("/")
    else:
        return front_page(request)
    return [(here, label), *front_page(request)]


def _again(request: Request) -> list[tuple[str, str]]:
    """What can safely be asked for once more, then the front page."""
    if request.method != "GET" or request.query_string or not may_repeat_address(request):
        return front_page(request)
    # One slash: after two the browser would read the name of a host.
    here = "/" + request.path.lstrip("/")
    return [(here, request.texts.t("common.try_again")), *front_page(request)]


def _ways(request: Request, reason: str = "") -> list[tuple[str, str]]:
    """Back to the solution's introduction, from where one can log in or go on.

    :param reason: what the page tells
    """
    if is_staff_place(request):
        return front_page(request)
    solution = solution_name(request)
    if solution:
        intro = request.route_path("intro", solution=solution)
        go_on = (intro, request.texts.t("intro.resume"))
        if not is_without_login(request):
            return [go_on]
        code = (resume_url(request, solution), request.texts.t("resume.title"))
        if reason in _NOTHING_OPEN:
            return [code, (intro, request.texts.t("intro.start"))]
        return [go_on, code]
    return [(request.route_path("home"), request.texts.t("common.to_front_page"))]
