"""Addresses, cookies, forms, messages and hosts: from one municipality's site to the other's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import webob
from tenants_database import Tried
from town import AARHUS, CODES, MORS, Browser, Page, Town

_SOLUTION = "sundhedskort"
_PERSON = "nancy_ann"
THEIR_NAME, OUR_NAME = "Morsø Kommune", "Aarhus Kommune"
_ADDRESSES = (
    "/kvittering/{submission}",
    "/kvittering/{submission}/status",
    "/kvittering/{submission}/dokument",
    "/-/payment/{payment}",
    "/-/static/own/0773.svg",
)
_STAFF_ADDRESSES = (
    "/-/drift/levering/{delivery}",
    "/-/drift/henvendelse/{submission}",
    "/-/drift/henvendelse/{submission}/log",
    "/-/drift/leveringer",
    "/-/drift/leveringer.csv",
    "/-/drift/leveringer?efter=2000-01-01T00:00:00%2B00:00~a",
)
_STAFF_FORMS = ("proev-igen", "flyt", "opgiv")
HEADERS = (
    ("X-Forwarded-Host", MORS),
    ("X-Forwarded-Server", MORS),
    ("X-Host", MORS),
    ("X-Original-Host", MORS),
    ("X-HTTP-Host-Override", MORS),
    ("Forwarded", f"host={MORS};proto=https"),
    ("X-Original-URL", "/mors/"),
    ("X-Rewrite-URL", "/mors/"),
    ("X-Forwarded-Prefix", "/mors"),
    ("X-Script-Name", "/mors"),
)
HOSTS = (
    f"{AARHUS}:@{MORS}",
    f"{MORS}@{AARHUS}",
    f"{AARHUS}, {MORS}",
    f"{MORS} {AARHUS}",
    f"{AARHUS}/{MORS}",
    f"{MORS}.{AARHUS}",
    f"{AARHUS}.{MORS}",
    f"{MORS}%00.{AARHUS}",
    f"{AARHUS}#{MORS}",
    "0773",
)
PATHS = (
    f"http://{MORS}/",
    f"//{MORS}/",
    "/mors/",
    "/%6dors/",
    "/%2fmors/",
    "/Mors/",
    "/aarhus/../mors/",
    "/./mors/",
    f"/?host={MORS}&municipality=0773",
    "/;municipality=0773",
)


@dataclass(frozen=True)
class Theirs:
    """What the citizen of the other municipality has there."""

    submission: str
    receipt_number: str
    delivery: str
    payment: str
    draft: str

    def is_in(self, text: str) -> bool:
        """Is anything of it shown? What was asked for may stand in an address."""
        return self.receipt_number in text or THEIR_NAME in text


class Site:
    """Both municipalities, with the same citizen in both, and staff of ours alone."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.there, self.here = town.browser(MORS), town.browser(AARHUS)
        self.paying = town.browser(MORS)
        page = _answered(self.paying, self.paying.log_in("anders"), "lost")
        self.paying.ask("POST", page.form.action, page.form.filled())
        for browser in (self.there, self.here):
            _sent(browser)
        self.staff = town.browser(AARHUS)
        self.staff.log_in_staff("demo-lise")
        self.staff_there = town.browser(MORS)
        self.staff_there.log_in_staff("demo-kirsten")
        self.theirs = _theirs(town)

    def try_all(self, tried: Tried) -> None:
        """Every way over HTTP."""
        self._control(tried)
        for name, asked in self._ways():
            before = _rows(self.town)
            page = asked()
            crossed = self.theirs.is_in(page.text) or _rows(self.town) != before
            tried.note("web", name, crossed=crossed)

    def _control(self, tried: Tried) -> None:
        """Whose it is does see it: else no way would be one."""
        paths = (f"/kvittering/{self.theirs.submission}", "/-/drift/leveringer")
        for browser, path in zip((self.there, self.staff_there), paths, strict=True):
            page = browser.get(path)
            if not self.theirs.is_in(page.text):
                tried.controls.append(f"web: the owner at {path}: {page.status}")

    def _ways(self) -> Iterator[tuple[str, Callable[[], Page]]]:
        yield from self._addresses()
        yield from self._cookies()
        yield from self._forms()
        yield from self._hosts()

    def _addresses(self) -> Iterator[tuple[str, Callable[[], Page]]]:
        ids = vars(self.theirs)
        for pattern in _ADDRESSES:
            path = pattern.format_map(ids)
            yield f"citizen at {pattern}", lambda path=path: self.here.get(path)
        for pattern in _STAFF_ADDRESSES:
            path = pattern.format_map(ids)
            yield f"staff at {pattern}", lambda path=path: self.staff.get(path)
        # What was kept for one municipality is not shown in the other.
        yield "a page that was just made for them", self._after_them("/")
        yield "a step that was just made for them", self._after_them(f"/{_SOLUTION}")

    def _after_them(self, path: str) -> Callable[[], Page]:
        def asked() -> Page:
            self.there.get(path)
            return self.here.get(path)

        return asked

    def _cookies(self) -> Iterator[tuple[str, Callable[[], Page]]]:
        receipt, overview = f"/kvittering/{self.theirs.submission}", "/-/drift"
        for whose, browser in (("citizen", self.here), ("staff", self.staff)):
            for as_whom, model in (("citizen", self.there), ("staff", self.staff_there)):
                for path in (receipt, overview):
                    # The cookies of here, at their host, as they are and under their names.
                    yield (
                        f"cookie of our {whose} as their {as_whom} at {path[:11]}",
                        _asked_with(self.town, MORS, _renamed(browser, model), path),
                    )
        for whose, browser in (("citizen", self.there), ("staff", self.staff_there)):
            for as_whom, model in (("citizen", self.here), ("staff", self.staff)):
                yield (
                    f"cookie of their {whose} as our {as_whom}",
                    _asked_with(self.town, AARHUS, _renamed(browser, model), receipt),
                )

    def _forms(self) -> Iterator[tuple[str, Callable[[], Page]]]:
        own = {"csrf_token": self.here.get(f"/{_SOLUTION}").token, "draft": self.theirs.draft}
        for name, path in (
            ("a step of their draft", f"/{_SOLUTION}/trin/reason"),
            ("their draft sent", f"/{_SOLUTION}/opsummering"),
            ("their draft paid", f"/{_SOLUTION}/betaling"),
        ):
            fields = [*own.items(), ("cause", "lost")]
            yield name, lambda path=path, fields=fields: self.here.ask("POST", path, fields)
        token = self.staff.get("/-/drift").token
        search = [("csrf_token", token), ("number", self.theirs.receipt_number)]
        yield (
            "staff search",
            lambda: _without_asked(self.staff.ask("POST", "/-/drift/find", search), self.theirs),
        )
        for word in _STAFF_FORMS:
            path = f"/-/drift/levering/{self.theirs.delivery}/{word}"
            fields = [("csrf_token", token), ("reason", "r"), ("doubt", "yes")]
            yield (
                f"staff form {word}",
                lambda path=path, fields=fields: self.staff.ask("POST", path, fields),
            )
        pause = [("csrf_token", token), ("reason", "r")]
        yield (
            "a receiver of theirs alone",
            lambda: self.staff.ask("POST", "/-/drift/modtager/journal-0773/pause", pause),
        )
        body = f'{{"payment": "{self.theirs.payment}"}}'.encode()
        yield (
            "a message about their payment",
            lambda: self.here.ask("POST", "/-/messages/card", body),
        )

    def _hosts(self) -> Iterator[tuple[str, Callable[[], Page]]]:
        for header, value in HEADERS:
            headers = {header.replace("-", "_"): value}
            yield f"header {header}", lambda headers=headers: self.here.ask("GET", "/", **headers)
        for host in HOSTS:
            yield f"host {host}", lambda host=host: _at(self.town, host, "/")
        for path in PATHS:
            yield f"path {path}", lambda path=path: _at(self.town, AARHUS, path)


