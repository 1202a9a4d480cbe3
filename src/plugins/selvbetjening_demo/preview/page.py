"""A preview's mark on every page, and what is wrong beside it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from webob import Request, Response

from selvbetjening_core.problems import Problem
from selvbetjening_core.web.headers import make_safe, page_policy
from selvbetjening_demo.preview.texts import TEXTS
from selvbetjening_demo.preview.watching import Watched

WsgiApp = Callable[..., Iterable[bytes]]

PREFIX = "/preview-files/"
"""No solution has a name with a hyphen, so nothing of theirs begins like this."""
_FILES: Mapping[str, str] = {"preview.css": "text/css", "preview.js": "text/javascript"}
_REVISION = "revision"
_HTML = "text/html"
_LANGUAGE = re.compile(r'<html[^>]*\blang="([a-z]+)"')
_NONCE = re.compile(r"script-src 'nonce-([^']+)'")


class MarkedApp:
    """An application whose every page says that it is a preview. WSGI.

    :param app: what is shown
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        answer: Iterable[bytes] = self._answer(Request(environ))(environ, start_response)
        return answer

    def _answer(self, request: Request) -> Response:
        name = request.path_info.removeprefix(PREFIX)
        if request.path_info.startswith(PREFIX) and name in _FILES:
            return _file(name)
        return self._marked(request.get_response(self._app))

    def _marked(self, response: Response) -> Response:
        if response.content_type == _HTML and response.body:
            response.text = marked(response.text, *self._told(response))
        return response

    def _told(self, response: Response) -> tuple[Watched | None, str]:
        return None, ""


class PreviewApp(MarkedApp):
    """The site of a preview: the last version that was right, with what is wrong now. WSGI."""

    def __init__(self, watched: Watched) -> None:
        super().__init__(self._shown)
        self._watched = watched

    def _answer(self, request: Request) -> Response:
        self._watched.look()
        if request.path_info == PREFIX + _REVISION:
            text = str(self._watched.revision)
            return Response(text, content_type="text/plain", cache_control="no-store")
        return super()._answer(request)

    def _shown(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        app = self._watched.app or _nothing_yet
        return app(environ, start_response)

    def _told(self, response: Response) -> tuple[Watched | None, str]:
        found = _NONCE.search(response.headers.get("Content-Security-Policy", ""))
        return self._watched, found[1] if found else ""


def marked(html: str, watched: Watched | None = None, nonce: str = "") -> str:
    """The page with the preview's mark, and with what is wrong where that is known.

    :param nonce: the one under which the page's policy lets scripts run; empty: none
    """
    found = _LANGUAGE.search(html)
    language = found[1] if found and found[1] in TEXTS else "da"
    problems = watched.problems if watched else ()
    mark = (
        _environment()
        .get_template("mark.html")
        .render(
            t=TEXTS[language],
            prefix=PREFIX,
            watched=watched,
            problems=[_told(one, watched) for one in problems if watched],
            nonce=nonce,
        )
    )
    sheet = f'<link rel="stylesheet" href="{PREFIX}preview.css">'
    html = _before(html, "</head>", sheet)
    return _before(html, "</body>", mark)


def _told(problem: Problem, watched: Watched) -> dict[str, object]:
    return {
        "severity": str(problem.severity),
        "file": watched.folder.original(problem.place.file),
        "line": problem.place.line,
        "path": problem.place.path,
        "code": problem.code,
        "message": problem.message,
        "advice": problem.advice,
    }


def _before(html: str, tag: str, added: str) -> str:
    """``added`` in front of the last such tag; at the end of what has none."""
    head, found, tail = html.rpartition(tag)
    return f"{head}{added}\n{found}{tail}" if found else f"{html}{added}"


def _nothing_yet(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    html = _environment().get_template("nothing_yet.html").render(t=TEXTS["da"])
    response = Response(html, content_type=_HTML, charset="utf-8")
    make_safe(response, page_policy(secrets.token_urlsafe(16)), hsts=False)
    answer: Iterable[bytes] = response(environ, start_response)
    return answer


def _file(name: str) -> Response:
    body = resources.files("selvbetjening_demo.preview").joinpath("static", name).read_bytes()
    return Response(
        body,
        content_type=_FILES[name],
        charset="utf-8",
        cache_control="no-store",
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("selvbetjening_demo.preview"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
