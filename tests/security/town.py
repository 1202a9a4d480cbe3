"""The demo's two municipalities in this process, asked as WSGI; its provider on loopback.

What a fault changes must be patched before the town is built. The database can be kept
and brought back, so that one attempt leaves nothing behind for the next.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import logging
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import webob

from selvbetjening_core.application import assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_demo.folder import prepare_folder
from selvbetjening_demo.provider.server import ProviderServer

MORS, AARHUS = "mors.localhost", "aarhus.localhost"
CODES = {MORS: "0773", AARHUS: "0751"}
FORM = "application/x-www-form-urlencoded"
_MOST_HOPS = 5
# Nothing is delivered, so nobody has to listen there.
_NO_MAIL = "smtp://127.0.0.1:9"

Pairs = Sequence[tuple[str, str]]


class Town:
    """Both municipalities, each at its host; nothing is delivered while it stands.

    :param prepare: what is changed in the demo's folder before it is read
    """

    def __init__(self, prepare: Callable[[Town], None] | None = None) -> None:
        self._prepare = prepare

    def __enter__(self) -> Self:
        self._stack = contextlib.ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="security-"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self._build()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "var" / "selvbetjening.sqlite"

    def work(self, host: str = MORS) -> Any:
        """A transaction in the store."""
        return self.store.transaction(CODES[host])

    def browser(self, host: str = MORS) -> Browser:
        """A browser without any cookie."""
        return Browser(self, host)

    def kept(self) -> sqlite3.Connection:
        """The database as it is now, to be brought back."""
        copy = self._stack.enter_context(contextlib.closing(sqlite3.connect(":memory:")))
        with contextlib.closing(sqlite3.connect(self.file)) as now:
            now.backup(copy)
        return copy

    def bring_back(self, kept: sqlite3.Connection) -> None:
        """The database as it was."""
        with contextlib.closing(sqlite3.connect(self.file)) as now:
            kept.backup(now)

    def rows(self, *tables: str) -> Mapping[str, list[Any]]:
        """All there is in some tables, as it is stored."""
        with contextlib.closing(sqlite3.connect(self.file)) as now:
            return {
                one: now.execute(f"select * from {one}").fetchall()  # noqa: S608 - ours
                for one in tables
            }

    def _build(self) -> None:
        self.provider = self._stack.enter_context(
            ProviderServer(late_seconds=3600.0, retry_seconds=3600.0)
        )
        folder = prepare_folder(self.folder)
        (folder / "secrets" / "provider").write_text(self.provider.secret, "ascii")
        if self._prepare:
            self._prepare(self)
        settings = {
            "SELVBETJENING_DEMO_PROVIDER": self.provider.url,
            "SELVBETJENING_DEMO_SMTP": _NO_MAIL,
        }
        with _environment(settings):
            plan = read_plan(folder / "selvbetjening.toml", register_core, utc_now().date())
            application = assemble(plan, utc_now)
        self._stack.callback(application.close)
        self.store = application.store
        self.composition = application.composition
        self.app = make_app(
            Site(
                application.composition,
                application.store,
                utc_now,
                application.engine,
                application.announce,
                application.attempts,
            )
        )


@dataclass
class Page:
    """An answer: its status, where it leads, and its text."""

    status: int
    location: str
    text: str
    path: str

    @property
    def is_refused(self) -> bool:
        """Was nothing shown or done?"""
        return self.status >= 400

    @functools.cached_property
    def forms(self) -> list[Form]:
        """The forms of the page, in order, without that which logs off."""
        reader = _Forms(self.path)
        reader.feed(self.text)
        return [one for one in reader.found if not one.action.endswith(("log-af", "/slut"))]

    @property
    def form(self) -> Form:
        """The first of them."""
        return self.forms[0]

    @property
    def token(self) -> str:
        """The CSRF token of the page's forms; empty where there is none."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', self.text)
        return found.group(1) if found else ""


