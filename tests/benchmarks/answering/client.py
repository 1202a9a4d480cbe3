"""A browser without a network: calls an application in this process, as a server would."""

from __future__ import annotations

import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http.cookies import SimpleCookie
from typing import Any, Protocol

HOST = "mors.localhost"
_FORM = "application/x-www-form-urlencoded"
Headers = Iterable[tuple[str, str]]


class Answer:
    """What an application answered."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self.status, self.headers, self.body = status, list(headers), body

    def header(self, name: str) -> str:
        """The first header of this name; empty: none."""
        found = (value for key, value in self.headers if key.lower() == name)
        return next(found, "")


class Client(Protocol):
    """Sends requests to one application, with cookies."""

    cookies: dict[str, str]

    def get(self, path: str, times: int = 1) -> Answer:
        """The same page, so many times; the last answer."""

    def post(self, path: str, bodies: Sequence[bytes]) -> Answer:
        """Forms, one after the other; the last answer."""


class WsgiClient:
    """For applications that speak WSGI: one call is one request."""

    def __init__(self, app: Any, host: str = HOST) -> None:
        self._app = app
        self._host = host
        self.cookies: dict[str, str] = {}

    def get(self, path: str, times: int = 1) -> Answer:
        """See :class:`Client`."""
        return self._ask("GET", path, [b""] * times)

    def post(self, path: str, bodies: Sequence[bytes]) -> Answer:
        """See :class:`Client`."""
        return self._ask("POST", path, bodies)

    def _ask(self, method: str, path: str, bodies: Sequence[bytes]) -> Answer:
        environ = self._environ(method, path)
        for body in bodies:
            length = str(len(body)) if body else ""
            own = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": length}
            answer = self._call({**environ, **own})
        keep_cookies(self.cookies, answer)
        return answer

    def _call(self, environ: dict[str, Any]) -> Answer:
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            begun[:] = status, headers

        parts = self._app(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return Answer(int(begun[0][:3]), begun[1], body)

    def _environ(self, method: str, path: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": self._host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._host,
            "HTTP_COOKIE": cookie_header(self.cookies),
            "CONTENT_TYPE": _FORM if method == "POST" else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


class AsgiClient:
    """For applications that speak ASGI: the loop runs once for many requests.

    So neither starting the loop nor a thread is counted against the application.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        import asyncio  # noqa: PLC0415 - no part of an application that speaks WSGI

        self._app = app
        self._loop = asyncio.new_event_loop()
        self.cookies: dict[str, str] = {}

    def get(self, path: str, times: int = 1) -> Answer:
        """See :class:`Client`."""
        return self._loop.run_until_complete(self._ask("GET", path, [b""] * times))

    def post(self, path: str, bodies: Sequence[bytes]) -> Answer:
        """See :class:`Client`."""
        return self._loop.run_until_complete(self._ask("POST", path, bodies))

    async def _ask(self, method: str, path: str, bodies: Sequence[bytes]) -> Answer:
        for body in bodies:
            answer = await self._call(self._scope(method, path, body), body)
        keep_cookies(self.cookies, answer)
        return answer

    async def _call(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        headers = [(name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
        found = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], headers, found)

    def _scope(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        headers = [(b"host", HOST.encode()), (b"cookie", cookie_header(self.cookies).encode())]
        if method == "POST":
            headers += [
                (b"content-type", _FORM.encode()),
                (b"content-length", str(len(body)).encode()),
            ]
        return {
            "type": "http",
            "state": {},
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": (HOST, 80),
        }


def cookie_header(cookies: Mapping[str, str]) -> str:
    """As a browser sends them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def keep_cookies(cookies: dict[str, str], answer: Answer) -> None:
    """Keep what the answer sets."""
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            cookies.update({key: one.coded_value for key, one in SimpleCookie(value).items()})
