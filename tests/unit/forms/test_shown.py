"""The quick way to a field's HTML is the ordinary way's, whatever the answer."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.forms import segments, shown
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.makers import view_maker
from selvbetjening_core.forms.segments import escaped_each, escaped_each_in_utf8
from selvbetjening_core.forms.still import still_step
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import environment

KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
OPTIONS = ("cane", "frame", 'Æ "<&>')
ASKED = {
    "text": {},
    "long_text": {},
    "number": {},
    "email": {},
    "phone": {},
    "postcode": {},
    "cpr": {},
    "date": {},
    "time": {},
    "bank_account": {},
    "yes_no": {},
    "consent": {},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
}
ANSWERS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.booleans(),
    st.integers(),
    st.sampled_from((*OPTIONS, "2026-11-22", "14:30", "8000", "")),
    st.lists(st.sampled_from(OPTIONS), max_size=3),
)


def ordinary(maker, answer, facts, today):
    view = maker.view(facts, today)
    return view.html(view.typed_from(answer), None) + "<!-- more -->"


def html_of(maker, more):
    """As a compiled step does it."""
    slot = shown.slot_of(maker, more)
    if slot is None:
        return shown.html_of(maker, more)
    return lambda answer, _: "".join(
        (slot.begun, *escaped_each([slot.text_of(answer)]), slot.ended)
    )


@pytest.fixture
def maker(field):
    jinja = environment(PLAIN, {PLAIN.name: PLAIN})

    def build(kind, **more):
        return view_maker(field("asked", kind, **ASKED[kind], **more), KINDS[kind], "da", jinja)

    return build


@pytest.mark.parametrize("kind", sorted(ASKED))
@pytest.mark.parametrize("required", [True, False])
def test_the_quick_way_shows_what_the_ordinary_way_shows(maker, today, kind, required):
    made = maker(kind, required=required)
    quick = html_of(made, "<!-- more -->")

    @settings(max_examples=40, deadline=None)
    @given(answer=ANSWERS)
    def same(answer):
        assert quick(answer, {}) == ordinary(made, answer, {}, today)

    same()


def test_a_field_that_is_required_at_times_is_shown_as_either(maker, today):
    when = Compare("cause", Operator.EQUALS, "lost")
    made = maker("text", required=False, required_when=when)
    quick = html_of(made, "<!-- more -->")
    pages = [quick("<Æ>", {"cause": cause}) for cause in ("lost", "new")]
    assert pages == [ordinary(made, "<Æ>", {"cause": cause}, today) for cause in ("lost", "new")]
    assert pages[0] != pages[1]


def test_more_options_than_are_kept_finished_are_shown_alike(maker, monkeypatch):
    finished = html_of(maker("choice"), "<!-- more -->")
    monkeypatch.setattr(shown, "MOST_OPTIONS", 1)
    filled = html_of(maker("choice"), "<!-- more -->")
    for answer in (*OPTIONS, "", None, "unknown"):
        assert finished(answer, {}) == filled(answer, {})


def test_a_value_that_is_not_escaped_would_be_seen(maker, today, monkeypatch):
    made = maker("text")
    quick, right = html_of(made, "<!-- more -->"), ordinary(made, "<b>", {}, today)
    assert quick("<b>", {}) == right
    monkeypatch.setattr(segments, "escape", str)
    assert quick("<b>", {}) != right


@given(
    st.lists(
        st.one_of(st.text(max_size=5), st.sampled_from(["\0", "<", "a\0b", Markup("<i>"), ""])),
        max_size=6,
    )
)
def test_many_are_escaped_as_each_is(values):
    assert escaped_each(values) == [str(escape(one)) for one in values]
    assert escaped_each_in_utf8(values) == [str(escape(one)).encode() for one in values]


@pytest.fixture
def still(maker):
    """The step of some kinds, as one piece; and its fields one by one."""
    more = "<!-- more -->"
    makers = {kind: maker(kind) for kind in ASKED}

    def build(kinds):
        made = [(f"asked-{place}", makers[kind]) for place, kind in enumerate(kinds)]
        looks = [(name, shown.html_of(one, more), shown.slot_of(one, more)) for name, one in made]
        return still_step(looks), made

    return build


def test_a_step_as_one_piece_is_its_fields_one_by_one(still, today):
    @settings(max_examples=60, deadline=None)
    @given(data=st.data(), kinds=st.lists(st.sampled_from(sorted(ASKED)), min_size=1, max_size=5))
    def same(data, kinds):
        step, made = still(kinds)
        answers = {name: data.draw(ANSWERS) for name, _ in made}
        each = [ordinary(one, answers[name], {}, today) for name, one in made]
        assert step.html(answers) == "\n".join(each)

    same()


def test_two_answers_that_change_places_would_be_seen(still, today):
    step, made = still(["text", "choice", "text"])
    answers = {"asked-0": "a", "asked-1": "cane", "asked-2": "b"}
    right = "\n".join(ordinary(one, answers[name], {}, today) for name, one in made)
    assert step.html(answers) == right
    wrong = dataclasses.replace(step, places=tuple(reversed(step.places)))
    assert wrong.html(answers) != right
