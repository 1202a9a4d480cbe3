"""The limits of a date: counted from today and from other answers, and told as days."""

from __future__ import annotations

import datetime

import colander
import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.dates import TODAY, DateRule, Move, Snap, Unit
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.facts import answer_facts, unanswered
from selvbetjening_core.forms.makers import PerCitizen, view_maker
from selvbetjening_core.forms.views import Compiled
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import environment
from selvbetjening_core.values import FactsRequest, FormState, NodeRequest, Submitted


def days(count):
    return Move(count, Unit.DAYS)


EARLIEST = DateRule("moving", (days(-28),))
LATEST = DateRule("moving", (days(5),))
WINDOW = {"earliest": EARLIEST, "latest": LATEST}


def typed(name, text):
    year, month, day = text.split("-")
    return ((f"{name}.day", day), (f"{name}.month", month), (f"{name}.year", year))


@pytest.fixture
def reporting(form, field):
    """A moving day, and a day that is held to it."""

    def read(moving, told, locale="da"):
        step = form(
            field("moving", "date", "Flyttedag", required=False),
            field("told", "date", "Meldt", settings=WINDOW),
            locale=locale,
        )
        return step.read(*(typed("moving", moving) if moving else ()), *typed("told", told))

    return read


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("2026-11-02", "Ret »Meldt«: Datoen skal være 3. november 2026 eller senere"),
        ("2026-11-03", None),
        ("2026-12-06", None),
        ("2026-12-07", "Ret »Meldt«: Datoen skal være 6. december 2026 eller tidligere"),
    ],
)
def test_28_days_before_to_5_days_after(reporting, told, message):
    state = reporting("2026-12-01", told)
    assert state.errors.get("told") == message
    assert state.values.get("told") == (None if message else told)


def test_the_day_is_told_in_english_too(reporting):
    state = reporting("2026-12-01", "2026-11-02", locale="en")
    assert "3 November 2026 or later" in state.errors["told"]


def test_without_the_date_it_is_counted_from_there_is_no_limit(reporting):
    assert reporting("", "1999-01-01").values == {"told": "1999-01-01"}


def test_a_date_that_is_wrong_itself_limits_nothing(reporting):
    assert reporting("2026-13-01", "1999-01-01").errors.keys() == {"moving"}


def test_today_is_the_day_of_the_request_and_not_of_the_compilation(form, field):
    asked = field("start", "date", "Start", settings={"earliest": DateRule(TODAY)})
    compiled = form(asked).compiled
    for today in (datetime.date(2026, 11, 22), datetime.date(2027, 3, 1)):
        yesterday = str(today - datetime.timedelta(days=1))
        assert compiled.read(Submitted(typed("start", str(today)), today)).errors == {}
        assert compiled.read(Submitted(typed("start", yesterday), today)).errors != {}


def test_the_current_month_and_thirty_days(form, field):
    rule = DateRule(TODAY, (Snap.LAST_OF_MONTH, days(30)))
    step = form(field("end", "date", settings={"earliest": rule}))
    assert step.read(*typed("end", "2026-12-30")).errors == {}
    assert "30. december 2026 eller senere" in step.read(*typed("end", "2026-12-29")).errors["end"]


def test_limits_at_the_ends_of_the_calendar(form, field):
    for base in ("0001-01-01", "9999-12-31"):
        step = form(field("moving", "date"), field("told", "date", settings=WINDOW))
        assert step.read(*typed("moving", base), *typed("told", base)).errors == {}


def test_a_field_with_fixed_limits_is_compiled_and_others_wait(kinds, field, today):
    kind = kinds["date"]
    fixed = field("born", "date", settings={"earliest": DateRule(datetime.date(1900, 1, 1))})
    assert kind.node(NodeRequest(fixed, "da", today)).name == "born"
    for rule in (DateRule(TODAY), LATEST):
        with pytest.raises(NeedsFacts):
            kind.node(NodeRequest(field("born", "date", settings={"latest": rule}), "da", today))


