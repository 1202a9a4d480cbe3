"""Pages and JSON answers of the provider."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from pyramid.response import Response

from selvbetjening_demo.provider.texts import texts

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def page(template: str, locale: str, *, status: int = 200, **values: Any) -> Response:
    """A page in ``locale``."""
    t = texts(locale)
    html = _environment().get_template(template).render(t=t, locale=locale, **values)
    response = Response(html, status=status, content_type="text/html", charset="utf-8")
    response.headers.update(_HEADERS)
    return response


def error_page(reason: str, locale: str = "da", *, status: int = 400) -> Response:
    """A page that says what is wrong. ``reason`` names the text."""
    return page("error.html", locale, status=status, reason=reason)


def answer(data: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json_body=data, status=status, cache_control="no-store")


def go_to(url: str) -> Response:
    """Send the browser on, with a GET."""
    response = Response(status=303)
    response.headers.update({**_HEADERS, "Location": url})
    return response


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("selvbetjening_demo.provider"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
