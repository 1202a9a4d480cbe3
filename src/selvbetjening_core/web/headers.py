"""Safe headers on every answer, whatever it is, and the policy of each page.

What a page may do in the browser is nothing, but for what is written here. A view
cannot loosen it: it says which origins its page needs, and those come from what the
components of the municipality declare.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.viewderivers import INGRESS

from selvbetjening_core.web.plugin_pages import PREFIX

Handler = Callable[[Request], Response]

_HTML = "text/html"
_TWO_YEARS = 63_072_000
_NONCE_BYTES = 16
# Of what browsers know today; a name that one does not know is a complaint in its console.
_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_COMMON = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class PageOrigins:
    """The origins beside our own that a page needs. Empty: none.

    :param forms: where a form of the page may send the browser, also by redirects
    :param images: where it may show pictures from
    :param connections: whom its scripts may ask
    :param ancestors: who may show it in a frame
    """

    forms: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()


NOTHING_ELSE = PageOrigins()
"""What a page needs that has not said otherwise."""


def includeme(config: Configurator) -> None:
    """Put the headers on every answer, and keep answers out of every cache."""
    config.add_tween("selvbetjening_core.web.headers.headers_tween_factory")
    config.add_view_deriver(keeping_view, "keeping", under=INGRESS)
    config.add_request_method(_csp_nonce, "csp_nonce", reify=True)


def headers_tween_factory(handler: Handler, registry: Any) -> Handler:
    """Safe headers on every answer, whatever it is."""
    subdomains = registry.site.composition.plan.installation.hsts_subdomains

    def headers_tween(request: Request) -> Response:
        request.page_origins = None
        response = handler(request)
        is_page = response.content_type == _HTML
        policy = page_policy(request.csp_nonce, _origins(request)) if is_page else bare_policy()
        hsts = is_https_for_good(registry, request.scheme)
        make_safe(response, policy, hsts=hsts, subdomains=subdomains)
        return response

    return headers_tween


def need(request: Request, origins: PageOrigins) -> None:
    """Say which origins the page needs that answers this request."""
    request.page_origins = origins


def keeping_view(view: Callable[..., Response], info: Any) -> Callable[..., Response]:
    """A view deriver: no cache keeps an answer, but of views that say ``cacheable=True``.

    :raises ConfigurationError: such a view is not for everybody, or asks who is logged in
    """
    if info.options.get("cacheable"):
        is_public = info.options.get("permission") == NO_PERMISSION_REQUIRED
        if info.options.get("session") or not is_public:
            raise ConfigurationError("cacheable=True is for views that show nobody's data")
        return view

    def unkept(context: object, request: Request) -> Response:
        response = view(context, request)
        keep_nowhere(response)
        return response

    return unkept


keeping_view.options = ("cacheable",)  # type: ignore[attr-defined]  # Pyramid's protocol


def keep_nowhere(response: Response) -> None:
    """No cache keeps this answer."""
    response.headers["Cache-Control"] = "no-store"


def is_https_for_good(registry: Any, scheme: str) -> bool:
    """May the browser be told to use https alone from now on?

    Over https, and where the whole host is ours: it is told of the host (RFC 6797), and
    below a path of another site's host that is for that site to say.
    """
    return scheme == "https" and bool(registry.site.hsts)


def make_safe(response: Response, policy: str, *, hsts: bool, subdomains: bool = False) -> None:
    """Put the headers on an answer, in place of any that are there.

    :param hsts: the browser is to use https alone from now on
    :param subdomains: for the hosts below ours, too
    """
    response.headers.update(_COMMON)
    response.headers["Content-Security-Policy"] = policy
    response.headers.setdefault("Cache-Control", "no-store")
    if hsts:
        also = "; includeSubDomains" if subdomains else ""
        response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}{also}"


def page_policy(nonce: str, origins: PageOrigins = NOTHING_ELSE) -> str:
    """The policy of a page: its scripts by their nonce, all else from our own host."""
    return _policy(
        ("default-src", ["'none'"]),
        ("script-src", [f"'nonce-{nonce}'"]),
        ("style-src", ["'self'", f"'nonce-{nonce}'"]),
        ("img-src", ["'self'", *origins.images]),
        ("font-src", ["'self'"]),
        ("connect-src", ["'self'", *origins.connections]),
        ("object-src", ["'none'"]),
        ("base-uri", ["'none'"]),
        ("form-action", ["'self'", *origins.forms]),
        ("frame-ancestors", origins.ancestors or ["'none'"]),
    )


def bare_policy() -> str:
    """The policy of what is no page: shown by itself, it can do nothing."""
    nothing = ["'none'"]
    names = ("default-src", "object-src", "base-uri", "form-action", "frame-ancestors")
    return _policy(*((name, nothing) for name in names))


def _origins(request: Request) -> PageOrigins:
    """As the view has said; for a page of a plugin, as the plugin has said of its pages."""
    found: PageOrigins | None = request.page_origins
    return found or _origins_of_plugin(request)


def _origins_of_plugin(request: Request) -> PageOrigins:
    municipality = getattr(request, "municipality", None)
    if municipality is None or not request.path_info.startswith(f"{PREFIX}/"):
        return NOTHING_ELSE
    plugin = request.path_info.split("/")[3]
    needs = municipality.file.plugin_set.page_needs.get(plugin)
    return PageOrigins(needs.forms, needs.images, needs.connections) if needs else NOTHING_ELSE


def _policy(*directives: tuple[str, Iterable[str]]) -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives)


def new_nonce() -> str:
    """A word that nobody can guess, for the scripts of one page and no other."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def _csp_nonce(request: Request) -> str:  # noqa: ARG001 - Pyramid's signature
    return new_nonce()
