"""Every action against every login: nothing is done below what it takes.

What each action takes stands here once more, by hand; which actions there are is told by
Pyramid's introspection, so that a new one has to be decided on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import enum
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import suite
from authz_cast import session_of, with_session
from routes import Route, routes_of
from town import Browser, Page, Town, quiet

import selvbetjening_solutions
from selvbetjening_core.application import utc_now
from selvbetjening_core.definitions.demands import Demand
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web import policy
from selvbetjening_core.web.front import steps as front_steps

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Every action that needs a citizen, by every login: without, at each level, and at the"
    " highest some time ago. A step and sending take more there than the solution does."
)
FAULTS: Mapping[str, str] = {
    "levels-of-steps": "a step takes what its solution takes",
    "levels-at-the-front": "the front does not look at levels",
    "level-of-sending": "sending takes what the solution takes",
    "age-of-login": "a login is never too old to send by",
}
_SOLUTION = "sundhedskort"
_MINUTES = 30
_HEAD = f'level     = "substantial"\nsend_level = "high"\nlogin_minutes = {_MINUTES}'
_TABLES = ("draft", "submission", "payment")
_FORBIDDEN = 403


class Login(enum.Enum):
    """Who asks: how surely they have logged in, and when."""

    NOBODY = "nobody"
    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH_AGO = "high, some time ago"
    HIGH = "high"


class Takes(enum.Enum):
    """What an action takes: the logins that are enough."""

    ANY = frozenset(Login) - {Login.NOBODY}
    SOLUTION = frozenset({Login.SUBSTANTIAL, Login.HIGH_AGO, Login.HIGH})
    HIGH = frozenset({Login.HIGH_AGO, Login.HIGH})
    HIGH_OF_LATE = frozenset({Login.HIGH})
    GUEST = frozenset[Login]()


EXPECTED: Mapping[tuple[str, str, str], Takes] = {
    ("logout", "POST", ""): Takes.ANY,
    ("session-prolong", "POST", ""): Takes.ANY,
    ("sent", "GET", ""): Takes.SOLUTION,
    ("saved", "GET", ""): Takes.SOLUTION,
    # Whoever has logged in has no code to ask for.
    ("saved", "POST", ""): Takes.GUEST,
    ("step", "GET", "person"): Takes.SOLUTION,
    ("step", "POST", "person"): Takes.SOLUTION,
    ("step", "GET", "card"): Takes.HIGH,
    ("step", "POST", "card"): Takes.HIGH,
    ("summary", "GET", ""): Takes.HIGH,
    ("summary", "POST", ""): Takes.HIGH_OF_LATE,
    ("payment", "GET", ""): Takes.SOLUTION,
    ("payment", "POST", ""): Takes.HIGH,
    # The case was sent by a login of the highest level.
    ("receipt", "GET", ""): Takes.HIGH,
    ("receipt-status", "GET", ""): Takes.HIGH,
    ("receipt-document", "GET", ""): Takes.HIGH,
    **{
        (name, method, ""): Takes.GUEST
        for name, method in (
            ("guest-leave", "POST"),
            ("guest-prolong", "POST"),
            ("guest-receipt", "GET"),
            ("guest-receipt-status", "GET"),
            ("guest-receipt-document", "GET"),
        )
    },
}
_PAYING = frozenset({"payment"})


@dataclass
class Stage:
    """The database at one stage of a journey, and what its forms are made of."""

    kept: sqlite3.Connection
    fields: Mapping[str, str]
    submission: str


def run(options: suite.Options) -> suite.Result:
    """The figures, and what was done by too weak a login or refused to one that is enough."""
    with _planted(options.fault), Town(_demanding) as town:
        first = town.browser()
        first.log_in("nancy_ann")
        browsers = _browsers(town, first)
        open_, paying = _stages(town, browsers[Login.HIGH])
        counts: Counter[str] = Counter({"below their level": 0, "refused that may": 0})
        missed = []
        for route, method, step in _actions(town):
            stage = paying if route.name in _PAYING else open_
            for login, browser in browsers.items():
                told = _tried(town, browser, stage, (route, method, step), login, counts)
                missed += [told] if told else []
    return suite.Result({"logins": len(Login), **counts}, missed)


def _demanding(town: Town) -> None:
    """A health card that takes more to answer one of its steps, and to send."""
    shipped = Path(selvbetjening_solutions.__file__).parent / _SOLUTION
    file = shutil.copytree(shipped, town.folder / "own" / _SOLUTION) / "solution.toml"
    text = file.read_text("utf-8").replace('level     = "substantial"', _HEAD)
    file.write_text(text.replace("[step.card]\n", '[step.card]\nlevel = "high"\n'), "utf-8")
    config = town.folder / "selvbetjening.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace('"package:selvbetjening_solutions"', '"own"'), "utf-8")


def _browsers(town: Town, first: Browser) -> dict[Login, Browser]:
    """One of each; all of them the same person."""
    _, session = session_of(first, "sessions")
    now = utc_now()
    ago = now - datetime.timedelta(minutes=_MINUTES + 1)

    def at(level: AssuranceLevel, moment: datetime.datetime) -> Browser:
        identity = dataclasses.replace(session.identity, level=level, logged_in_at=moment)
        return with_session(first, identity=identity)

    return {
        Login.NOBODY: town.browser(),
        Login.LOW: at(AssuranceLevel.LOW, now),
        Login.SUBSTANTIAL: at(AssuranceLevel.SUBSTANTIAL, now),
        Login.HIGH_AGO: at(AssuranceLevel.HIGH, ago),
        Login.HIGH: at(AssuranceLevel.HIGH, now),
    }


def _stages(town: Town, browser: Browser) -> tuple[Stage, Stage]:
    """All is answered, and one that was free was sent before; then it is being paid for."""
    _, session = session_of(browser, "sessions")
    receipt = browser.send(_answered(browser, cause="moved").form)
    submission = receipt.path.rpartition("/")[2]
    page = _answered(browser, cause="damaged", card_age="under_4_years")
    fields = {**page.form.fields, "csrf_token": session.csrf_token, "card_age": "under_4_years"}
    fields |= {"holder": "self", "_saved": "1", "version": "2026.1"}
    open_ = Stage(town.kept(), fields, submission)
    browser.ask("POST", page.form.action, page.form.filled())
    action = {**fields, "action": "continue"}
    return open_, Stage(town.kept(), action, submission)


def _answered(browser: Browser, **answers: str) -> Page:
    """The summary of a new order."""
    answers = {"holder": "self", "proof": "no", "cancel_old_card": "true", **answers}
    page = browser.send(browser.get(f"/{_SOLUTION}").form, again="1")
    while "/trin/" in page.path:
        form = page.form
        named = {**form.fields, **form.choices}
        sent = {name: value for name, value in answers.items() if name in named}
        page = browser.send(form, **sent)
        assert page.status < _FORBIDDEN, page.text
    return page


def _actions(town: Town) -> Iterator[tuple[Route, str, str]]:
    """Every view for citizens; a step's once for each step that something is expected of."""
    declared = {
        (view["route_name"], method)
        for one in town.app.registry.introspector.get_category("views")
        if (view := one["introspectable"]).get("level") is not None
        for method in _methods(view["request_methods"])
    }
    steps = {(name, method): [] for name, method, _ in EXPECTED}
    for name, method, step in EXPECTED:
        steps[name, method].append(step)
    routes = {route.name: route for route in routes_of(town.app.registry)}
    for name, method in sorted(declared - {(one, "HEAD") for one, _ in declared}):
        for step in steps.get((name, method), [""]):
            yield routes[name], method, step


