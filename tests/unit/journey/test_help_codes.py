"""Help codes: they say where somebody is, and a wrong letter is noticed."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

import selvbetjening_demo
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.stack import without_components
from selvbetjening_core.forms.messages import error_message
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.help_codes import Misheard, help_code, whereabouts
from selvbetjening_core.journey.readable import ALPHABET

DEMO = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"


@pytest.fixture(scope="module")
def municipality():
    plan = read_plan(DEMO, register_core, datetime.date(2026, 3, 2))
    return without_components(plan, lambda: datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC))[
        "0773"
    ]


@pytest.fixture
def offered(municipality):
    return municipality.solutions["sundhedskort"]


@pytest.fixture
def kinds(municipality):
    return dict(municipality.layer.getUtilitiesFor(IFieldKind))


@pytest.fixture
def steps(offered):
    return offered.solution.steps


def wrong(field, code, locale="da", **values):
    return [(field.name, error_message(field, code, values, locale))]


def test_a_page_with_nothing_wrong(offered, steps, kinds):
    found = {help_code(offered.solution, step, kinds): step for step in steps}
    assert len(found) == len(steps)
    for code, step in found.items():
        told = whereabouts(code, [offered.solution], kinds)
        assert (told.solution, told.step, told.field) == (offered.solution, step, None)


@pytest.mark.parametrize("locale", ["da", "en"])
def test_every_field_and_error_is_told(offered, steps, kinds, locale):
    told_apart = 0
    for step, field in [(one, field) for one in steps for field in one.fields]:
        for error in kinds[field.kind].declaration.errors:
            message = wrong(field, error, locale, max=100, min=1)
            code = help_code(offered.solution, step, kinds, message, locale)
            told = whereabouts(code, [offered.solution], kinds)
            assert (told.step, told.field) == (step, field)
            # Two errors with one message are one to whoever reads it.
            same = error_message(field, told.error, {"max": 100, "min": 1}, locale)
            assert same == message[0][1]
            told_apart += told.error == error
    assert told_apart > 5


def test_what_the_definition_says_itself_is_told(offered, steps, kinds):
    (field,) = steps[0].fields
    own = [(field.name, field.errors["required"].in_language("en"))]
    code = help_code(offered.solution, steps[0], kinds, own, "en")
    assert whereabouts(code, [offered.solution], kinds).error == "required"


def test_a_message_that_nobody_knows_tells_the_field(offered, steps, kinds):
    (field,) = steps[0].fields
    code = help_code(offered.solution, steps[0], kinds, [(field.name, "Hmm")], "da")
    told = whereabouts(code, [offered.solution], kinds)
    assert (told.field, told.error) == (field, "")
    code = help_code(offered.solution, steps[0], kinds, [("elsewhere", "Hmm")], "da")
    assert whereabouts(code, [offered.solution], kinds).field is None


def test_every_wrong_letter_and_every_swap_is_noticed(offered, steps, kinds):
    code = help_code(offered.solution, steps[-1], kinds).replace("-", "")
    tried = 0
    for at, letter in itertools.product(range(len(code)), ALPHABET):
        if code[at] != letter:
            tried += 1
            with pytest.raises(Misheard):
                whereabouts(code[:at] + letter + code[at + 1 :], [offered.solution], kinds)
    for at in range(len(code) - 1):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        if swapped != code:
            tried += 1
            with pytest.raises(Misheard):
                whereabouts(swapped, [offered.solution], kinds)
    assert tried > 8 * 31


@pytest.mark.parametrize("heard", ["", "7KQ4", "7KQ4-M2XP-9", "080180-9996", "ÆØÅÆ-ØÅÆØ"])
def test_what_is_no_code_is_misheard(offered, kinds, heard):
    with pytest.raises(Misheard):
        whereabouts(heard, [offered.solution], kinds)


def test_however_it_is_written_down(offered, steps, kinds):
    code = help_code(offered.solution, steps[0], kinds)
    for heard in (code.lower(), code.replace("-", " "), f" {code} ", code.replace("0", "o")):
        assert whereabouts(heard, [offered.solution], kinds).step == steps[0]


def test_a_definition_that_was_changed_tells_nothing(offered, steps, kinds):
    code = help_code(offered.solution, steps[0], kinds)
    changed = replace(offered.solution, sha256="0" * 64)
    assert whereabouts(code, [changed], kinds) is None
    assert whereabouts(code, [], kinds) is None
