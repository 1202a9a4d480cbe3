from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from selvbetjening_core.definitions.model import Option, Text
from selvbetjening_core.definitions.possible_sets import OTHER, possible_sets

AIDS = """
[step.aids]
title.da = "Hjælpemidler"

[step.aids.aids]
kind     = "choices"
label.da = "Hvilke bruger du?"
options  = ["cane", "walker", "none"]
none_of_these = "none"

[step.aids.aids.option]
cane.da   = "Stok"
walker.da = "Rollator"
none.da   = "Ingen af dem"
"""


@pytest.fixture
def several(define):
    field = next(define(AIDS).solution.fields())

    def make(count, **keys):
        options = tuple(Option(f"o{n}", Text({})) for n in range(count))
        return replace(field, options=options, settings=keys)

    return make


def right(field, chosen):
    """What an answer must be, said the plain way."""
    none = field.settings.get("none_of_these")
    if chosen == (none,):
        return True
    least, most = field.settings.get("at_least", 1), field.settings.get("at_most", 99)
    return none not in chosen and least <= len(chosen) <= most


@pytest.mark.parametrize("least", [1, 2, 3])
@pytest.mark.parametrize("most", [1, 2, 4])
@pytest.mark.parametrize("none", [None, "o0", "o3"])
@pytest.mark.parametrize("asked_about", [(), ("o0",), ("o0", "o1"), ("o0", "o1", "o2", "o3")])
def test_they_are_what_answers_have_of_the_options_asked_about(
    several, least, most, none, asked_about
):
    field = several(4, at_least=least, at_most=most, none_of_these=none)
    values = [option.value for option in field.options]
    answers = [
        chosen
        for size in range(1, 5)
        for chosen in itertools.combinations(values, size)
        if right(field, chosen)
    ]
    wanted = {tuple(v for v in one if v in asked_about) or (OTHER,) for one in answers}
    if least <= most:
        assert set(possible_sets(field, asked_about, 99)) == wanted


def test_no_more_are_made_than_anybody_wants(several):
    field = several(60, at_most=50)
    assert len(possible_sets(field, [o.value for o in field.options], 1000)) == 1000


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        ('{ aids = { not = "cane" } }', []),
        ('{ aids = ["walker", "none"] }', ["price-overlap"]),
        ('{ aids = ["none"] }', ["price-hole"]),
    ],
)
def test_prices_that_depend_on_several_options_are_checked(priced, second, codes):
    rows = (("2020-01-01", '{ aids = "cane" }', "1.00"), ("2020-01-01", second, "2.00"))
    found = priced(*rows, steps=AIDS)
    assert [code for code in found.codes if code != "price-old"] == codes
