"""Item ``authz``: every route and method against everybody who could try."""

from __future__ import annotations

import contextlib
import itertools
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import suite
from authz_cast import ROAD, WATCHERS_TOKEN, Cast, make_cast, prepare
from authz_expected import (
    EXPECTED,
    NAMES,
    REFERENCES,
    WITHOUT_LOGIN,
    Actor,
    Line,
    Stage,
)
from authz_faults import FAULTS, planted
from routes import METHODS, Route, routes_of
from town import Page, Town

from selvbetjening_core.journey import drafts
from selvbetjening_core.web.declared import undeclared

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Every route of the router with every method, asked by everybody who could try, with real"
    " objects of somebody else in the address and in the form. Who may is in one table"
    " (`tests/security/authz_expected.py`); a route without a line there is a failure."
)
_SMALL = ("GET", "POST", "DELETE")
_TABLES = ("draft", "submission", "delivery", "payment", "receiver")
_SESSIONS = ("web_session", "staff_session", "pending_login")
_BITS = 128
_SAMPLE = 256
_WENT_ON = 303
# Of the children of the mother, from the oldest, the third lives with a guardian.
_IN_CUSTODY = frozenset({"child-1", "child-2", "child-4"})
_NOT_IN_CUSTODY = "Rikke"


@dataclass
class Tried:
    """What came of it."""

    attempts: int = 0
    succeeded: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    undeclared: list[str] = field(default_factory=list)


def run(options: suite.Options) -> suite.Result:
    """The whole matrix; with ``small``, the methods that have views and one that has none."""
    with planted(options.fault), _watched_randomness() as drawn, Town(prepare) as town:
        cast = make_cast(town)
        routes = list(routes_of(town.app.registry))
        tried = Tried(undeclared=_undeclared(town.app.registry, routes))
        methods = _SMALL if options.small else METHODS
        for stage in Stage:
            _try_stage(cast, stage, routes, methods, tried)
        _try_without_login(cast, routes, methods, tried)
        _try_representation(cast, tried)
        guessable = _guessable(cast, drawn)
        references = {one for stage in Stage for one in _references(cast, stage)}
    figures = {
        "routes": len(routes),
        "actors": len(Actor),
        "attempts": tried.attempts,
        "succeeded that should not": len(tried.succeeded),
        "refused that may": len(tried.refused),
        "undeclared": len(tried.undeclared),
        "references": len(references),
        "that can be guessed": len(guessable),
    }
    return suite.Result(figures, _missed(tried, guessable))


def _missed(tried: Tried, guessable: Sequence[str]) -> list[str]:
    return [
        *(f"succeeded: {one}" for one in tried.succeeded),
        *(f"refused: {one}" for one in tried.refused),
        *(f"undeclared: {one}" for one in tried.undeclared),
        *(f"can be guessed: {one}" for one in guessable),
    ]


def _undeclared(registry: Any, routes: Sequence[Route]) -> list[str]:
    """What the table does not know, what it knows and is gone, and what a view leaves out."""
    there = {(route.name, method) for route in routes for method in route.methods}
    names = {name for route in routes for name in route.placeholders}
    return [
        *(f"{method} {name} has no line" for name, method in sorted(there - EXPECTED.keys())),
        *(f"{method} {name} is gone" for name, method in sorted(EXPECTED.keys() - there)),
        *(f"{{{name}}} is neither reference nor name" for name in names - REFERENCES - NAMES),
        *(told for _, told in undeclared(registry)),
    ]