def _methods(given: object) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ("GET", "POST"))


def _tried(
    town: Town,
    browser: Browser,
    stage: Stage,
    action: tuple[Route, str, str],
    login: Login,
    counts: Counter[str],
) -> str:
    """What is wrong with what came of it; empty: nothing."""
    route, method, step = action
    told = " ".join(one for one in (method, route.name, step) if one)
    enough = EXPECTED.get((route.name, method, step))
    if enough is None:
        return f"nothing is expected of {told}"
    town.bring_back(stage.kept)
    before, cookies = town.rows(*_TABLES), dict(browser.cookies)
    named = {"solution": _SOLUTION, "step": step, "submission": stage.submission}
    fields = [] if method == "GET" else [*stage.fields.items()]
    page = browser.ask(method, route.path(lambda name: named.get(name, "none")), fields)
    browser.cookies = cookies
    counts["attempts"] += 1
    is_done = not page.is_refused or town.rows(*_TABLES) != before
    if is_done and login not in enough.value:
        counts["below their level"] += 1
        return f"{told} was done by a login at: {login.value}"
    if page.is_refused and login in enough.value:
        counts["refused that may"] += 1
        return f"{told} was refused with {page.status} to a login at: {login.value}"
    return ""


@contextlib.contextmanager
def _planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        if fault:
            stack.enter_context(quiet())
        for patch in _PATCHES[fault] if fault else ():
            stack.enter_context(patch)
        yield


def _of_solution(solution: Any, *_: object) -> Demand:
    return Demand(solution.level)


_PATCHES: Mapping[str, tuple[Any, ...]] = {
    "levels-of-steps": (
        mock.patch.object(policy, "demand_of_step", _of_solution),
        mock.patch.object(front_steps, "is_sure_enough", return_value=True),
    ),
    "levels-at-the-front": (mock.patch.object(front_steps, "is_sure_enough", return_value=True),),
    "level-of-sending": (mock.patch.object(policy, "demand_of_sending", _of_solution),),
    "age-of-login": (mock.patch.object(policy, "is_recent_enough", return_value=True),),
}
