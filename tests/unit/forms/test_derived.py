from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.decision_tables import Awaited, DecisionTable, TableRow
from selvbetjening_core.definitions.model import Option, Text
from selvbetjening_core.forms.facts import answer_facts, unanswered
from selvbetjening_core.forms.kinds.derived import LARGEST_RESULT
from selvbetjening_core.problems import Place
from selvbetjening_core.values import FactsRequest, FormState, TextRequest

BOTH = ("seats", "tables")
LATER = "Udregnes, når du har svaret på spørgsmålene"


@pytest.fixture
def total(field):
    def make(operation="sum", of=BOTH, **more):
        return field(
            "total", "computed", "I alt", settings={"operation": operation, "of": of}, **more
        )

    return make


@pytest.fixture
def numbers(field):
    return field("seats", "number"), field("tables", "number", required=False)


@pytest.fixture
def computed(kinds, total):
    def result(facts, *of, operation="sum"):
        request = FactsRequest(total(operation, of), None, datetime.date(2026, 11, 22), facts)
        return kinds["computed"].facts(request)[""]

    return result


@pytest.mark.parametrize(
    ("operation", "of", "result"),
    [
        ("sum", ("seats", "tables", 2), 9),
        ("sum", ("nothing",), 0),
        ("sum", ("sure", "sure", "unsure"), 2),
        ("difference", ("tables", "seats"), -1),
        ("difference", (10, "nothing"), 10),
        ("product", ("seats", "tables", 2), 24),
        ("product", ("seats", "nothing"), 0),
        ("sum", ("name", "seats"), 4),
    ],
)
def test_it_is_computed_from_the_facts(computed, operation, of, result):
    facts = {"seats": 4, "tables": 3, "sure": True, "unsure": False, "name": "9"}
    found = computed(facts, *of, operation=operation)
    assert (found, type(found)) == (result, int)


def test_a_number_of_ore_may_be_shown_as_kroner(kinds, form, field):
    keys = {"operation": "sum", "of": ("rent.ore", "heating.ore"), "shown_as": "kroner"}
    asked = field("total", "computed", settings=keys)
    for value, shown in ((125050, "1.250,50 kr."), (0, "0,00 kr."), (-1, "-0,01 kr."), (None, "")):
        assert kinds["computed"].text(TextRequest(asked, value, "da", {})) == shown
    html = form(asked, facts={"rent.ore": 100_000, "heating.ore": 25_050}).render().html
    assert '<dd class="fact-value">1.250,50 kr.</dd>' in html


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=50))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_is_exact_and_bounded(computed, numbers):
    assert computed({}, *numbers) == sum(numbers)
    product = computed({}, *numbers, operation="product")
    assert abs(product) <= LARGEST_RESULT
    exact = 1
    for number in numbers:
        exact *= number
    assert product == exact or abs(product) == LARGEST_RESULT < abs(exact)
    assert (product > 0) is (exact > 0)


def test_no_form_can_set_what_is_derived(form, field, numbers, total):
    fixed = field("form", "fixed", settings={"value": "A1"})
    more = field("more", "text", visible=Compare("total", Operator.AT_LEAST, 7))
    asked = form(*numbers, total(), fixed, more, facts={"total": 99, "form": "B2"})
    forged = (("total", "99"), ("form", "B2"), ("_shown", "total"), ("more", "ja"))
    state = asked.read(("seats", "3"), ("tables", "3"), *forged)
    assert (state.values, state.errors) == ({"seats": 3, "tables": 3}, {})
    state = asked.read(("seats", "4"), ("tables", "3"), *forged)
    assert state.values == {"seats": 4, "tables": 3, "more": "ja"}


def test_a_form_can_set_what_is_asked(form, field):
    """Negative control: the same pairs, where the two are questions."""
    asked = form(field("total", "number"), field("form", "text"))
    state = asked.read(("total", "99"), ("form", "B2"))
    assert state.values == {"total": 99, "form": "B2"}


def test_answers_of_that_name_are_not_its_value(kinds, step, numbers, total, field, today):
    """Left over from a definition in which it was asked for."""
    fixed = field("form", "fixed", settings={"value": "A1"})
    steps = (step(*numbers, total(), fixed),)
    answers = {"seats": 4, "total": 99, "form": "B2"}
    facts = answer_facts(steps, answers, kinds, {}, today)
    assert facts == {"today": today, "seats": 4, "total": 4, "form": "A1"}


def test_earlier_answers_of_that_name_are_dropped(form, total, field, today):
    fixed = field("form", "fixed", settings={"value": "A1"})
    state = FormState({"total": 99, "form": "B2"}, today=today)
    assert form(total(), fixed).compiled.recheck(state).values == {}


def test_a_hidden_field_derives_nothing(kinds, step, numbers, total, today):
    never = Compare("seats", Operator.BELOW, 0)
    facts = answer_facts((step(*numbers, total(visible=never)),), {"seats": 4}, kinds, {}, today)
    assert facts == {"today": today, "seats": 4}


def test_nobody_has_to_answer_it(kinds, step, total, field, today):
    class Whole:
        steps = (step(total(), field("form", "fixed", settings={"value": 1})),)

    facts = answer_facts(Whole.steps, {}, kinds, {}, today)
    assert unanswered(Whole, {}, kinds, facts) == ()