@dataclass
class Form:
    """A form of a page: where it goes, what is in it, and what may be chosen."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **answers: str) -> Pairs:
        """What a browser sends."""
        return [*{**self.fields, **answers}.items()]


class Browser:
    """A browser at one municipality: cookies, and redirections within it."""

    def __init__(self, town: Town, host: str) -> None:
        self.town, self.host = town, host
        self.cookies: dict[str, str] = {}
        self.asked = 0

    def ask(self, method: str, path: str, fields: Pairs | bytes = (), **headers: str) -> Page:
        """One request; what it leads to is not asked for."""
        self.asked += 1
        request = webob.Request.blank(path, method=method)
        request.host = self.host
        request.remote_addr = "127.0.0.1"
        if self.cookies:
            request.headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if method not in ("GET", "HEAD", "OPTIONS"):
            request.body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
            request.content_type = FORM
        for name, value in headers.items():
            request.headers[name.replace("_", "-")] = value
        response = request.get_response(self.town.app)
        self._keep_cookies(response)
        text = response.body.decode("utf-8", "replace")
        return Page(response.status_int, response.headers.get("Location", ""), text, path)

    def get(self, path: str) -> Page:
        """A page, and where it leads to within the municipality."""
        return self.follow(self.ask("GET", path))

    def send(self, form: Form, **answers: str) -> Page:
        """A form, and where it leads to."""
        return self.follow(self.ask("POST", form.action, form.filled(**answers)))

    def follow(self, page: Page) -> Page:
        """To where it leads within the municipality."""
        for _ in range(_MOST_HOPS):
            parts = urlsplit(page.location)
            if page.status != 303 or parts.netloc not in ("", self.host):
                break
            page = self.ask("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        return page

    def log_in(self, person: str, solution: str = "sundhedskort") -> Page:
        """A citizen, through the provider's page."""
        away = self.ask("POST", self.get(f"/{solution}").form.action, self._start(solution))
        return self._come_back(away, person=person, level="substantial")

    def log_in_staff(self, who: str) -> Page:
        """A member of staff, through the provider's page."""
        page = self.get("/-/drift/log-ind")
        away = self.ask("POST", page.form.action, page.form.filled())
        return self._come_back(away, person=who, level="substantial")

    def pay(self, url: str, action: str = "pay") -> str:
        """Press a button of the provider's page; where it sends the browser."""
        return post_form(url, {"action": action})

    def _start(self, solution: str) -> Pairs:
        return self.get(f"/{solution}").form.filled()

    def _come_back(self, away: Page, **choice: str) -> Page:
        if not away.location.startswith(self.town.provider.url):
            # Logged in already, or refused.
            return self.follow(away)
        word = dict(parse_qsl(urlsplit(away.location).query))["request"]
        parts = urlsplit(away.location)
        url = post_form(f"{parts.scheme}://{parts.netloc}/login", {"request": word, **choice})
        inside = urlsplit(url)
        return self.get(f"{inside.path}?{inside.query}")

    def _keep_cookies(self, response: webob.Response) -> None:
        for line in response.headers.getall("Set-Cookie"):
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            gone = not value or "Max-Age=0" in line
            if gone:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What is planted to fail in this process need not be told."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def post_form(url: str, fields: Mapping[str, str]) -> str:
    """Post a form over HTTP; where it leads to."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("POST", parts.path, urlencode(fields), {"Content-Type": FORM})
        response = connection.getresponse()
        response.read()
        return response.getheader("Location") or ""
    finally:
        connection.close()


class _Forms(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._has_button = False
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(has.get("action") or self._path))
            self._has_button = False
        elif tag == "button" and not has.get("name"):
            self._has_button = True
        elif tag == "button" and self._has_button:
            pass  # Enter presses the first button; another one says nothing.
        elif tag in ("input", "textarea", "button") and self.found and has.get("name"):
            self._control(has["name"], has.get("value", ""), has)

    def _control(self, name: str, value: str, has: Mapping[str, str]) -> None:
        form = self.found[-1]
        if has.get("type") not in ("radio", "checkbox"):
            form.fields[name] = value
            return
        form.choices.setdefault(name, []).append(value)
        if "checked" in has:
            form.fields[name] = value


@contextlib.contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
