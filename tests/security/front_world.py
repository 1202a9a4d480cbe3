"""An installation behind two applications: one answers steps by the front, the other does not."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import io
import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from selvbetjening_core.application import assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import start
from selvbetjening_core.journey.judging import new_token, token_hash
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.values import AssuranceLevel, CprNumber, Identity
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_core.web.front.steps import Steps

# A test person that MedCom publishes.
CPR, NAME = "2512489996", 'Nancy <b>& "Ann"</b> \ue0000\ue001 Test'
MORS, AARHUS = "0773", "0751"
HOSTS = {MORS: "mors.localhost", AARHUS: "aarhus.localhost"}
FORM = "application/x-www-form-urlencoded"
HOSTILE = "</textarea><script>alert(1)</script>\" ' & {{ 7*7 }} \ue0001\ue001 Æ\u202e"
ODD = '<b onclick="x"> \' & {{ 7*7 }} %s Æ'
MINUTE = datetime.timedelta(minutes=1)
DEFINITION = """
[solution]
version = "1"
title.da = "Prøve & <mere>"
title.en = "Trial & <more>"
languages = ["da", "en"]
kle = "29"
minutes = 5
level = "substantial"
may_act = ["self"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[step.cause]
title.da = "Årsag"
title.en = "Cause"

[step.cause.cause]
kind = "choice"
label.da = "Årsag"
label.en = "Cause"
options = ["damaged", "moved"]

[step.cause.cause.option]
damaged.da = "I stykker"
damaged.en = "Damaged"
moved.da = "Flyttet"
moved.en = "Moved"

[step.order]
title.da = "Bestilling"
title.en = "Order"

[step.order.why]
kind = "text"
label.da = "Hvordan"
label.en = "How"
required = { cause = "damaged" }

[step.order.way]
kind = "choice"
label.da = "Levering"
label.en = "Delivery"
options = ["post", "counter"]

[step.order.way.option]
post.da = "Med posten"
post.en = "By post"
counter.da = "Jeg henter det"
counter.en = "I collect it"
counter.when = { cause = { not = "moved" } }

[step.last]
title.da = "Til sidst"
title.en = "Finally"

[step.last.more]
kind = "text"
label.da = "Andet"
label.en = "Anything else"
required = false

[[price]]
valid_from = 2020-01-01
amount = "0.00"
text.da = "Gratis"
text.en = "Free"

[[destination]]
role = "case_system"
"""
ANSWERED = {"cause": "damaged", "why": HOSTILE, "way": "counter"}


@dataclass
class Answered:
    """What a way answered, as the server gets it."""

    status: str
    headers: list[tuple[str, str]]
    body: str
    by_front: bool

    @property
    def compared(self) -> tuple[object, ...]:
        """Without what each answer has of its own: its nonce."""
        found = re.search(r"'nonce-([^']+)'", str(self.headers))
        nonce = found.group(1) if found else "no nonce"
        told = [(name, value.replace(nonce, "NONCE")) for name, value in self.headers]
        return self.status, told, self.body.replace(nonce, "NONCE")


class World:
    """One installation behind two applications: with the front, and without."""

    def __init__(self, folder: Any, level: str) -> None:
        self.file = folder / "var" / "selvbetjening.sqlite"
        plan = read_plan(folder / "selvbetjening.toml", register_core, utc_now().date())
        self.time = utc_now().replace(microsecond=0)
        self.application = assemble(plan, lambda: self.time)
        self.apps = {front: make_app(self._site(front=front)) for front in (True, False)}
        self.token, self.csrf = new_token(), new_token()
        self._log_in(AssuranceLevel[level.upper()])
        self.draft = self._begin()

    def _site(self, *, front: bool) -> Site:
        one = self.application
        return Site(
            one.composition,
            one.store,
            lambda: self.time,
            one.engine,
            one.announce,
            one.attempts,
            front=front,
        )

    def _log_in(self, level: AssuranceLevel) -> None:
        self.identity = Identity(
            CprNumber(CPR), NAME, level, "https://idp.example", "login", self.time
        )
        session = WebSession(
            token_hash(self.token), self.csrf, self.identity, self.time, self.time + 30 * MINUTE
        )
        with self.work() as work:
            work.sessions.add(session)

    def _begin(self) -> Any:
        one = self.application
        context = JourneyContext(
            one.composition.municipalities[MORS], one.store, lambda: self.time, one.engine
        )
        return start(context, self.identity, "card", "da")

    def work(self) -> Any:
        """A transaction in the store."""
        return self.application.store.transaction(MORS)

    def answers(self, **values: object) -> None:
        """Answer without a page."""
        with self.work() as work:
            draft = dataclasses.replace(work.drafts.get(self.draft.id), answers=values)
            assert work.drafts.refresh(draft)

    def stored(self) -> tuple[object, ...]:
        """What a request may change, in the clear."""
        with self.work() as work:
            draft = work.drafts.get(self.draft.id)
            session = work.sessions.get(token_hash(self.token), self.time - 1000 * MINUTE)
        return draft, session

    def kept(self) -> sqlite3.Connection:
        """The database as it is."""
        copy = sqlite3.connect(":memory:")
        with contextlib.closing(sqlite3.connect(self.file)) as now:
            now.backup(copy)
        return copy

    def bring_back(self, kept: sqlite3.Connection) -> None:
        """The database as it was."""
        with contextlib.closing(sqlite3.connect(self.file)) as now:
            kept.backup(now)

    def ask(self, environ: dict[str, Any], body: bytes, *, front: bool) -> Answered:
        """One request, by one of the ways."""
        told: list[Any] = []
        by_front: list[bool] = []
        real = Steps.answer

        def seen(self: Steps, environ: dict[str, Any]) -> Any:
            found = real(self, environ)
            by_front.append(found is not None)
            return found

        sent = {**environ, "wsgi.input": io.BytesIO(body)}
        with mock.patch.object(Steps, "answer", seen):
            parts = self.apps[front](sent, lambda *given: told.append(given))
        status, headers = told[0][:2]
        return Answered(status, list(headers), b"".join(parts).decode(), by_front == [True])

    def both(self, environ: dict[str, Any], body: bytes = b"") -> tuple[Answered, Answered]:
        """The same request by both ways; what they leave behind is the same, too."""
        with contextlib.closing(self.kept()) as before:
            ours = self.ask(environ, body, front=True)
            after = self.stored()
            self.bring_back(before)
        theirs = self.ask(environ, body, front=False)
        assert self.stored() == after
        return ours, theirs

    def form(self, step: str, host: str = HOSTS[MORS], **values: str) -> dict[str, str]:
        """The form of a step as the router shows it now, filled in."""
        page = self.ask(environ(self, step, host=host), b"", front=False).body
        form = BeautifulSoup(page, "html.parser").find("main").find("form")
        hidden = {one["name"]: one["value"] for one in form.find_all("input", type="hidden")}
        return {**hidden, **values}


def environ(world: World, step: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    """A request as a browser sends it over https."""
    host = more.pop("host", HOSTS[MORS])
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": f"/card/trin/{step}" if "/" not in step else step,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_COOKIE": f"other=1; __Host-selvbetjening-{MORS}={world.token}; more=2",
        "HTTP_ACCEPT": "text/html",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **more,
    }


def posted(
    world: World, step: str, form: dict[str, str] | list[tuple[str, str]], **more: Any
) -> tuple[dict[str, Any], bytes]:
    """A form as a browser sends it."""
    body = urlencode(form).encode()
    told = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body)), "HTTP_ORIGIN": ORIGIN}
    return environ(world, step, "POST", **{**told, **more}), body


ORIGIN = f"https://{HOSTS[MORS]}"


def same(found: tuple[Answered, Answered], *, by_front: bool) -> Answered:
    """Both ways have answered the same, and the front as is expected of it."""
    ours, theirs = found
    assert ours.compared == theirs.compared
    assert (ours.by_front, theirs.by_front) == (by_front, False)
    return ours
