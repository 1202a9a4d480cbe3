"""The pages for what goes wrong, each error made to happen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from selvbetjening_core.errors import StoreUnavailable
from walking.extent import LOCALES, LOOK_NAMES, PHONE
from walking.walk import SOLUTION, Walk


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_pages_about_errors(make_town, examined, look, locale):
    town = make_town(look)
    page, examiner = examined(town, PHONE)
    walk = Walk(page, town, "aarhus", locale)
    for state, status, expected in errors(walk):
        assert status == expected, state
        examiner.look_at(page, state)
    examiner.expect_nothing()


def errors(walk: Walk) -> Iterator[tuple[str, int, int]]:
    """Every kind of error, made to happen: a name, the status, and the one expected."""
    yield "error 400", walk.open("/?x=%ff"), 400
    yield "error 403", walk.open(f"/{SOLUTION}/opsummering"), 403
    yield "error 404", walk.open("/findes/ikke/her"), 404
    yield from when_it_breaks(walk)
    yield from when_it_is_out_of_date(walk)


def when_it_breaks(walk: Walk) -> Iterator[tuple[str, int, int]]:
    """The server fails, and the database is away."""
    walk.town.clock.broken = ZeroDivisionError()
    yield "error 500", walk.open(f"/{SOLUTION}"), 500
    walk.town.clock.broken = StoreUnavailable("the database cannot be used")
    yield "error 503", walk.open(f"/{SOLUTION}"), 503
    walk.town.clock.broken = None


def when_it_is_out_of_date(walk: Walk) -> Iterator[tuple[str, int, int]]:
    """An old page is sent, and a solution is asked for that is not offered any more."""
    for state in walk.whole_way():
        if state == "person, empty":
            break
    walk.page.evaluate("document.querySelector('input[name=version]').value = '1999.1'")
    yield "error 409", walk.go_on(), 409
    withdraw(walk)
    yield "error 410", walk.open(f"/{SOLUTION}"), 410


def withdraw(walk: Walk) -> None:
    """The municipality does not offer the solution any longer; a journey has been counted."""
    solutions = walk.town.application.composition.municipalities["0751"].solutions
    del solutions[SOLUTION]
