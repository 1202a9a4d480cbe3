"""A whole site for each test: real provider, real mail server, real HTTP for messages."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import shutil
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import waitress
from aiosmtpd.controller import Controller
from webtest import TestApp, TestResponse

import selvbetjening_solutions
from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_demo.folder import prepare_folder
from selvbetjening_demo.provider.server import ProviderServer, stop_server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Clock:
    """A clock that can be moved ahead."""

    ahead: datetime.timedelta = datetime.timedelta()

    def __call__(self) -> datetime.datetime:
        return utc_now() + self.ahead


@dataclass
class Mailbox:
    """What a real SMTP server on loopback has received."""

    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.original_content)
        return "250 OK"


@dataclass
class Town:
    """The site and everything around it."""

    folder: Path
    application: Application
    app: Any
    port: int
    provider: ProviderServer
    mailbox: Mailbox
    clock: Clock

    def browser(self, name: str = "mors") -> Browser:
        """A browser of its own at one municipality's host."""
        return Browser(self, f"{name}.localhost:{self.port}")

    def work(self, code: str = "0773"):
        """A transaction in the store."""
        return self.application.store.transaction(code)

    def journal(self, code: str = "0773") -> list[Path]:
        """The cases that were delivered to the journal."""
        return sorted((self.folder / "var" / f"journal-{code}").glob("*/case.json"))

    def counts(self, code: str = "0773") -> tuple[int, int]:
        """Journeys started and completed."""
        with self.work(code) as work:
            report = work.counts.report()
        return sum(row.started for row in report), sum(row.completed for row in report)


