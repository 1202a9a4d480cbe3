"""One WSGI application inside another: what it is told of the request, and its answer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, for a site whose views return no WSGI.

    :param status: the number
    :param headers: as sent, repeated names kept: there may be several cookies
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(app: WsgiApp, environ: Mapping[str, Any], mount: str, path: str, body: bytes) -> Answer:
    """The answer of ``app``, for a view of a site that is no WSGI application itself.

    :param environ: the request as the site got it (CGI names)
    :param mount: the path of the view, as text without percent codes
    :param path: the rest of the path, as text
    :param body: the request's body, which the site may have read already
    """
    inner = inner_environ(environ, _native(mount), _native(path))
    inner["wsgi.input"] = io.BytesIO(body)
    inner["CONTENT_LENGTH"] = str(len(body))
    told: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
        told.append((status, headers))
        return written.append

    chunks = app(inner, start_response)
    try:
        content = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = told[-1]
    return Answer(int(status[:3]), tuple(headers), b"".join(written) + content)


def inner_environ(environ: Mapping[str, Any], mount: str, path: str) -> dict[str, Any]:
    """The environ for an application mounted at ``mount``.

    What the site's own framework keeps in the environ (parsed forms, matched routes,
    objects of the request) stays with the site.

    :param mount: ``SCRIPT_NAME`` as WSGI has it
    :param path: ``PATH_INFO`` as WSGI has it
    """
    kept = {name: value for name, value in environ.items() if _is_of_request(name)}
    return {**kept, "SCRIPT_NAME": mount, "PATH_INFO": path}


def _is_of_request(name: str) -> bool:
    return name.isupper() or name.startswith("wsgi.")


def _native(path: str) -> str:
    return path.encode("utf-8").decode("latin-1")
