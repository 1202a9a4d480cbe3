"""Faults planted in this process, before the site is made; gone when the run is over."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from unittest.mock import patch

from pyramid.request import Request

from selvbetjening_core.journey import login, session_limits
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web import cookies, csrf, headers, sessions
from selvbetjening_core.web.policy import CITIZEN
from selvbetjening_core.web.staff import sessions as staff_sessions
from selvbetjening_core.web.views import logout, messages, resume

FAULTS = {
    "token_not_checked": "a form is taken whatever token it has",
    "token_in_cookie_alone": "a cookie with the token stands in for the form's",
    "origin_not_checked": "a form is taken wherever it was sent from",
    "neighbour_is_us": "a form from another host of the same domain is taken for our own",
    "id_kept_at_login": "the session has the id that the browser came with",
    "token_survives_login": "the token of before the login is the session's",
    "old_session_lives": "stepping up leaves the session of before as it is",
    "session_lives_after_logout": "logging out removes the cookie alone",
    "get_logs_out": "logging out is a link",
    "code_keeps_session": "a code leaves the session that the browser had",
    "valid_elsewhere": "a session of any municipality is taken in every one",
    "mounts_share_names": "a mount's cookies are called as those of the others",
    "staff_are_citizens": "a session of staff is read on citizens' pages",
    "no_httponly": "scripts can read the cookies",
    "no_host_prefix": "a neighbour can plant a cookie",
    "cookie_without_form": "every page gives a cookie",
    "no_idle_limit": "a login lasts its longest, used or not",
    "high_as_others": "the surest login lasts as long as others",
    "pages_are_kept": "the browser may keep a page that shows a person",
}


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """With this fault; with none if it has no name."""
    with contextlib.ExitStack() as stack:
        for target, name, value in _PLANTS[fault]() if fault else ():
            stack.enter_context(patch.object(target, name, value))
        yield


def _nothing(*_: object) -> None:
    return None


def _token_in_cookie_alone() -> list[tuple[object, str, object]]:
    real = csrf._check_token

    def check(request: Request) -> None:
        if dict(request.form).get("csrf_token", "") not in request.cookies.values():
            real(request)

    return [(csrf, "_check_token", check)]


def _neighbour_is_us() -> list[tuple[object, str, object]]:
    real = csrf._check_origin

    def check(request: Request) -> None:
        if not request.headers.get("Origin", "").endswith(".localhost"):
            real(request)

    return [(csrf, "_check_origin", check)]


def _id_kept_at_login() -> list[tuple[object, str, object]]:
    real = login.complete_login

    def complete(context, name, message, browser_token, session_token):
        kept = iter([session_token] if session_token else [])
        fresh = login.new_token
        with patch.object(login, "new_token", lambda: next(kept, "") or fresh()):
            return real(context, name, message, browser_token, session_token)

    return [(messages, "complete_login", complete)]


def _token_survives_login() -> list[tuple[object, str, object]]:
    real = csrf._expected_token

    def expected(request: Request) -> str:
        form = cookies.read_token(request, cookies.form_cookie(request))
        return form or real(request)

    return [(csrf, "_expected_token", expected), (sessions, "remove_token", _nothing)]


def _old_session_lives() -> list[tuple[object, str, object]]:
    def complete(context, name, message, browser_token, _):
        return login.complete_login(context, name, message, browser_token, "")

    return [(messages, "complete_login", complete)]


def _session_lives_after_logout() -> list[tuple[object, str, object]]:
    def end(request, response):
        cookies.remove_token(request, response, sessions.session_cookie(request))

    return [(logout, "end_session", end)]


def _code_keeps_session() -> list[tuple[object, str, object]]:
    real = resume.resume

    def without(context, solution, code, _session, locale):
        return real(context, solution, code, None, locale)

    return [(resume, "resume", without)]


def _get_logs_out() -> list[tuple[object, str, object]]:
    real = logout.includeme

    @functools.wraps(real)
    def includeme(config):
        real(config)
        config.add_view(
            logout.log_out,
            route_name="logout",
            request_method="GET",
            permission=CITIZEN,
            level=AssuranceLevel.LOW,
        )

    return [(logout, "includeme", includeme)]


def _valid_elsewhere() -> list[tuple[object, str, object]]:
    real = sessions._web_session

    def anywhere(request: Request) -> WebSession | None:
        found = real(request)
        token = sessions.session_token(request) if request.municipality else ""
        if found is not None or not token:
            return found
        store = request.registry.site.store
        for code in request.registry.site.composition.municipalities:
            with store.transaction(code) as work:
                one = sessions.living(work.sessions, token, request.journey.now())
            found = found or one
        return found

    return [(sessions, "_web_session", anywhere)]


def _mounts_share_names() -> list[tuple[object, str, object]]:
    def cookie_name(_: Request, name: str) -> str:
        return f"__Host-selvbetjening-{name.replace('0751', '0773')}"

    return [(where, "cookie_name", cookie_name) for where in (sessions, staff_sessions, cookies)]


def _staff_are_citizens() -> list[tuple[object, str, object]]:
    return [(staff_sessions, "is_staff_address", lambda _: True)]


def _cookies_set(**changes: object) -> list[tuple[object, str, object]]:
    def set_cookie(_: Request, response, name, value, max_age):
        attributes = {"path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
        response.set_cookie(name, value, max_age=max_age, **attributes | changes)

    return [(cookies, "_set", set_cookie)]


def _no_host_prefix() -> list[tuple[object, str, object]]:
    return [(cookies, "HOST_PREFIX", "")]


def _cookie_without_form() -> list[tuple[object, str, object]]:
    real = csrf.FormToken.__init__

    def at_once(self, request: Request) -> None:
        real(self, request)
        str(self)

    return [(csrf.FormToken, "__init__", at_once)]


def _limits(**changes: session_limits.SessionLimits) -> list[tuple[object, str, object]]:
    table = {
        level: changes.get(level.name, limits)
        for level, limits in session_limits.CITIZEN_LIMITS.items()
    }
    return [(where, "CITIZEN_LIMITS", table) for where in (session_limits, login)]


def _no_idle_limit() -> list[tuple[object, str, object]]:
    usual = session_limits.USUAL_LIMITS
    return _limits(SUBSTANTIAL=session_limits.SessionLimits(usual.longest, usual.longest))


def _pages_are_kept() -> list[tuple[object, str, object]]:
    real = headers.make_safe

    def make_safe(response, policy, **options):
        real(response, policy, **options)
        response.headers["Cache-Control"] = "private, max-age=600"

    return [(headers, "make_safe", make_safe)]


_PLANTS: dict[str, Callable[[], list[tuple[object, str, object]]]] = {
    "token_not_checked": lambda: [(csrf, "_check_token", _nothing)],
    "token_in_cookie_alone": _token_in_cookie_alone,
    "origin_not_checked": lambda: [(csrf, "_check_origin", _nothing)],
    "neighbour_is_us": _neighbour_is_us,
    "id_kept_at_login": _id_kept_at_login,
    "token_survives_login": _token_survives_login,
    "old_session_lives": _old_session_lives,
    "session_lives_after_logout": _session_lives_after_logout,
    "code_keeps_session": _code_keeps_session,
    "get_logs_out": _get_logs_out,
    "valid_elsewhere": _valid_elsewhere,
    "mounts_share_names": _mounts_share_names,
    "staff_are_citizens": _staff_are_citizens,
    "no_httponly": lambda: _cookies_set(httponly=False),
    "no_host_prefix": _no_host_prefix,
    "cookie_without_form": _cookie_without_form,
    "no_idle_limit": _no_idle_limit,
    "high_as_others": lambda: _limits(HIGH=session_limits.USUAL_LIMITS),
    "pages_are_kept": _pages_are_kept,
}
