"""Requests of schemathesis for everything that the description names, good and bad."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import hypothesis
import schemathesis
from fuzz_openapi import describe
from fuzz_world import SOLUTION, World, generating
from schemathesis import GenerationMode
from town import Page

_OFFERED = "0773"
_KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_WENT_ON = 303
_ALWAYS = ("/trin/", "/opsummering")
_MORE = 4


def send_generated(world: World, *, each: int, share: int, seed: int) -> int:
    """So many requests for operations, in each of two kinds; for how many operations.

    :param share: one in so many operations is tried; those of steps and summary always
    """
    municipality = world.town.composition.municipalities[_OFFERED]
    solution = municipality.solutions[SOLUTION].solution
    schema = schemathesis.openapi.from_dict(describe(world.town.app.registry, solution))
    everything = [one.ok() for one in schema.get_all_operations()]
    operations = [
        one for number, one in enumerate(everything) if number % share == 0 or _is_of_journey(one)
    ]
    before = _fresh(world)
    for operation, kind in itertools.product(operations, _KINDS):
        often = each * _MORE if _is_of_journey(operation) else each
        _send_all(world, operation, kind, before, each=often, seed=seed)
    return len(operations)


def _is_of_journey(operation: Any) -> bool:
    """Does it show or take what a citizen answers? There is most to be found there."""
    return any(part in operation.path for part in _ALWAYS)


def _fresh(world: World) -> Mapping[str, list[Any]]:
    world.restart(world.answered)
    return world.stored()


def _send_all(
    world: World,
    operation: Any,
    kind: GenerationMode,
    before: Mapping[str, list[Any]],
    *,
    each: int,
    seed: int,
) -> None:
    numbers = itertools.count()

    @hypothesis.seed(seed)
    @generating(each)
    @hypothesis.given(operation.as_strategy(generation_mode=kind))
    def send(case: Any) -> None:
        _send(world, case, next(numbers))
        if case.method != "GET" and world.stored() != before:
            world.restart(world.answered)

    send()


def _send(world: World, case: Any, number: int) -> None:
    """One of three as it was made; the others with what gets them further in."""
    fields = dict(_pairs(case.body))
    if number % 3 < 2:
        fields |= _own(world, case)
    if number % 3 == 0 and "seen_ore" in fields:
        fields["seen_ore"] = case.body["seen_ore"] if isinstance(case.body, dict) else "0"
    path = case.formatted_path
    query = urlencode([*_pairs(case.query)], errors="replace")
    browser = world.staff if path.startswith("/-/drift") else world.citizen
    page = browser.ask(case.method, f"{path}?{query}" if query else path, _body(case, fields))
    _judge(world, case, page)


def _judge(world: World, case: Any, page: Page) -> None:
    world.judge(page, f"{case.method} {case.formatted_path}")
    if case.method == "GET":
        return
    known: set[str] = set()
    draft = world.draft()
    world.judge_submissions(known, world.answers, pressed_pay=0)
    if page.status == _WENT_ON and draft is not None:
        world.judge_answers(draft.answers)


def _own(world: World, case: Any) -> dict[str, str]:
    """The token, and the hidden fields of the citizen's own form."""
    is_staff = case.formatted_path.startswith("/-/drift")
    hidden = {"csrf_token": world.staff_token if is_staff else world.summary.fields["csrf_token"]}
    body = case.body if isinstance(case.body, dict) else {}
    own = {**world.summary.fields, "version": world.version}
    return hidden | {name: own[name] for name in body if name in own}


def _body(case: Any, fields: Mapping[str, str]) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    return urlencode([*fields.items()], errors="replace").encode()


def _pairs(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield str(name), value if isinstance(value, str) else repr(value)
