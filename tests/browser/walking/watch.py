"""What the browser itself has to say: whom it asked, what it blocked, what it complained of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_TELL = "selvbetjeningBlocked"
_LISTEN = f"""
addEventListener("securitypolicyviolation", (event) =>
    window.{_TELL}(`${{event.violatedDirective}} ${{event.blockedURI}} at ${{location.href}}`));
"""
_SCHEMES_WITHOUT_HOST = ("data", "blob", "about")


@dataclass
class Watch:
    """Listens to everything that happens in one browser window.

    :param own_hosts: ``host:port`` of every server that a page may ask
    """

    context: BrowserContext
    own_hosts: frozenset[str]
    foreign: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    complaints: list[tuple[str, str]] = field(default_factory=list)
    refused_pages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.expose_binding(_TELL, lambda _, what: self.blocked.append(what))
        self.context.add_init_script(_LISTEN)
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._complained)
        self.context.on("weberror", lambda error: self.complaints.append((str(error.error), "")))

    def findings(self) -> Iterator[str]:
        """Everything so far that must not be."""
        yield from (f"request to another host: {url}" for url in self.foreign)
        yield from (f"blocked by the page's policy: {what}" for what in self.blocked)
        yield from (f"the browser complains: {text}" for text in self.complained())

    def complained(self) -> Iterator[str]:
        """What is in the console, but for pages that are meant to have a status like 404."""
        for text, url in self.complaints:
            # Of a style sheet it would be a fault.
            if url not in self.refused_pages:
                yield f"{text} ({url})" if url else text

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _SCHEMES_WITHOUT_HOST and parts.netloc not in self.own_hosts:
            self.foreign.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused_pages.add(response.url)

    def _complained(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append((message.text, message.location.get("url", "")))
