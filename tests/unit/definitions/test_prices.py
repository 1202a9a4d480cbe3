"""Which price applies, on which day, in which channel."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import selvbetjening_solutions
from selvbetjening_core.definitions.dated_rows import applying
from selvbetjening_core.definitions.prices import price_of, rows_on
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import Channel, Money

OLD, NEW = datetime.date(2023, 12, 31), datetime.date(2024, 1, 1)
ALWAYS_FREE = (
    "magnetic_stripe",
    "first_card",
    "moved",
    "doctor_closed",
    "turned_15",
    "married",
    "new_cpr",
)
PAID = ("lost", "new_doctor", "new_name")


@pytest.fixture(scope="module")
def rows():
    folder = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
    kinds = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}
    return read_solution(folder, kinds, NEW, Problems()).prices


@pytest.fixture(scope="module")
def kroner(rows):
    def price(cause, age=40, *, free=False, day=NEW, channel=Channel.SELF_SERVICE, **more):
        facts = {"cause": cause, "holder.age": age, "parameter.free_under_15": free, **more}
        return price_of(rows, facts, day, channel).amount.ore / 100

    return price


@pytest.mark.parametrize("cause", PAID)
def test_the_fee_follows_the_day(kroner, cause):
    assert kroner(cause, day=datetime.date(2023, 1, 1)) == 220
    assert kroner(cause, day=OLD) == 220
    assert kroner(cause, day=NEW) == 225
    assert kroner(cause, day=datetime.date(2026, 11, 22)) == 225


@pytest.mark.parametrize("cause", ALWAYS_FREE)
@pytest.mark.parametrize("age", [0, 14, 15, 40])
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("day", [OLD, NEW])
def test_what_is_always_free(kroner, cause, age, free, day):
    assert kroner(cause, age, free=free, day=day) == 0


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_damaged_card_costs_while_it_is_young(kroner, day):
    fee = {OLD: 220, NEW: 225}[day]
    assert kroner("damaged", card_age="under_4_years", day=day) == fee
    assert kroner("damaged", card_age="4_years_or_more", day=day) == 0


@pytest.mark.parametrize("cause", [*PAID, "damaged"])
@pytest.mark.parametrize(
    ("age", "free", "costs"),
    [(14, True, 0), (15, True, 225), (16, True, 225), (14, False, 225), (15, False, 225)],
)
def test_free_below_15_where_the_municipality_says_so(kroner, cause, age, free, costs):
    more = {"card_age": "under_4_years"} if cause == "damaged" else {}
    assert kroner(cause, age, free=free, **more) == costs


def test_every_cause_is_covered_here(rows):
    facts = {"holder.age": 40, "parameter.free_under_15": False, "card_age": "under_4_years"}
    for cause in (*PAID, *ALWAYS_FREE, "damaged"):
        assert len(applying(rows_on(rows, NEW, Channel.COUNTER), {**facts, "cause": cause})) == 1


def test_no_price_before_the_first_day(kroner):
    with pytest.raises(DefinitionError, match="0 price rows"):
        kroner("lost", day=datetime.date(2022, 12, 31))


def test_an_unanswered_question_has_no_price(kroner):
    with pytest.raises(DefinitionError):
        kroner("damaged")


def test_the_newest_row_of_a_condition_is_in_force(priced):
    first, second = ("2023-01-01", "", "1.00"), ("2024-01-01", "", "2.00")
    rows = priced(second, first).solution.prices
    day = datetime.date(2024, 3, 1)
    assert price_of(rows, {}, day, Channel.PHONE).amount == Money(200)
    assert price_of(rows, {}, datetime.date(2023, 3, 1), Channel.PHONE).amount == Money(100)


def test_a_row_for_the_channel_goes_before_one_for_all(priced):
    counter = 'channel = "counter"\n'
    rows = priced(
        ("2024-02-01", "", "10.00"),
        ("2024-01-01", "", "5.00", counter),
    ).solution.prices
    day = datetime.date(2024, 3, 1)
    assert price_of(rows, {}, day, Channel.COUNTER).amount == Money(500)
    assert price_of(rows, {}, day, Channel.SELF_SERVICE).amount == Money(1000)
    assert price_of(rows, {}, datetime.date(2024, 1, 15), Channel.COUNTER).amount == Money(500)