def test_an_answer_outside_its_limits_by_now_is_asked_for_again(form, field, step, kinds, today):
    """The moving day was changed after the other date was answered."""
    told = field("told", "date", required=False, settings=WINDOW)
    steps = (step(field("moving", "date"), name="first"), step(told, name="second"))
    solution = type("Solution", (), {"steps": steps})
    answers = {"moving": "2026-12-01", "told": "2026-12-06"}
    facts = answer_facts(steps, answers, kinds, {}, today)
    assert facts["told"] == datetime.date(2026, 12, 6)
    assert unanswered(solution, answers, kinds, facts) == ()
    answers["moving"] = "2026-11-30"
    facts = answer_facts(steps, answers, kinds, {}, today)
    assert "told" not in facts
    assert unanswered(solution, answers, kinds, facts) == (told,)
    del answers["told"]
    assert unanswered(solution, answers, kinds, facts) == (), "it is optional"
    state = FormState({"told": "2026-12-06"}, facts=facts, today=today)
    assert form(told).compiled.recheck(state).values == {}


@pytest.mark.parametrize(
    ("settings", "facts", "age"),
    [
        ({}, {}, 15),
        ({"age_on": DateRule(datetime.date(2027, 8, 1))}, {}, 16),
        ({"age_on": DateRule("start")}, {"start": datetime.date(2030, 11, 22)}, 19),
        ({"age_on": DateRule("start")}, {}, None),
    ],
)
def test_an_age_is_counted_on_the_day_that_is_named(kinds, field, today, settings, facts, age):
    asked = field("born", "date", settings=settings)
    told = kinds["date"].facts(FactsRequest(asked, "2010-11-23", today, facts))
    assert told == {"": datetime.date(2010, 11, 23)} | ({} if age is None else {"age": age})


def test_a_question_shows_by_a_date_on_the_same_page(form, field):
    late = Compare("moving", Operator.BELOW, DateRule(TODAY, (days(-5),)))
    step = form(field("moving", "date"), field("why", "text", visible=late))
    in_time = step.read(*typed("moving", "2026-11-17"))
    assert in_time.errors == {}
    assert "Svar også" in step.read(*typed("moving", "2026-11-16")).errors["why"]
    assert 'name="why"' not in step.render(in_time).html


@pytest.mark.parametrize(
    ("locale", "words"), [("da", "1. december 2026"), ("en", "1 December 2026")]
)
def test_a_date_is_shown_in_words_where_it_is_told_again(form, field, locale, words):
    shown = field("again", "fact", settings={"source": "moving"})
    step = form(shown, facts={"moving": datetime.date(2026, 12, 1)}, locale=locale)
    assert words in step.render().html


def test_a_date_with_moving_limits_is_shown_compiled_and_still_judged_anew(kinds, field):
    """Compiled, it costs a fraction; and the limits are those of the one who asks."""
    asked = field("told", "date", settings=WINDOW)
    maker = view_maker(asked, kinds["date"], "da", environment(PLAIN, {PLAIN.name: PLAIN}))
    early, late = (
        maker.view({"moving": datetime.date(year, 12, 1)}, datetime.date(2026, 11, 22))
        for year in (2025, 2026)
    )
    assert isinstance(early, Compiled)
    assert early.plain is late.plain
    assert early.value(("1", "12", "2025")) == "2025-12-01"
    with pytest.raises(colander.Invalid):
        late.value(("1", "12", "2025"))


def test_what_is_shown_compiled_is_what_would_be_drawn(kinds, field, today):
    asked = field("told", "date", settings=WINDOW)
    jinja = environment(PLAIN, {PLAIN.name: PLAIN})
    drawn = PerCitizen(asked, kinds["date"], "da", jinja).view({}, today)
    compiled = view_maker(asked, kinds["date"], "da", jinja).view({}, today)
    for typed_parts in (("1", "12", "2026"), ("", "", ""), ('"><b>', "&amp;", "'")):
        for error in (None, "Ret <datoen>"):
            assert compiled.html(typed_parts, error) == drawn.html(typed_parts, error)


@pytest.mark.parametrize(
    ("told", "counts"),
    [("2026-11-02", False), ("2026-11-03", True), ("2026-12-06", True), ("2026-12-07", False)],
)
def test_an_answer_counts_on_the_limits_themselves_and_not_beyond(
    kinds, field, today, told, counts
):
    asked = field("told", "date", settings=WINDOW)
    facts = {"moving": datetime.date(2026, 12, 1)}
    assert bool(kinds["date"].facts(FactsRequest(asked, told, today, facts))) is counts
