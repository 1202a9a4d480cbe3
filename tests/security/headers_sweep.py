"""Every route of the router, in every way an answer can come about."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock

from headers_rules import Answer
from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request
from town import MORS, Browser

from selvbetjening_core.errors import StoreUnavailable

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
_PARTS = re.compile(r"\{(\w+)[^}]*\}|\*(\w+)")
_VALUES = {
    "solution": ("sundhedskort", "no-such"),
    "step": ("person",),
    "component": ("login", "card", "no-such"),
    "path": ("plain.css", "no-such.css"),
    "reason": ("inaktiv",),
}
_TOO_MUCH = b"a=" + b"x" * 2_000_000


class Recorder:
    """A WSGI application that keeps what another one answers."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.answers: list[Answer] = []
        self._lock = threading.Lock()
        self.scheme = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["wsgi.url_scheme"] = self.scheme or environ["wsgi.url_scheme"]
        path = environ.get("PATH_INFO", "")
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def starting(status: str, headers: list[tuple[str, str]], _failed: Any = None) -> None:
            said[:] = [(status, headers)]

        parts = self.app(environ, starting)
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, headers = said[0]
        answer = Answer(
            environ["REQUEST_METHOD"],
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            path,
            int(status[:3]),
            tuple(headers),
            body,
        )
        with self._lock:
            self.answers.append(answer)
        start_response(status, headers)
        return [body]

    @property
    def registry(self) -> Any:
        return self.app.registry


def route_of(registry: Any, path: str) -> str:
    """The name of the route that an address leads to; empty where it leads nowhere."""
    request = Request.blank("/")
    readable = path.encode("latin-1").decode("utf-8", "replace")
    request.path_info = re.sub(r"^/en(?=/)", "", readable)
    found = registry.getUtility(IRoutesMapper)(request)["route"]
    return found.name if found else ""


def routes(registry: Any) -> dict[str, list[str]]:
    """The addresses that are asked for, by route."""
    mapper = registry.getUtility(IRoutesMapper)
    return {one.name: list(_addresses(one.pattern)) for one in mapper.get_routes()}


def _addresses(pattern: str) -> Iterator[str]:
    names = [first or second for first, second in _PARTS.findall(pattern)]
    most = max((len(_VALUES.get(name, "1")) for name in names), default=1)
    for number in range(most):

        def value(found: re.Match[str], number: int = number) -> str:
            values = _VALUES.get(found[1] or found[2], ("no-such",))
            return values[min(number, len(values) - 1)]

        path = _PARTS.sub(value, pattern)
        yield path if path.startswith("/") else f"/{path}"


def sweep(recorder: Recorder, provider: Any, *, small: bool) -> None:
    """Ask for everything as nobody, as a citizen and as staff; then break things."""
    site = _Site(recorder, provider)
    nobody, citizen, staff = site.browser(), site.browser(), site.browser()
    citizen.log_in("kirsten")
    staff.log_in_staff("demo-kirsten")
    everything = [path for paths in routes(recorder.registry).values() for path in paths]
    for path in everything:
        for method in METHODS:
            nobody.ask(method, path)
        staff.ask("GET", path) if path.startswith("/-/drift") else citizen.ask("GET", path)
    _odd_requests(nobody, citizen)
    _broken(recorder, everything, citizen, staff)
    _over_https(recorder, site, everything if not small else everything[::3])


class _Site:
    """What a browser of :mod:`town` needs of one."""

    def __init__(self, app: Any, provider: Any) -> None:
        self.app = app
        self.provider = provider

    def browser(self) -> Browser:
        return Browser(self, MORS)  # type: ignore[arg-type]  # it asks for no more


def _odd_requests(nobody: Browser, citizen: Browser) -> None:
    """What cannot be read, is too much, is unchanged, or was never there."""
    for path in ("/no/such/page", "/?a=%ff", "/%ff", "/-/plugins/no-such/page", "/en/", "//"):
        nobody.ask("GET", path)
    for browser in (nobody, citizen):
        browser.ask("POST", "/sundhedskort/start", _TOO_MUCH)
        browser.ask("POST", "/sundhedskort/start", b"%ff=%ff&=&&;;")
        browser.ask("POST", "/-/messages/card", _TOO_MUCH)
    nobody.ask("GET", "/-/static/plain.css", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")
    elsewhere = Browser(nobody.town, "nobody.localhost")
    elsewhere.ask("GET", "/")


def _broken(recorder: Recorder, paths: list[str], citizen: Browser, staff: Browser) -> None:
    """The database is gone; then a view fails; then a tween; then what makes requests."""
    registry = recorder.registry
    store = registry.site.store

    def gone(*_: object) -> Any:
        raise StoreUnavailable("planted")

    def fails(*_: object) -> Any:
        raise RuntimeError("planted")

    for failure in (gone, fails):
        with mock.patch.object(type(store), "transaction", failure):
            for path in paths:
                (staff if path.startswith("/-/drift") else citizen).ask("GET", path)
    with mock.patch.object(type(registry.looks), "renderer", fails):
        citizen.ask("GET", "/sundhedskort")
    with mock.patch("selvbetjening_core.web.tenancy._find", fails):
        citizen.ask("GET", "/sundhedskort")
    with (
        mock.patch.object(type(recorder.app), "invoke_request", fails),
        contextlib.suppress(RuntimeError),
    ):
        citizen.ask("GET", "/sundhedskort")
        return
    raise AssertionError("what fails outside every page is not answered")


def _over_https(recorder: Recorder, site: _Site, paths: list[str]) -> None:
    recorder.scheme = "https"
    try:
        citizen = site.browser()
        citizen.log_in("kirsten")
        for path in paths:
            citizen.ask("GET", path)
    finally:
        recorder.scheme = ""
