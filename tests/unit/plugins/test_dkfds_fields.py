"""The fields in the markup of the national design system (its rules are in the docs)."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Field, Option, Step, Text
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.makers import Ready
from selvbetjening_core.forms.segments import END, START
from selvbetjening_core.problems import Place
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import FormState, StepRequest, Submitted
from selvbetjening_dkfds.fetch import FOLDER
from selvbetjening_dkfds.theme import DkfdsTheme

THEME = DkfdsTheme(FOLDER / "templates", FOLDER / "static", is_fetched=True)
PLACE = Place(Path("solution.toml"), 1)
TODAY = datetime.date(2026, 11, 22)
HOSTILE = "\"><script>alert('&')</script>"
DAMAGED = Compare("cause", Operator.EQUALS, "damaged")


def field(name, kind, **more):
    options = tuple(Option(value, words(value)) for value in more.pop("options", ()))
    return Field(name, kind, "step", words(name), PLACE, options=options, **more)


def words(text):
    return Text({"da": text, "en": text})


FIELDS = (
    field("cause", "choice", options=("lost", "damaged"), hint=words("Vælg")),
    field("age", "number", visible=DAMAGED),
    field("name", "text", hint=words(HOSTILE)),
    field("note", "long_text", required=False),
    field("mail", "email"),
    field("phone", "phone"),
    field("born", "date"),
    field("sure", "yes_no"),
    field("agreed", "consent"),
    field("told", "message", hint=words("En tekst")),
)


@pytest.fixture(scope="module")
def compiled():
    step = Step("step", words("Trin"), FIELDS, PLACE)
    themes = {PLAIN.name: PLAIN, THEME.name: THEME}
    kinds = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
    return StepCompiler().compile(StepRequest(None, step, "da", THEME, themes, kinds))


@pytest.fixture(scope="module")
def with_errors(compiled):
    pairs = (("cause", "damaged"), ("cause", ""), ("age", HOSTILE), ("born.day", "3"))
    state = compiled.read(Submitted((*pairs, ("_shown", "age")), TODAY, {}))
    assert {"name", "mail", "born", "sure", "agreed"} <= set(state.errors)
    rendered = compiled.render(state)
    return BeautifulSoup(rendered.html, "html.parser"), rendered.error_links


def test_every_template_can_be_compiled(compiled):
    assert [type(plan.maker) for plan in compiled._plans] == [Ready] * len(FIELDS)


hostile = st.one_of(
    st.text(), st.sampled_from([HOSTILE, f"{START}0{END}", f"{START}1{END}", "{{ 7 }}", "", "0"])
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_compiled_equals_rendered(compiled, data):
    for plan in compiled._plans:
        view = plan.maker.ready
        typed = tuple(data.draw(hostile) for _ in view.drawn.control.typed({}))
        error = data.draw(st.none() | hostile)
        assert view.html(typed, error) == view.drawn.html(typed, error)


def test_a_field_is_a_group_with_label_hint_error_and_control_in_order(with_errors):
    html, _ = with_errors
    control = html.find(id="field-name")
    group = control.parent
    assert group["class"] == ["form-group", "form-error"]
    assert [tag.get("class", [tag.name])[0] for tag in group.select(":scope > *")] == [
        "form-label",
        "form-hint",
        "form-error-message",
        "form-input",
    ]
    assert control["aria-describedby"] == "field-name-hint field-name-error"
    assert control["aria-invalid"] == "true"
    assert group.label["for"] == "field-name"
    assert group.select_one(".form-error-message .sr-only").get_text() == "Fejl: "


def test_groups_of_controls_have_a_legend_and_are_described(with_errors):
    html, _ = with_errors
    for name in ("sure", "born"):
        fieldset = html.find(id=re.compile(f"^field-{name}(-day)?$")).find_parent("fieldset")
        assert fieldset.legend["class"] == ["form-label"]
        assert f"field-{name}-error" in fieldset["aria-describedby"].split()
        assert fieldset.find(id=f"field-{name}-error")
    assert len(html.select(".form-group-radio > input.form-radio + label.form-label")) == 4
    assert len(html.select(".form-group-checkbox > input.form-checkbox + label.form-label")) == 1


def test_a_date_is_day_month_year_and_only_what_is_wrong_is_marked(with_errors):
    html, _ = with_errors
    parts = html.select(".date-group > .form-group")
    assert [part["class"][1] for part in parts] == [
        "form-group-day",
        "form-group-month",
        "form-group-year",
    ]
    assert [part.input.get("aria-invalid") for part in parts] == [None, "true", "true"]


def test_every_link_of_the_error_summary_leads_to_the_control_and_says_the_same(with_errors):
    html, links = with_errors
    assert len(links) >= 5
    for target, message in links:
        control = html.find(id=target)
        assert control.name in ("input", "textarea")
        group = control.find_parent(class_="form-error")
        told = group.select_one(".form-error-message").get_text()
        assert told == f"Fejl: {message}"


def test_every_control_has_a_label_and_every_reference_leads_somewhere(compiled):
    html = BeautifulSoup(compiled.render(FormState(today=TODAY)).html, "html.parser")
    for control in html.select("input:not([type=hidden]), textarea"):
        assert html.find("label", {"for": control["id"]}), control
    for tag in html.find_all(attrs={"aria-describedby": True}):
        for name in tag["aria-describedby"].split():
            assert html.find(id=name), tag
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_width_tells_the_length(compiled):
    state = FormState(values={"cause": "damaged"}, today=TODAY)
    html = BeautifulSoup(compiled.render(state).html, "html.parser")
    widths = {name: html.find(id=f"field-{name}")["class"][1] for name in ("age", "phone", "name")}
    assert widths == {
        "age": "input-width-xxs",
        "phone": "input-width-xs",
        "name": "input-width-xl",
    }


def test_hostile_words_are_escaped(compiled):
    state = FormState(values={"name": HOSTILE, "note": HOSTILE}, today=TODAY)
    html = compiled.render(state).html
    assert "<script>" not in html
    assert BeautifulSoup(html, "html.parser").find(id="field-name")["value"] == HOSTILE
