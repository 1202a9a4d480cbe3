"""What is masked as a CPR number, and what is left readable."""

from __future__ import annotations

import datetime
import time

import pytest

from selvbetjening_core import masking
from selvbetjening_core.masking import MASK, masked, masked_values

CPR = "2512484916"
FORMS = [
    CPR,
    "251248-4916",
    "251248 4916",
    "251248 - 4916",
    "251248\u20134916",
    "251248.4916",
    "251248%2D4916",
    "251248%2d4916",
    "8512484916",
]


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_it_is_masked(form):
    assert masked(f"for {form}, and id{form}x") == f"for {MASK}, and id{MASK}x"


@pytest.mark.parametrize(
    "text",
    [
        "at 2026-11-22 18:37:33",
        "serving on http://127.0.0.1:8080",
        "1764012345",
        "12345678901234",
        "call 99 70 70 00 or 4599707000",
        "7KQ4M-2XP9A 0773-ABCD-EFGH-JKMN",
    ],
)
def test_what_is_no_cpr_number_stays_readable(text):
    assert masked(text) == text


# Made so that each holds, in a row, ten digits that somebody could have.
UUID = "ab251248-4916-4abc-9abc-0123456789ab"
TRACE = "4bf92f3577b34da6a25124849160e0ab"
DIGEST = "a2512484916b" + "c" * 52
FIRST = datetime.date(1858, 1, 1)
LAST = datetime.date(2057, 12, 31)


@pytest.mark.parametrize("word", [UUID, UUID.upper(), f"id={UUID},", "c" * 21 + CPR + "a", DIGEST])
def test_ids_and_digests_stay_readable(word):
    assert masked(f"trace {word} ended") == f"trace {word} ended"


@pytest.mark.parametrize(
    "word",
    [
        # Glued to a word, or in one of another length.
        "a" * 22 + CPR,
        CPR + "a" * 22,
        "a" * 21 + CPR,
        f"{CPR}-{UUID}",
        "ab251248-4916",
        "ab251248-4916-4abc-9abc-0123456789abc",
        "ab251248-4916-4abc-1abc-0123456789ab",
    ],
)
def test_what_is_only_like_an_id_is_masked(word):
    assert MASK in masked(word)


# 17 November 1992: somebody could have it. As seconds: 1 April 2024.
SECONDS = "1711929600"


@pytest.mark.parametrize(
    "text",
    [
        f"time={SECONDS}",
        f'{{"time": {SECONDS}, "x": 1}}',
        f'"timestamp":"{SECONDS}"',
        f"'ts': {SECONDS}",
        f"auth_time: {SECONDS}",
        f"start_time={SECONDS}",
        f"TIME={SECONDS}",
    ],
)
def test_seconds_that_a_field_tells_stay_readable(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        SECONDS,
        f"id={SECONDS}",
        f'"id": {SECONDS}',
        f"at time {SECONDS}",
        f"overtime={SECONDS}",
        f"time={SECONDS[:6]}-{SECONDS[6:]}",
        f"time={CPR}",
        f"time=x {SECONDS}",
    ],
)
def test_the_name_of_the_field_decides_and_nothing_else(text):
    assert MASK in masked(text)


@pytest.mark.parametrize(
    ("number", "is_masked"),
    [
        # No such day: 31 November, 29 February of a year without.
        ("3111484916", False),
        ("2902254916", False),
        ("2902244916", True),
        # The seventh digit says 2025, 2050, 1858; a day may be still to come.
        ("2211255916", True),
        ("2211505916", True),
        ("2211585916", True),
        # Replacement numbers: by shape alone.
        ("9111504916", True),
        ("8211505916", True),
    ],
)
def test_ten_digits_in_a_row_that_nobody_can_have_stay_readable(number, is_masked):
    assert masked(f"order {number}") == f"order {MASK if is_masked else number}"
    # With a sign between, the shape is enough: somebody mistyped their number.
    assert masked(f"order {number[:6]}-{number[6:]}") == f"order {MASK}"


