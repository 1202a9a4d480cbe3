"""Chromium: a journey in which nothing is stopped, and pages in frames of other sites."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from walking.town import Town
from walking.walk import SOLUTION, Walk
from walking.watch import Watch

FIGURES = (
    "pages in Chromium",
    "stopped by a policy",
    "requests to other hosts",
    "frames shown",
    "frames refused",
)
_PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Kommunen</title>
</head><body><h1>Kommunens side</h1><iframe title="Selvbetjening" src="{url}" width="900"
height="900"></iframe></body></html>"""
_NOBODYS = "chrome-error://chromewebdata/"
_PATIENCE = 30


@dataclass(frozen=True)
class FramingSite:
    """A site of somebody else's: declared at one of its addresses, and not at the other."""

    port: int

    @property
    def origins(self) -> tuple[str, ...]:
        """Who may frame: this site as 127.0.0.1, not as localhost."""
        return (f"http://127.0.0.1:{self.port}",)

    def page(self, url: str, host: str = "127.0.0.1") -> str:
        """The address of a page with a frame."""
        return f"http://{host}:{self.port}/?frame={url}"

    @property
    def probe(self) -> str:
        """A page that sets a cookie for other sites, at another site than the page's."""
        return f"http://localhost:{self.port}/probe"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        url = parse_qs(parts.query).get("frame", [""])[0]
        body = (_PAGE.format(url=url) if url else "<p>probe</p>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if parts.path == "/probe":
            self.send_header("Set-Cookie", "probe=1; SameSite=None; Secure")
        self.end_headers()
        # Whoever left the page does not wait for it.
        with contextlib.suppress(BrokenPipeError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextlib.contextmanager
def framing_site() -> Iterator[FramingSite]:
    """The site, served until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield FramingSite(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def journey(chromium: Any, town: Town, missed: list[str], *, small: bool) -> Counter[str]:
    """A whole way (in a small run to the first question): nothing may be stopped."""
    with _window(chromium, town) as (page, watch):
        walk = Walk(page, town, "mors")
        states = _until_logged_in(walk) if small else walk.whole_way()
        pages = _walked(states, missed)
        return _told(watch, pages, missed)


def frames(chromium: Any, town: Town, host: FramingSite, missed: list[str]) -> Counter[str]:
    """Framed where it is declared, refused elsewhere; on from there at top level."""
    with _window(chromium, town, f"127.0.0.1:{host.port}", f"localhost:{host.port}") as (page, _):
        refused = _refused(page, town, host, missed)
        _third_party_cookies_are_blocked(page, host, missed)
        page.context.clear_cookies()
        page.goto(host.page(town.url("mors", f"/-/ramme/{SOLUTION}")))
        if _is_refused(page):
            missed.append("the frame is refused at the site that is declared")
            return Counter({"frames refused": refused})
        if page.context.cookies():
            missed.append("a page in a frame has set a cookie")
        _go_on(page, town, missed)
        return Counter({"frames shown": 1, "frames refused": refused})


def _go_on(page: Any, town: Town, missed: list[str]) -> None:
    """Out of the frame by its link, then the whole way to the receipt."""
    _walked(_out_of_the_frame(Walk(page, town, "mors")), missed)
    if "/kvittering/" not in page.url:
        missed.append(f"what began in a frame ended at {urlsplit(page.url).path}")


def _out_of_the_frame(walk: Walk) -> Iterator[str]:
    with walk.page.expect_navigation():
        _frame(walk.page).locator("main a[target=_top]").first.click()
    yield "introduction"
    assert walk.page.url == walk.town.url("mors", f"/{SOLUTION}"), walk.page.url
    walk.press("common.log_in")
    walk.leave_by(walk.page.locator("button[value=kirsten]"))
    yield from walk.questions()
    yield from walk.pay()


def _refused(page: Any, town: Town, host: FramingSite, missed: list[str]) -> int:
    """Pages that no frame shows: at a foreign site all, at the declared one those with login."""
    tried = [
        host.page(town.url("mors", f"/-/ramme/{SOLUTION}"), "localhost"),
        host.page(town.url("mors", "/-/ramme"), "localhost"),
        host.page(town.url("mors", f"/{SOLUTION}")),
        host.page(town.url("mors", "/")),
        host.page(town.url("mors", "/-/drift/log-ind")),
    ]
    for url in tried:
        page.goto(url)
        if not _is_refused(page):
            missed.append(f"shown in a frame: {urlsplit(url).netloc} {urlsplit(url).query}")
    return len(tried)


def _third_party_cookies_are_blocked(page: Any, host: FramingSite, missed: list[str]) -> None:
    """Else what follows would show nothing."""
    page.goto(host.page(host.probe))
    _frame(page).locator("p").wait_for()
    if page.context.cookies():
        missed.append("this browser takes third-party cookies, so that nothing is shown")


def _is_refused(page: Any) -> bool:
    """Whether the frame shows the browser's own page instead. Waits until it shows a page."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if _frame(page).url == _NOBODYS:
            return True
        if _frame(page).locator("main h1").count():
            return False
        page.wait_for_timeout(20)
    raise AssertionError("the frame shows nothing")


def _frame(page: Any) -> Any:
    return page.frames[1]


def _until_logged_in(walk: Walk) -> Iterator[str]:
    yield from walk.arrive()
    walk.press("common.log_in")
    walk.leave_by(walk.page.locator("button[value=kirsten]"))
    yield "first question"


def _walked(states: Iterator[str], missed: list[str]) -> int:
    """How many pages were seen until the end, or until there was no way on."""
    seen = 0
    try:
        for _ in states:
            seen += 1
    except Exception as error:  # noqa: BLE001 - whatever Chromium says of a page it stops
        missed.append(f"no way on after page {seen}: {str(error).splitlines()[0]}")
    return seen


def _told(watch: Watch, pages: int, missed: list[str]) -> Counter[str]:
    missed.extend(f"Chromium: {one}" for one in watch.findings())
    return Counter(
        {
            "pages in Chromium": pages,
            "stopped by a policy": len(watch.blocked),
            "requests to other hosts": len(watch.foreign),
        }
    )


@contextlib.contextmanager
def _window(chromium: Any, town: Town, *more: str) -> Iterator[tuple[Any, Watch]]:
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(30_000)
    try:
        yield context.new_page(), Watch(context, town.own_hosts | set(more))
    finally:
        context.close()