def _try_stage(
    cast: Cast, stage: Stage, routes: Sequence[Route], methods: Sequence[str], tried: Tried
) -> None:
    """All that is expected at this stage; what is expected of nobody, when all is sent."""
    cast.town.bring_back(cast.stages[stage])
    before, sessions = cast.town.rows(*_TABLES), cast.town.rows(*_SESSIONS)
    for route, method in itertools.product(routes, methods):
        line = _line(route, method)
        if line.stage is not stage:
            continue
        for actor in Actor:
            page = _ask(cast, route, method, line, actor)
            is_changed = cast.town.rows(*_TABLES) != before
            told = f"{method} {route.name} by {actor}: {page.status}"
            _judge(cast, line, stage, actor, page, told, tried, is_changed=is_changed)
            if is_changed or cast.town.rows(*_SESSIONS) != sessions:
                cast.town.bring_back(cast.stages[stage])


def _try_without_login(
    cast: Cast, routes: Sequence[Route], methods: Sequence[str], tried: Tried
) -> None:
    """The routes that name a solution, where that is one that nobody logs in to."""
    ours = [route for route in routes if "solution" in route.placeholders]
    there = {(route.name, method) for route in ours for method in route.methods}
    tried.undeclared += [
        f"{method} {name} without login has no line"
        for name, method in sorted(there - WITHOUT_LOGIN.keys())
    ]
    for stage, route, method in itertools.product(cast.guest_stages, ours, methods):
        line = _line(route, method, WITHOUT_LOGIN)
        if line.stage is not stage:
            continue
        for actor in Actor:
            cast.town.bring_back(cast.guest_stages[stage])
            before = cast.town.rows(*_TABLES)
            page = _ask_without_login(cast, route, method, line, actor)
            tried.attempts += 1
            told = f"{method} {route.name} without login by {actor}: {page.status}"
            secret = (ROAD, cast.owned[Stage.SENT, Actor.GUEST].receipt_number)
            if actor is not Actor.GUEST and any(one in page.text for one in secret):
                tried.succeeded.append(f"{told}, and shows what is another's")
            if page.is_refused == (actor in line.may):
                (tried.refused if page.is_refused else tried.succeeded).append(told)
            if actor not in line.may and cast.town.rows(*_TABLES) != before:
                tried.succeeded.append(f"{told}, and something is stored")


def _ask_without_login(cast: Cast, route: Route, method: str, line: Line, actor: Actor) -> Page:
    """One attempt, with a valid token of the actor's own, and the guest's form."""
    objects, browser = cast.owned[line.stage, Actor.GUEST], cast.browsers[actor]
    kept = dict(browser.cookies)
    fields = {**objects.fields, **(line.fields or {}), "csrf_token": cast.guest_tokens[actor]}
    page = browser.ask(method, route.path(objects.matched), [*fields.items()])
    browser.cookies = kept
    return page


def _line(route: Route, method: str, table: Mapping[tuple[str, str], Line] = EXPECTED) -> Line:
    """A look ahead is as a look; a method without a view is for nobody."""
    known = "GET" if method == "HEAD" else method
    if known in route.methods:
        return table.get((route.name, known), Line(frozenset()))
    return Line(frozenset())


def _ask(cast: Cast, route: Route, method: str, line: Line, actor: Actor) -> Page:
    """One attempt, with a valid token of the actor's own, and the owner's form."""
    objects, browser = cast.objects(line.stage, actor), cast.browsers[actor]
    kept = dict(browser.cookies)
    fields = {**objects.fields, "number": objects.receipt_number, **(line.fields or {})}
    path = route.path(objects.matched)
    fields["csrf_token"] = cast.tokens[actor][path.startswith("/-/drift")]
    headers = {"Authorization": f"Bearer {WATCHERS_TOKEN}"} if actor is Actor.WATCHER else {}
    page = browser.ask(method, path, [*fields.items()], **headers)
    browser.cookies = kept
    return page


def _judge(
    cast: Cast,
    line: Line,
    stage: Stage,
    actor: Actor,
    page: Page,
    told: str,
    tried: Tried,
    *,
    is_changed: bool,
) -> None:
    tried.attempts += 1
    leaked = [one for one in _secrets(cast, stage, actor) if _stands_in(one, page.text)]
    if leaked:
        tried.succeeded.append(f"{told}, and shows what is another's")
    if actor in line.may:
        if page.is_refused:
            tried.refused.append(told)
    elif not page.is_refused:
        tried.succeeded.append(told)
    if is_changed and actor not in line.may and not line.tells:
        tried.succeeded.append(f"{told}, and something is stored")


