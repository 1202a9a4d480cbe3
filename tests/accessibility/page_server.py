"""Serves the pages of the kinds on loopback, with the policy that pages have."""

from __future__ import annotations

import contextlib
import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import waitress
from kind_pages import Dress, KindPage
from kind_samples import sent_file
from webob import Request, Response

from selvbetjening_core.definitions.model import FILES
from selvbetjening_core.forms.parse import parse_form
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.values import FormState
from selvbetjening_core.web.headers import page_policy
from selvbetjening_core.web.limits.multipart import MULTIPART
from selvbetjening_core.web.step_page import BUTTON
from selvbetjening_demo.provider.server import stop_server

NONCE = "nonce-1"
"""That of ``common_values``."""
PLANTED = "planted.css"


@dataclass
class PageServer:
    """The pages by path, and what was sent to them.

    :param plant: changes the HTML of every page: a planted fault
    :param css: one more style sheet of every page: a planted fault
    :param kept: what a field's own button brought, by path, until the step is sent
    """

    pages: Mapping[str, KindPage]
    dresses: Mapping[str, Dress]
    plant: Callable[[str], str] = str
    css: str = ""
    read: dict[str, FormState] = field(default_factory=dict)
    kept: dict[str, FormState] = field(default_factory=dict)
    port: int = 0

    @property
    def host(self) -> str:
        """Host and port."""
        return f"localhost:{self.port}"

    def url(self, page: KindPage) -> str:
        """The address of a page."""
        return f"http://{self.host}{page.path}"

    def html(self, page: KindPage, state: FormState | None = None) -> str:
        """A page with what is planted in it."""
        link = f'<link rel="stylesheet" href="/static/{page.dress.name}/{PLANTED}"></head>'
        html = page.html(state)
        return self.plant(html.replace("</head>", link) if self.css else html)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The application."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/static/"):
            _, _, dress, name = request.path.split("/", 3)
            return self._static(self.dresses[dress], name)
        page = self.pages.get(request.path)
        if page is None:
            return Response(status=404)
        state = None
        if request.method == "POST":
            state = self._read(page, _pairs(request))
        policy = page_policy(NONCE)
        return Response(
            self.html(page, state),
            headerlist=[
                ("Content-Type", "text/html; charset=UTF-8"),
                ("Content-Security-Policy", policy),
            ],
        )

    def _read(self, page: KindPage, pairs: Pairs) -> FormState:
        button = dict(pairs).get(BUTTON)
        if button is not None:
            self.kept[page.path] = page.sample.pressed(page.step, pairs, button)
            return self.kept[page.path]
        found = page.sample.read(page.step, pairs)
        before = self.kept.pop(page.path, FormState())
        # Files are taken in when they come, and are not sent again.
        files = {asked.name for asked in page.step.step.fields if asked.kind == FILES}
        taken_in = {name: value for name, value in before.values.items() if name in files}
        self.read[page.path] = replace(found, values={**taken_in, **found.values})
        return self.read[page.path]

    def _static(self, dress: Dress, name: str) -> Response:
        body = self.css.encode() if name == PLANTED else dress.static(name)
        if body is None:
            return Response(status=404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(body, headerlist=[("Content-Type", kind), ("Cache-Control", "max-age=60")])


def _pairs(request: Request) -> Pairs:
    """What was sent, each file as one text."""
    if request.content_type != MULTIPART:
        return parse_form(request.body)
    return tuple((name, _text(value)) for name, value in request.POST.items())


def _text(sent: Any) -> Any:
    # An input in which no file was chosen sends nothing, as bytes.
    return sent_file(sent.filename, sent.file.read()) if hasattr(sent, "filename") else sent or ""


@contextlib.contextmanager
def serving(server: PageServer) -> Iterator[PageServer]:
    """The pages, served as long as they are needed."""
    sockets: dict[int, Any] = {}
    served = waitress.create_server(server, map=sockets, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    server.port = int(served.effective_port)
    try:
        yield server
    finally:
        stop_server(served, thread, sockets)