class Browser:
    """A citizen's browser: WebTest at the municipality, real HTTP at the provider."""

    def __init__(self, town: Town, host: str) -> None:
        self.town = town
        self.host = host
        self.app = TestApp(town.app, extra_environ={"HTTP_HOST": host})
        self.page: TestResponse | None = None

    def get(self, path: str, status: int = 200) -> TestResponse:
        """Open a page, following redirections within the municipality."""
        self.page = self._follow(self.app.get(path, status="*"))
        assert self.page.status_int == status, self.page.text
        return self.page

    def submit(self, status: int = 200, form: Any = None, **fields: str) -> TestResponse:
        """Fill in and send the page's main form."""
        form = form or self.main_form()
        for name, value in fields.items():
            form[name] = value
        self.page = self._follow(form.submit(status="*"))
        assert self.page.status_int == status, self.page.text
        return self.page

    def main_form(self) -> Any:
        """The form of the page that is not the log-off form."""
        return next(f for f in self.forms() if not f.action.endswith(("/-/log-af", "/slut")))

    def forms(self) -> list[Any]:
        """The forms of the page, in order."""
        return [form for key, form in self.page.forms.items() if isinstance(key, int)]

    def form_with(self, **fields: str) -> Any:
        """The form that has a hidden field with this value."""
        for form in self.forms():
            if all(
                name in form.fields and form[name].value == value for name, value in fields.items()
            ):
                return form
        raise AssertionError(f"no form with {fields} in {self.page.text}")

    def log_in(self, person: str, solution: str = "sundhedskort", level: str = "substantial"):
        """From the introduction through the provider's login page."""
        self.get(f"/{solution}")
        away = self.main_form().submit()
        assert away.status_int == 303
        page = self.at_login(away.location, person=person, level=level)
        # One who has ordered before says that it is to be once more.
        return self.submit() if page.request.path.endswith("/sendt") else page

    def at_login(self, url: str, status: int = 200, **choice: str) -> TestResponse:
        """Choose somebody at the provider and come back."""
        word = dict(parse_qsl(urlsplit(url).query))["request"]
        parts = urlsplit(url)
        login = f"{parts.scheme}://{parts.netloc}/login"
        self.login_return = self._post_out(login, request=word, **choice)
        return self.get(self.login_return, status)

    def log_out(self, status: int = 200) -> TestResponse:
        """Press »Log af«, here and on at the provider; the page where that ends."""
        form = next(f for f in self.forms() if f.action.endswith("/log-af"))
        answer = form.submit()
        if answer.status_int == 303:
            return self.get(self._inside(answer.location), status)
        return self.get(self._inside(got_out(answer.headers["Refresh"].partition("url=")[2])))

    def pay(self, url: str, action: str = "pay") -> str:
        """Press a button at the provider's payment page; where it sends the browser."""
        return self._post_out(url, action=action)

    def answer(self, *, holder: str = "self", cause: str = "lost", **more: str) -> TestResponse:
        """Answer all the steps of the health card, to the summary."""
        self.submit(holder=holder)
        self.submit(cause=cause)
        if "card_age" in more:
            self.submit(card_age=more["card_age"])
        if "doctor" in more:
            self.submit(doctor=more["doctor"])
        self.submit(proof="no")
        form = self.main_form()
        form["cancel_old_card"].checked = True
        return self.submit(form=form)

    def accept(self) -> str:
        """Accept the summary; the address it leads to outside, or of the receipt."""
        return self.main_form().submit(status=303).location

    def _follow(self, response: TestResponse) -> TestResponse:
        while response.status_int == 303 and urlsplit(response.location).netloc == self.host:
            response = self.app.get(self._inside(response.location), status="*")
        return response

    @staticmethod
    def _inside(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _post_out(self, url: str, **fields: str) -> str:
        """Post a form at the provider; the path it redirects to, or an empty text."""
        location = post_form(url, fields)
        return self._inside(location) if location else ""


def got_out(url: str) -> str:
    """Open a page over real HTTP; the ``Location`` of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        response.read()
        return response.getheader("Location") or ""
    finally:
        connection.close()


def post_form(url: str, fields: dict[str, str]) -> str:
    """Post a form over real HTTP; the ``Location`` of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request("POST", parts.path, urlencode(fields), FORM)
        response = connection.getresponse()
        response.read()
        return response.getheader("Location") or ""
    finally:
        connection.close()


@pytest.fixture
def provider():
    with ProviderServer(late_seconds=0.3, retry_seconds=0.05) as server:
        yield server


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


@pytest.fixture
def installation(tmp_path, monkeypatch, provider, mailbox):
    """A prepared demo folder whose secret is the running provider's."""
    folder = prepare_folder(tmp_path / "demo")
    (folder / "secrets" / "provider").write_text(provider.secret, encoding="ascii")
    monkeypatch.setenv("SELVBETJENING_DEMO_PROVIDER", provider.url)
    monkeypatch.setenv("SELVBETJENING_DEMO_SMTP", mailbox.url)
    return folder


@pytest.fixture
def own_solution(installation):
    """The health card as a copy in the installation, to be edited."""
    shipped = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
    shutil.copytree(shipped, installation / "own" / "sundhedskort")
    config = installation / "selvbetjening.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace('"package:selvbetjening_solutions"', '"own"'), "utf-8")
    return installation / "own" / "sundhedskort" / "solution.toml"


@pytest.fixture
def offer(own_solution, installation):
    """Let every municipality offer one more solution; the folder of its definition."""

    def write(name, definition):
        folder = own_solution.parent.parent / name
        folder.mkdir()
        (folder / "solution.toml").write_text(definition, "utf-8")
        for file in (installation / "municipalities").glob("*.toml"):
            file.write_text(f"{file.read_text('utf-8')}\n[solutions.{name}]\n", "utf-8")
        return folder

    return write


@pytest.fixture
def make_town(installation, provider, mailbox):
    """Build the site from the installation as it is now; serve it for messages, too."""
    stack = contextlib.ExitStack()

    def build() -> Town:
        clock = Clock()
        plan = read_plan(installation / "selvbetjening.toml", register_core, utc_now().date())
        application = assemble(plan, clock)
        stack.callback(application.close)
        app = make_app(
            Site(
                application.composition,
                application.store,
                clock,
                application.engine,
                application.announce,
                application.attempts,
            )
        )
        sockets: dict[int, Any] = {}
        server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        stack.callback(stop_server, server, thread, sockets)
        return Town(
            installation, application, app, int(server.effective_port), provider, mailbox, clock
        )

    with stack:
        yield build


@pytest.fixture
def town(make_town):
    return make_town()


def eventually(condition, seconds: float = 20.0):
    """The condition's value once it is true; fails if that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


@pytest.fixture(name="eventually")
def eventually_fixture():
    return eventually
