"""Our own stack: the application as it is installed, with a citizen logged in."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from pathlib import Path

from composing.town import ENVIRONMENT

from answering.client import HOST, WsgiClient
from answering.definition import solution
from answering.page import Marks
from answering.stack import Stack
from answering.step import FIELDS, Asked
from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import start
from selvbetjening_core.journey.judging import new_token, token_hash
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.values import AssuranceLevel, CprNumber, Identity
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_core.web.step_page import SAVED
from selvbetjening_demo.folder import prepare_folder

MARKS = Marks(
    group=".form-group",
    hint=".form-hint:not(.character-limit)",
    error=".form-error-message",
    prefix="Fejl:",
)
CODE = "0773"
PATH = "/flytning/trin/home"
# A test person that MedCom publishes.
_CPR, _NAME = "2512489996", "Nancy Ann Test Berggren"
_THEME = re.compile(r"\[theme\]\n(?:.+\n)+")
_LASTING = datetime.timedelta(minutes=29)


def installation(folder: Path, theme: str = "plain", fields: Sequence[Asked] = FIELDS) -> Path:
    """The demo with the step of the benchmark in it; its file."""
    prepare_folder(folder)
    return add_step(folder, theme, fields)


def add_step(folder: Path, theme: str, fields: Sequence[Asked] = FIELDS) -> Path:
    """Every municipality of the installation offers the step in this theme; its file."""
    add_solution(folder, "flytning", fields)
    file = folder / "selvbetjening.toml"
    shipped = '"package:selvbetjening_solutions"'
    file.write_text(file.read_text("utf-8").replace(shipped, f'{shipped}, "own"'), "utf-8")
    for one in (folder / "municipalities").glob("*.toml"):
        text = one.read_text("utf-8")
        if theme == "plain":
            text = _THEME.sub('[theme]\nname = "plain"\n', text)
        one.write_text(f"{text}\n[solutions.flytning]\n", "utf-8")
    return file


def add_solution(folder: Path, name: str, fields: Sequence[Asked] = FIELDS) -> None:
    """One more solution in the installation's folder."""
    own = folder / "own" / name
    own.mkdir(parents=True)
    (own / "solution.toml").write_text(solution(fields), "utf-8")


def opened(file: Path, host: str = "") -> tuple[Application, WsgiClient]:
    """The application of an installation, and a browser that is logged in with a draft."""
    os.environ.update(ENVIRONMENT)
    plan = read_plan(file, register_core, utc_now().date())
    application = assemble(plan, utc_now)
    site = Site(
        application.composition,
        application.store,
        utc_now,
        application.engine,
        application.announce,
        application.attempts,
    )
    client = WsgiClient(make_app(site), host or HOST)
    client.cookies[f"selvbetjening-{CODE}"] = _logged_in(application)
    return application, client


def stack(file: Path, host: str = "") -> Stack:
    """The application, ready to be asked."""
    application, client = opened(file, host)
    return Stack(client, PATH, MARKS, close=application.close, counter=SAVED)


def _logged_in(application: Application) -> str:
    """A session, as after a login, and a draft, as after the introduction; the token."""
    now, token = utc_now(), new_token()
    identity = Identity(
        CprNumber(_CPR), _NAME, AssuranceLevel.SUBSTANTIAL, "https://idp.example", "login", now
    )
    with application.store.transaction(CODE) as work:
        session = WebSession(token_hash(token), new_token(), identity, now, now + _LASTING)
        work.sessions.add(session)
    municipality = application.composition.municipalities[CODE]
    context = JourneyContext(municipality, application.store, utc_now, application.engine)
    start(context, identity, "flytning", "da")
    return token
