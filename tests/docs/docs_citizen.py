"""A citizen over HTTP, who answers whatever is asked until there is a receipt."""

from __future__ import annotations

import time
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bs4 import BeautifulSoup, Tag

# What this citizen says wherever a page asks for it, by the name of the field.
ANSWERS = {"person": "kirsten", "holder": "self", "cause": "lost", "proof": "no", "action": "pay"}
MOST_PAGES = 20
LOG_OFF = "/-/log-af"


class Lost(AssertionError):
    """The citizen did not come to the end of the way."""


def order(url: str, arrived: str, within_seconds: float) -> None:
    """Order at ``url``, and wait until the receipt says ``arrived`` of every destination.

    :raises Lost: with the page where it ended
    :raises OSError: when a page could not be had
    """
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address, page = _open(browser, url)
    for _ in range(MOST_PAGES):
        form = _form(page)
        if form is None:
            break
        target = urljoin(address, str(form["action"])) if form.get("action") else address
        address, page = _open(browser, target, urlencode(_filled_in(form)).encode())
    deadline = time.monotonic() + within_seconds
    while not _all_say(page, arrived):
        if time.monotonic() > deadline:
            raise Lost(f"{address} does not say {arrived!r}: {page.get_text(' ', strip=True)}")
        time.sleep(0.2)
        address, page = _open(browser, address)


def _open(browser: OpenerDirector, url: str, body: bytes | None = None) -> tuple[str, Tag]:
    with browser.open(url, body, timeout=10) as answer:
        return answer.url, BeautifulSoup(answer.read(), "html.parser")


def _form(page: Tag) -> Tag | None:
    forms = (form for form in page.select("form") if LOG_OFF not in str(form.get("action")))
    return next(forms, None)


def _filled_in(form: Tag) -> list[tuple[str, str]]:
    controls = form.select("input[name], button[name]")
    return [(str(one["name"]), str(one.get("value", "on"))) for one in controls if _is_sent(one)]


def _is_sent(control: Tag) -> bool:
    if control.name == "button" or control.get("type") == "radio":
        wanted = ANSWERS.get(str(control["name"]))
        return control.has_attr("checked") if wanted is None else control["value"] == wanted
    return True


def _all_say(page: Tag, arrived: str) -> bool:
    # As the themes plain and dkfds mark them.
    marked = page.select(".deliveries :is(.state, .badge)")
    states = [state.get_text(strip=True) for state in marked]
    return bool(states) and set(states) == {arrived}