def _stands_in(secret: str, text: str) -> bool:
    """A number's first digits may stand in any other number, such as one of seconds."""
    if not secret.isdigit():
        return secret in text
    return re.search(rf"(?<![\d.]){secret}(?:-?\d{{4}})?(?![\d])", text) is not None


def _secrets(cast: Cast, stage: Stage, actor: Actor) -> list[str]:
    """What this actor must never be shown: names, numbers and receipts of others."""
    found = []
    if actor not in (Actor.OWNER, Actor.LOW):
        found += ["Nancy Ann", "251248", "Testpark"]
    if actor is not Actor.GUARDIAN:
        found += ["Rikke", "050520"]
    may_see_number = {
        Actor.OWNER: (Actor.OWNER, Actor.LOW, Actor.STAFF, Actor.AUDITOR),
        Actor.GUARDIAN: (Actor.GUARDIAN, Actor.STAFF, Actor.AUDITOR),
    }
    for owner, those in may_see_number.items():
        if actor not in those:
            found.append(cast.owned[stage, owner].receipt_number)
    return [one for one in found if one]


def _try_representation(cast: Cast, tried: Tried) -> None:
    """A mother orders for a child that is not in her custody, by a forged choice."""
    cast.town.bring_back(cast.stages[Stage.SENT])
    browser = cast.browsers[Actor.NO_GUARDIAN]
    page = browser.send(browser.get("/sundhedskort").form)
    if _NOT_IN_CUSTODY in page.text:
        tried.succeeded.append("GET step offers a child who is not in her custody")
    kept = cast.town.kept()
    for choice in ("", "rikke", "0505209996", *(f"child-{number}" for number in range(9))):
        tried.attempts += 1
        answer = browser.ask("POST", page.form.action, page.form.filled(holder=choice))
        if answer.status == _WENT_ON and choice not in _IN_CUSTODY:
            tried.succeeded.append(f"POST step for {choice!r}, who is not in her custody")
        cast.town.bring_back(kept)


@contextlib.contextmanager
def _watched_randomness() -> Iterator[set[str]]:
    """All that is drawn with at least 128 bits meanwhile."""
    drawn: set[str] = set()
    original = secrets.token_urlsafe

    def token_urlsafe(nbytes: int | None = None) -> str:
        made = original(nbytes)
        if nbytes is None or nbytes * 8 >= _BITS:
            drawn.add(made)
        return made

    secrets.token_urlsafe = token_urlsafe
    try:
        yield drawn
    finally:
        secrets.token_urlsafe = original


def _references(cast: Cast, stage: Stage) -> list[str]:
    """Every reference that stands in an address at this stage."""
    cast.town.bring_back(cast.stages[stage])
    found: Mapping[str, list[Any]] = cast.town.rows("submission", "delivery", "payment", "draft")
    ids = {"submission": 1, "delivery": 1, "payment": 1, "draft": 1}
    return [str(row[ids[table]]) for table, rows in found.items() for row in rows]


def _guessable(cast: Cast, drawn: set[str]) -> list[str]:
    """References that were not drawn at random, and a maker whose bits do not all vary."""
    found = [
        f"{one} at the stage {stage}"
        for stage in Stage
        for one in _references(cast, stage)
        if one not in drawn
    ]
    made = [drafts.new_id().encode() for _ in range(_SAMPLE)]
    varying = sum(
        len({name[place] >> bit & 1 for name in made}) == 2
        for place in range(len(made[0]))
        for bit in range(8)
    )
    if len(set(made)) < _SAMPLE or varying < _BITS:
        found.append(f"what new_id makes: {varying} of its bits vary")
    return found