# Of the CPR office's table: the years in which somebody with this seventh digit is born.
YEARS = {
    "0123": ((1900, 1999),),
    "49": ((1937, 1999), (2000, 2036)),
    "5678": ((1858, 1899), (2000, 2057)),
}


def numbers_of(day: datetime.date):
    """A number of each seventh digit that somebody born on this day can have."""
    for digits, spans in YEARS.items():
        if any(first <= day.year <= last for first, last in spans):
            yield from (f"{day:%d%m%y}{seventh}123" for seventh in digits)


def shown_numbers(numbers):
    """Those that are still to be seen in one of the ways to write them."""
    for number in numbers:
        parted = f"{number[:6]}-{number[6:]}"
        text = f'{number} {parted} id={number} {{"cpr": "{number}"}} time={parted} x{number}y'
        if masked(text) != text.replace(number, MASK).replace(parted, MASK):
            yield number


def all_numbers():
    """Of every day that a number can have, those still to come among them."""
    count = (LAST - FIRST).days + 1
    days = (FIRST + datetime.timedelta(days=after) for after in range(count))
    return [number for day in days for number in numbers_of(day)]


def test_a_number_of_every_day_is_masked():
    numbers = all_numbers()
    assert len(numbers) > 250_000
    assert not list(shown_numbers(numbers))


def test_a_table_that_is_wrong_would_be_seen(monkeypatch):
    """The negative control: somebody forgot those of 1858 to 1899."""
    monkeypatch.setattr(
        masking, "_is_of_a_day", lambda number: number[6] not in "5678" or number[4:6] < "58"
    )
    assert list(shown_numbers(all_numbers()[:1000]))


def test_values_of_every_kind():
    given = {
        "text": f"for {CPR}",
        "number": int(CPR),
        "bytes": CPR.encode(),
        "error": ValueError(CPR),
        "inside": [{"a": (CPR, 1)}, {CPR}],
        CPR: "a key",
    }
    shown = masked_values(given)
    assert CPR not in repr(shown)
    assert repr(shown).count(MASK) == 7
    assert shown["inside"][0]["a"] == (MASK, 1)


def test_what_needs_no_mask_is_given_back_itself():
    given = {"a": [1, 2.5, None, True, ("x", {"y"})], "time": int(SECONDS), "o": object()}
    assert masked_values(given) is given


def test_a_number_is_seconds_by_the_name_of_its_field():
    assert masked_values(int(SECONDS), "time") == int(SECONDS)
    assert masked_values(SECONDS, "time") == SECONDS
    assert masked_values(int(SECONDS), "id") == MASK
    assert masked_values(int(CPR), "time") == MASK


def test_no_more_is_looked_at_than_a_thousand_values_five_deep():
    wide = [CPR] * 2000
    assert CPR not in repr(masked_values(wide))
    deep = CPR
    for _ in range(50):
        deep = [deep]
    assert CPR not in repr(masked_values(deep))
    round_and_round: list[object] = [CPR]
    round_and_round.append(round_and_round)
    assert CPR not in repr(masked_values(round_and_round))
    tree: object = CPR
    for _ in range(5):
        tree = [tree] * 300
    begun = time.perf_counter()
    assert CPR not in repr(masked_values(tree))
    assert time.perf_counter() - begun < 5


def test_the_time_is_that_of_the_length():
    """No pattern takes the square: ten times the text is nowhere near a hundred times the time."""
    for piece in ("a", "0", "ab251248-", "time=", "25 12 48 ", "%25"):
        short, long = (_seconds(piece * count) for count in (5000, 50_000))
        assert long < 40 * short + 0.05, piece


def _seconds(text: str) -> float:
    best = 60.0
    for _ in range(3):
        begun = time.perf_counter()
        masked(text)
        best = min(best, time.perf_counter() - begun)
    return best
