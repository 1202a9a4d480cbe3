from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

import selvbetjening_core
from selvbetjening_core.texts import LANGUAGES, fill, placeholders, texts_for
from selvbetjening_core.texts.formats import amount, day, local_day, long_time
from selvbetjening_core.values import Money

SOURCE = Path(selvbetjening_core.__file__).parent
DANISH = texts_for("da").by_key
NOTICE_VALUES = (
    "address",
    "age",
    "alternative",
    "day",
    "minutes",
    "title",
    "when",
    "number",
    "reference",
)


def differences(left, right):
    missing = {f"{key}: not in both" for key in left.keys() ^ right.keys()}
    return missing | {
        f"{key}: other placeholders"
        for key in left.keys() & right.keys()
        if placeholders(left[key]) != placeholders(right[key])
    }


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_language_has_the_same_texts(locale):
    assert differences(DANISH, texts_for(locale).by_key) == set()


def test_the_comparison_sees_a_difference():
    """Negative control of the test above."""
    assert differences({"a": "{x}"}, {"a": "{y}"})
    assert differences({"a": ""}, {"a": "", "b": ""})


def test_every_text_a_template_or_module_names_exists():
    used = set()
    for path in (*SOURCE.glob("themes/**/*.html"), *SOURCE.glob("forms/**/*.py")):
        used |= set(re.findall(r"\bt\(\"([a-z_.]+)\"", path.read_text("utf-8")))
    assert len(used) > 60
    assert used - DANISH.keys() == set()


def test_texts_say_what_is_asked_or_fail():
    texts = texts_for("da")
    assert texts.t("intro.minutes", minutes=5) == "Det tager cirka 5 minutter."
    with pytest.raises(KeyError):
        texts.t("intro.minutes")
    with pytest.raises(KeyError):
        texts.t("no.such.text")
    with pytest.raises(KeyError):
        texts_for("../da")


def test_filling_reaches_into_nothing():
    value = Money(1)
    assert fill("{money.ore} {0} {money}", {"money": value}) == "{money.ore} {0} 0.01 DKK"
    assert fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_notice_has_a_heading_and_says_something(locale):
    names = {key.split(".")[1] for key in DANISH if key.startswith("notice.")}
    assert {"bad_request", "stale_form", "payment_pending", "server_error"} <= names
    for name in names:
        values = dict.fromkeys(NOTICE_VALUES, "x")
        notice = texts_for(locale).notice(name, **values)
        assert notice.heading
        assert notice.paragraphs


def test_a_payment_notice_says_whether_money_was_taken():
    for name in ("declined", "cancelled", "unavailable"):
        assert "ikke trukket penge" in DANISH[f"notice.payment_{name}.what"]
    assert "Betal ikke igen" in DANISH["notice.payment_pending.what"]


WINTER = datetime.datetime(2026, 11, 22, 13, 5, tzinfo=datetime.UTC)
SUMMER = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)


def test_times_are_danish_times():
    assert long_time(WINTER, "da") == "22. november 2026 kl. 14.05"
    assert long_time(WINTER, "en") == "22 November 2026 at 14:05"
    assert long_time(SUMMER, "da") == "2. juli 2026 kl. 00.30"
    assert local_day(SUMMER, "da") == "2. juli 2026"
    assert day(datetime.date(2026, 11, 2), "en") == "2 November 2026"
    with pytest.raises(ValueError, match="time zone"):
        long_time(WINTER.replace(tzinfo=None), "da")


def test_amounts():
    assert amount(Money(22500), "da") == "225,00 kr."
    assert amount(Money(22500), "en") == "DKK 225.00"
    assert amount(Money(123456789), "da") == "1.234.567,89 kr."
    assert amount(Money(0), "da") == "Gratis"
    assert amount(Money(0), "en") == "Free of charge"
    assert amount(Money(150, "EUR"), "da") == "EUR 1,50"
