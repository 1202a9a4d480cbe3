"""The limits of the web server itself: what it refuses before the application sees it."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from selvbetjening_core.composition.limits import Limits
from selvbetjening_core.web.limits.spool import Parser

_MOST_CONNECTIONS = 1000
_IDLE_SECONDS = 30
_HEADER_ROOM = 4
_PAGE = """<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
</head>
<body>
<main>
<h1>{heading}</h1>
<p>{told}</p>
<div lang="en">
<h2>{heading_en}</h2>
<p>{told_en}</p>
</div>
</main>
</body>
</html>
"""
_TOO_LARGE = _PAGE.format(
    heading="Det, du sendte, fylder for meget",
    told="Vi kan ikke tage imod så meget på én gang. Intet er gemt. Gå tilbage, og skriv kortere.",
    heading_en="What you sent is too large",
    told_en="We cannot take that much at once. Nothing was saved. Go back and write less.",
)
_HEADERS_TOO_LARGE = _PAGE.format(
    heading="Din browser sendte for meget med",
    told="Slet cookies for denne hjemmeside i din browser, og prøv igen.",
    heading_en="Your browser sent too much along",
    told_en="Delete the cookies of this website in your browser, and try again.",
)
_BAD_REQUEST = _PAGE.format(
    heading="Vi kunne ikke læse det, der blev sendt",
    told="Noget gik galt undervejs fra din browser til os. Intet er gemt eller sendt."
    " Gå tilbage, og prøv igen.",
    heading_en="We could not read what was sent",
    told_en="Something went wrong on the way from your browser to us. Nothing was saved or sent."
    " Go back and try again.",
)
_PAGES = {413: _TOO_LARGE, 431: _HEADERS_TOO_LARGE}
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


class Refusal(ErrorTask):  # type: ignore[misc]  # Waitress has no types
    """What cannot be read, or is too much, is answered with a page and not the server's words.

    Nobody knows the language yet: the page has both.
    """

    def execute(self) -> None:
        """Answer, and close the connection."""
        error = self.request.error
        body = _PAGES.get(error.code, _BAD_REQUEST).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(_HEADERS)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """A connection whose errors are answered with pages."""

    error_task_class = Refusal
    parser_class = Parser


def server_limits(limits: Limits) -> dict[str, Any]:
    """The arguments of waitress.

    Longer headers and bodies than the application reads get as far as it, so that it
    can answer in the citizen's language; what is far beyond is refused unread here.
    """
    sizes = limits.sizes
    return {
        "max_request_header_size": _HEADER_ROOM * sizes.header_bytes,
        "max_request_body_size": limits.body_limit,
        "connection_limit": _MOST_CONNECTIONS,
        "channel_timeout": _IDLE_SECONDS,
        "cleanup_interval": _IDLE_SECONDS // 3,
        "asyncore_use_poll": True,
        # Who is believed, and what is dropped, says ``behind_proxies``: waitress knows
        # one proxy, and not networks of them.
        "clear_untrusted_proxy_headers": False,
    }


def answer_with_pages(server: Any) -> None:
    """Let a server of waitress answer what it refuses with a page."""
    for one in (server, *getattr(server, "map", {}).values()):
        if hasattr(one, "channel_class"):
            one.channel_class = Channel