def test_a_step_shows_the_result_of_what_is_answered(form, numbers, total):
    asked = form(*numbers, total())
    assert LATER in asked.render().html
    html = asked.render(asked.read(("seats", "3"))).html
    assert LATER not in html
    assert '<dd class="fact-value">3</dd>' in html
    assert 'name="total"' not in html


def test_a_number_that_rests_on_parameters_alone_is_shown_at_once(form, total):
    asked = form(total("product", ("parameter.rate", 2)), facts={"parameter.rate": 21})
    assert '<dd class="fact-value">42</dd>' in asked.render().html


@pytest.mark.parametrize(
    ("keys", "value", "shown"),
    [
        ({"value": "A1"}, "A1", "A1"),
        ({"value": 3}, 3, "3"),
        ({"value": True}, True, "Ja"),
        ({"parameter": "rate"}, 21, "21"),
        ({"parameter": "rate", "text": Text({"da": "Takst"})}, 21, "Takst"),
        ({"parameter": "unknown"}, None, ""),
    ],
)
def test_what_is_fixed_is_the_definitions_or_the_parameters(
    kinds, field, today, keys, value, shown
):
    asked = field("form", "fixed", settings=keys)
    facts = {"parameter.rate": 21}
    found = kinds["fixed"].facts(FactsRequest(asked, None, today, facts))
    assert found == ({} if value is None else {"": value})
    assert kinds["fixed"].text(TextRequest(asked, value, "da", facts)) == shown


def test_what_is_fixed_is_shown_on_its_step_only_if_the_definition_says_so(form, field):
    hidden = form(field("form", "fixed", settings={"value": "A1"})).render().html
    assert hidden.strip() == ""
    shown = form(field("form", "fixed", settings={"value": "A1", "shown": True})).render().html
    assert '<dd class="fact-value">A1</dd>' in shown
    assert "<input" not in shown


def entitled(kind="yes_no", outcomes=(True, False), law="", options=()):
    """A table: one outcome when seats are above 3, another when not; law with the first."""
    place = Place(Path("solution.toml"), 1)
    rows = (
        TableRow(
            datetime.date(2026, 1, 1), Compare("seats", Operator.ABOVE, 3), outcomes[0], place, law
        ),
        TableRow(
            datetime.date(2026, 1, 1), Compare("seats", Operator.AT_MOST, 3), outcomes[1], place
        ),
    )
    return DecisionTable("entitled", kind, place, options, rows, (Awaited("seats"),))


class TestByTable:
    """What a decision table decides."""

    DAY = datetime.date(2026, 11, 22)

    @pytest.fixture
    def asked(self, field):
        def make(**more):
            return field("granted", "computed", "Ret", settings={"table": entitled(**more)})

        return make

    @pytest.mark.parametrize(
        ("more", "danish", "english"),
        [
            ({}, "Ja", "Yes"),
            ({"kind": "number", "outcomes": (7, 0)}, "7", "7"),
            ({"kind": "amount", "outcomes": (125050, 0)}, "1.250,50 kr.", "1,250.50 kr."),
            (
                {
                    "kind": "choice",
                    "outcomes": ("long", "short"),
                    "options": (Option("long", Text({"da": "Lang", "en": "Long"})),),
                },
                "Lang",
                "Long",
            ),
        ],
    )
    def test_its_outcome_is_the_fact_and_is_told_in_words(
        self, kinds, asked, more, danish, english
    ):
        decided = asked(**more)
        request = FactsRequest(decided, None, self.DAY, {"seats": 4})
        facts = kinds["computed"].facts(request)
        wanted = more.get("outcomes", (True,))[0]
        assert (facts, type(facts[""])) == ({"": wanted}, type(wanted))
        for locale, words in (("da", danish), ("en", english)):
            assert kinds["computed"].text(TextRequest(decided, wanted, locale, {})) == words

    def test_an_outcome_of_no_is_an_outcome(self, kinds, asked):
        request = FactsRequest(asked(), None, self.DAY, {"seats": 3})
        assert kinds["computed"].facts(request) == {"": False}

    def test_before_it_is_decided_there_is_no_fact_and_the_page_says_so(self, kinds, asked, form):
        assert kinds["computed"].facts(FactsRequest(asked(), None, self.DAY, {})) == {}
        html = form(asked()).render().html
        assert LATER in html
        assert "Nej" not in html

    def test_the_page_tells_the_law_that_an_outcome_follows_from(self, asked, form):
        shown = form(asked(law="loven § 9"), facts={"seats": 4}).render().html
        assert '<dd class="fact-value">Ja</dd>' in shown
        assert '<dd class="fact-source">Det følger af loven § 9</dd>' in shown
        without = form(asked(law="loven § 9"), facts={"seats": 3}).render().html
        assert "Nej" in without
        assert "fact-source" not in without

    def test_on_the_page_it_follows_the_answers_above_it(self, field, asked, form):
        step = form(field("seats", "number"), asked())
        state = FormState({"seats": 4}, facts={}, today=self.DAY)
        assert '<dd class="fact-value">Ja</dd>' in step.compiled.render(state).html

    def test_what_a_browser_sends_decides_nothing(self, field, asked, form):
        step = form(field("seats", "number"), asked())
        assert dict(step.read(("seats", "3"), ("granted", "true")).values) == {"seats": 3}

    def test_the_law_is_escaped(self, asked, form):
        shown = form(asked(law="<b>§</b>"), facts={"seats": 4}).render().html
        assert "&lt;b&gt;§&lt;/b&gt;" in shown
