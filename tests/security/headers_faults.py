"""Faults that the item ``headers`` must find, planted in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from selvbetjening_core.themes.rendering import PageRenderer
from selvbetjening_core.web import headers, last_resort, pages
from selvbetjening_core.web.headers import PageOrigins
from selvbetjening_core.web.views import framed

FAULTS = {
    "none-on-errors": "answers with an error carry no headers",
    "unsafe-inline": "the policy allows scripts in the page itself",
    "script-without-nonce": "a page has a script that does not carry the page's nonce",
    "same-nonce": "every page has the same nonce",
    "cacheable": "a page with somebody's data may be kept by a cache",
    "login-in-frame": "a page with login may be framed by whoever is declared for other pages",
    "picture-from-elsewhere": "pages show a picture from another host",
    "form-nowhere": "the policy leaves out the login provider, so that browsers stop the login",
    "form-anywhere": "a form may end at a host that no component declares",
    "cookie-in-frame": "a page in a frame sets a cookie",
    "no-https-only": "browsers are not told to stay with https",
    "no-last-answer": "what fails before a request is one has no answer of ours",
}
SEEN_IN_BROWSER = frozenset({"login-in-frame", "form-nowhere", "picture-from-elsewhere"})

_show, _page = pages.show, PageRenderer.page
_tween, _policy, _make_safe = (
    headers.headers_tween_factory,
    headers.page_policy,
    headers.make_safe,
)


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """The fault, as long as the block lasts; none where the name is empty."""
    if not fault:
        yield
        return
    place, name, planted = _PLANTED[fault]
    with mock.patch.object(place, name, planted):
        yield


def _none_on_errors(handler: Any, registry: Any) -> Callable[[Any], Any]:
    safe = _tween(handler, registry)

    def tween(request: Any) -> Any:
        response = safe(request)
        if response.status_int >= 400:
            for name in ("Content-Security-Policy", "X-Content-Type-Options"):
                response.headers.pop(name, None)
        return response

    return tween


def _cacheable(view: Any, _info: Any) -> Any:
    def kept(context: Any, request: Any) -> Any:
        response = view(context, request)
        response.headers.setdefault("Cache-Control", "private, max-age=60")
        return response

    return kept


_cacheable.options = ("cacheable",)  # type: ignore[attr-defined]


def _unsafe_inline(nonce: str, origins: Any = headers.NOTHING_ELSE) -> str:
    return _policy(nonce, origins).replace("script-src", "script-src 'unsafe-inline'")


def _without_nonce(self: PageRenderer, name: str, **values: object) -> str:
    html = _page(self, name, **values)
    return html.replace(f' nonce="{values["csp_nonce"]}"', "", 1)


def _with_picture(self: PageRenderer, name: str, **values: object) -> str:
    picture = '<img src="https://pictures.example/x.png" alt="">'
    return _page(self, name, **values).replace("</main>", f"{picture}</main>", 1)


def _framed_everywhere(request: Any, _page: Any) -> PageOrigins:
    municipality = request.municipality
    if municipality is None:
        return headers.NOTHING_ELSE
    forms = municipality.form_origins.get("sundhedskort", ())
    return PageOrigins(forms=forms, ancestors=municipality.file.frame_ancestors)


def _nowhere(request: Any, page: Any) -> PageOrigins:
    ancestors = request.municipality.file.frame_ancestors if page.is_framed else ()
    return PageOrigins(ancestors=ancestors)


def _anywhere(nonce: str, origins: Any = headers.NOTHING_ELSE) -> str:
    return _policy(nonce, origins).replace("form-action", "form-action https://anybody.example")


def _with_cookie(request: Any, page: Any) -> Any:
    response = _show(request, page)
    response.set_cookie("selvbetjening-seen", "1", httponly=True, samesite="Lax")
    return response


def _without_https(response: Any, policy: str, **_: object) -> None:
    _make_safe(response, policy, hsts=False)


def _falls(environ: Any, router: Any) -> Any:
    with router.request_context(environ) as request:
        return router.invoke_request(request)


_PLANTED: dict[str, tuple[Any, str, Any]] = {
    "none-on-errors": (headers, "headers_tween_factory", _none_on_errors),
    "unsafe-inline": (headers, "page_policy", _unsafe_inline),
    "script-without-nonce": (PageRenderer, "page", _without_nonce),
    "same-nonce": (headers, "_csp_nonce", lambda _: "always-the-same-word-here"),
    "cacheable": (headers, "keeping_view", _cacheable),
    "login-in-frame": (pages, "_origins", _framed_everywhere),
    "picture-from-elsewhere": (PageRenderer, "page", _with_picture),
    "form-nowhere": (pages, "_origins", _nowhere),
    "form-anywhere": (headers, "page_policy", _anywhere),
    "cookie-in-frame": (framed, "show", _with_cookie),
    "no-https-only": (headers, "make_safe", _without_https),
    "no-last-answer": (last_resort, "answer_anyway", _falls),
}
