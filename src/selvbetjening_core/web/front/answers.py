"""Answers whose headers were made once, by the functions that make those of all answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.response import Response

from selvbetjening_core.web.headers import (
    PageOrigins,
    bare_policy,
    is_https_for_good,
    keep_nowhere,
    make_safe,
    page_policy,
)
from selvbetjening_core.web.pages import html_response

Headers = list[tuple[str, str]]

_NONCE = "the-nonce"
_POLICY = "Content-Security-Policy"
_LENGTH = "Content-Length"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. A WSGI application, as Pyramid asks of an execution policy."""

    status: str
    headers: Headers
    body: bytes

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        start_response(self.status, self.headers)
        return [self.body]


@dataclass(frozen=True, slots=True)
class PageHeaders:
    """The headers of a page; its nonce and its length are put in."""

    status: str
    headers: Headers
    policy: tuple[str, ...]
    policy_at: int
    length_at: int

    def answer(self, body: bytes, nonce: str) -> Answer:
        """The page as an answer."""
        headers = self.headers.copy()
        headers[self.policy_at] = (_POLICY, nonce.join(self.policy))
        headers[self.length_at] = (_LENGTH, str(len(body)))
        return Answer(self.status, headers, body)


def page_headers(registry: Any, environ: dict[str, Any], origins: PageOrigins) -> PageHeaders:
    """Those of a page at the address of ``environ``.

    :param environ: of a request to it, with nothing of anybody's
    :param origins: what the page needs beside our own
    """
    response = _safe(html_response(""), registry, environ, page_policy(_NONCE, origins))
    status, headers = _sent(response, environ)
    names = [name for name, _ in headers]
    policy = tuple(dict(headers)[_POLICY].split(_NONCE))
    return PageHeaders(status, headers, policy, names.index(_POLICY), names.index(_LENGTH))


def redirection(registry: Any, environ: dict[str, Any], response: Response) -> Answer:
    """``response``, which leads elsewhere and holds nothing of anybody's, made once."""
    status, headers = _sent(_safe(response, registry, environ, bare_policy()), environ)
    return Answer(status, headers, b"")


def _safe(response: Response, registry: Any, environ: Mapping[str, Any], policy: str) -> Response:
    keep_nowhere(response)
    hsts = is_https_for_good(registry, environ["wsgi.url_scheme"])
    subdomains = registry.site.composition.plan.installation.hsts_subdomains
    make_safe(response, policy, hsts=hsts, subdomains=subdomains)
    return response


def _sent(response: Callable[..., Any], environ: dict[str, Any]) -> tuple[str, Headers]:
    """Status and headers as they get to the server."""
    told: list[tuple[str, Headers]] = []
    response(environ, lambda status, headers: told.append((status, headers)))
    return told[0]