def _without_asked(page: Page, theirs: Theirs) -> Page:
    """The page repeats the number that was looked for, in the field it was written in."""
    text = page.text.replace(f'value="{theirs.receipt_number}"', "")
    heading = text.replace(f"{theirs.receipt_number}", "", 1) if "/levering/" not in text else text
    return Page(page.status, page.location, heading, page.path)


def _renamed(browser: Browser, model: Browser) -> Mapping[str, str]:
    """The cookies of one browser, under its own names and under each of another's."""
    values = list(browser.cookies.values())
    return {**browser.cookies, **dict.fromkeys(model.cookies, values[-1])}


def _asked_with(town: Town, host: str, cookies: Mapping[str, str], path: str) -> Callable[[], Page]:
    def asked() -> Page:
        browser = town.browser(host)
        browser.cookies = dict(cookies)
        page = browser.get(path)
        # The name of the municipality whose page it is, is no secret of anybody's.
        return Page(page.status, page.location, page.text.replace(THEIR_NAME, ""), page.path)

    return asked


def _at(town: Town, host: str, path: str) -> Page:
    """A page as a browser that believes to be at another host asks for it."""
    parts = urlsplit(path)
    request = webob.Request.blank("/")
    request.environ.update(
        HTTP_HOST=host, PATH_INFO=_unquoted(path), QUERY_STRING=parts.query, REMOTE_ADDR="127.0.0.1"
    )
    response = request.get_response(town.app)
    return Page(response.status_int, "", response.body.decode("utf-8", "replace"), path)


def _unquoted(path: str) -> str:
    """As a WSGI server hands it on: decoded once, without the query."""
    inner = path.partition("?")[0]
    return webob.compat.url_unquote(inner) if hasattr(webob, "compat") else inner


def _sent(browser: Browser) -> None:
    page = _answered(browser, browser.log_in(_PERSON), "married")
    done = browser.send(page.form)
    assert "/kvittering/" in done.path, done.text


def _answered(browser: Browser, page: Page, cause: str) -> Page:
    for answer in (
        {"holder": page.form.choices["holder"][0]},
        {"cause": cause},
        {"proof": "no"},
        None,
    ):
        chosen = answer or {"cancel_old_card": page.form.choices["cancel_old_card"][0]}
        page = browser.send(page.form, **chosen)
    assert page.path.endswith("/opsummering"), (page.path, page.text)
    return page


def _theirs(town: Town) -> Theirs:
    with closing(sqlite3.connect(town.file)) as connection, connection:
        code = (CODES[MORS],)

        def one(statement: str) -> tuple[str, ...]:
            found: tuple[str, ...] = connection.execute(statement, code).fetchone()
            return found

        submission, number = one("SELECT id, receipt_number FROM submission WHERE municipality = ?")
        (delivery,) = one("SELECT id FROM delivery WHERE municipality = ?")
        payment, draft = one("SELECT id, draft_id FROM payment WHERE municipality = ?")
    return Theirs(submission, number, delivery, payment, draft)


def _rows(town: Town) -> list[object]:
    """What must stay as it is in the other municipality."""
    found = town.rows("draft", "submission", "delivery", "payment", "receiver")
    code = CODES[MORS]
    return [row for rows in found.values() for row in rows if code in row]
