from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.makers import Ready
from selvbetjening_core.forms.segments import END, START, Segments
from selvbetjening_core.interfaces import ICompiledStep, IForm
from selvbetjening_core.themes.plain import PlainTheme
from selvbetjening_core.values import FormState, Submitted

hostile = st.one_of(
    st.text(),
    st.text(alphabet=f"<>&\"'={{}}%{START}{END}0123456789\u202e\u200f\u05d0\n\r\t"),
    st.sampled_from(
        [
            f"{START}0{END}",
            f"{START}1{END}{START}0{END}",
            f"{START}",
            '"><script>alert(1)</script>',
            "{{ 7 * 7 }}",
            "\u202eabc",
            "x" * 20_000,
            "",
            "0",
            "None",
        ]
    ),
)


@pytest.fixture
def every_kind(field):
    damaged = Compare("cause", Operator.EQUALS, "damaged")
    return (
        field("cause", "choice", options=("lost", "damaged"), hint="Vælg"),
        field("age", "number", visible=damaged),
        field("name", "text", hint="Dit <navn>"),
        field("note", "long_text", required=False),
        field("mail", "email", 'Din "e-mail"'),
        field("phone", "phone"),
        field("born", "date"),
        field("sure", "yes_no"),
        field("agreed", "consent"),
        field("told", "message", hint="En tekst"),
    )


def ready_views(form):
    return [plan.maker.ready for plan in form.compiled._plans if isinstance(plan.maker, Ready)]


def differs(view, typed, error):
    """Whether the compiled HTML is another than the template, rendered."""
    return view.html(typed, error) != view.drawn.html(typed, error)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_compiled_equals_rendered_for_hostile_values(form, every_kind, data):
    views = ready_views(form(*every_kind))
    assert len(views) == len(every_kind)
    for view in views:
        typed = tuple(data.draw(hostile) for _ in view.drawn.control.typed({}))
        error = data.draw(st.none() | hostile)
        assert not differs(view, typed, error)


class _Unescaped(Segments):
    def fill(self, values):
        return "".join(
            text + (values[self.slots[n]] if n < len(self.slots) else "")
            for n, text in enumerate(self.texts)
        )


class _Searching(Segments):
    def fill(self, values):
        html = self.texts[0]
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            html += f"{START}{slot}{END}{text}"
        for slot, value in enumerate(values):
            html = html.replace(f"{START}{slot}{END}", value)
        return html


@pytest.mark.parametrize(
    ("broken", "value"),
    [(_Unescaped, "<b>"), (_Searching, f"{START}1{END}")],
    ids=["values not escaped", "markers searched for in values"],
)
def test_the_comparison_sees_broken_marker_handling(form, field, broken, value):
    """Negative control of the test above."""
    (view,) = ready_views(form(field("name", "text")))
    wrong = broken(view.wrong.texts, view.wrong.slots)
    faulty = type(view)(view.drawn, view.plain, wrong)
    assert not differs(view, (value,), "Fejl")
    assert differs(faulty, (value,), "Fejl")


def theme_with(tmp_path, template):
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "text.html").write_text(template, "utf-8")
    return PlainTheme("other", tmp_path, tmp_path, "plain")


@pytest.mark.parametrize(
    "template",
    [
        "{% if value %}<b>{{ value }}</b>{% endif %}{{ error }}",
        "{{ value|upper }}{{ error }}",
        f"{START}0{END}{{{{ value }}}}{{{{ error }}}}",
    ],
    ids=["asks for the value", "changes the value", "holds a marker"],
)
def test_a_theme_that_cannot_be_compiled_is_rendered_instead(form, field, tmp_path, template):
    asked = form(field("name", "text"), theme=theme_with(tmp_path, template))
    assert ready_views(asked) == []
    state = asked.read(("name", "åse"))
    assert re.search("åse|ÅSE", asked.render(state).html)


def test_contracts(form, field):
    assert verifyObject(IForm, StepCompiler())
    assert verifyObject(ICompiledStep, form(field("name", "text")).compiled)


def test_an_unknown_kind_is_named_with_its_place(field, step, request_for):
    request = request_for(step(field("name", "hologram")), {})
    with pytest.raises(DefinitionError, match=r"solution\.toml:1.*hologram"):
        StepCompiler().compile(request)


class _Ids(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.ids, self.fors, self.described, self.invalid = [], [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.fors += [found["for"]] if "for" in found else []
        self.described += (found.get("aria-describedby") or "").split()
        self.invalid += found.get("aria-invalid") == "true"


def test_errors_by_the_markup_rules(form, every_kind):
    asked = form(*every_kind)
    state = asked.read(("cause", "damaged"), ("note", "x" * 5000))
    rendered = asked.render(state)
    ids = _Ids(rendered.html)
    assert len(ids.ids) == len(set(ids.ids))
    assert set(ids.fors) <= set(ids.ids)
    assert set(ids.described) <= set(ids.ids)
    assert [target for target, _ in rendered.error_links if target not in ids.ids] == []
    names = [name for name in asked.compiled.step.fields if name.name in state.errors]
    assert [message for _, message in rendered.error_links] == [state.errors[f.name] for f in names]
    for name in state.errors:
        error_at = rendered.html.index(f'id="field-{name}-error"')
        assert rendered.html.index('name="', error_at) > error_at
        before = rendered.html.rfind('<div class="form-group', 0, error_at)
        visible = re.search(r'<(input(?! type="hidden")|textarea)', rendered.html[before:error_at])
        assert visible is None, "the message is in front of the control"
    assert rendered.html.count('<span class="sr-only">Fejl: </span>') == len(state.errors)
    assert ids.invalid >= len(state.errors)


def test_an_answer_that_makes_another_needed(form, every_kind):
    asked = form(*every_kind[:2])
    first = asked.read(("cause", "damaged"))
    assert first.errors == {"age": "Svar også på »Spørgsmål«"}
    html = asked.render(first).html
    assert '<input type="hidden" name="_shown" value="age">' in html
    second = asked.read(("cause", "damaged"), ("_shown", "age"), ("age", ""))
    assert second.errors == {"age": "Udfyld »Spørgsmål«"}
    done = asked.read(("cause", "damaged"), ("age", "3"))
    assert (done.values, done.errors) == ({"cause": "damaged", "age": 3}, {})


def test_a_radio_group_that_was_shown_and_left_alone_is_not_new(form, field):
    filled = Compare("name", Operator.FILLED, value=True)
    asked = form(field("name", "text"), field("sure", "yes_no", required=False, visible=filled))
    assert asked.read(("name", "a")).errors.keys() == {"sure"}
    assert asked.read(("name", "a"), ("_shown", "sure")).errors == {}


def test_hidden_answers_are_dropped_whatever_was_sent(form, every_kind):
    asked = form(*every_kind[:2])
    state = asked.read(("cause", "lost"), ("age", "3"), ("_shown", "age"))
    assert (state.values, state.errors) == ({"cause": "lost"}, {})
    assert 'name="age"' not in asked.render(state).html


def test_old_facts_of_the_same_page_do_not_show_a_field(form, every_kind):
    asked = form(*every_kind[:2], facts={"cause": "damaged", "age": 3})
    state = asked.read(("cause", "lost"))
    assert (state.values, state.errors) == ({"cause": "lost"}, {})


def test_names_that_belong_to_no_field_are_ignored(form, field):
    asked = form(field("name", "text"))
    state = asked.read(("name", "a"), ("holder.age", "3"), ("", ""), ("__start__", "name:mapping"))
    assert (state.values, state.errors) == ({"name": "a"}, {})


def test_a_fact_is_shown_with_its_source_and_never_read(form, field, household):
    facts = {
        "household": household,
        "holder.address": household.person.address,
        "holder.source": household.source,
        "holder.retrieved_at": household.retrieved_at.isoformat(),
    }
    asked = form(field("to", "fact", settings={"source": "holder.address"}), facts=facts)
    html = asked.render().html
    assert "Testgrusgraven 3, 3.th<br>3400 Hillerød" in html
    assert "Hentet fra Folkeregisteret (demo) den 22. november 2026" in html
    assert "<input" not in html
    state = asked.read(("to", "Et andet sted"), ("holder.address", "Et andet sted"))
    assert (state.values, state.errors) == ({}, {})
    assert "Et andet sted" not in asked.render(state).html


def test_nothing_is_kept_from_one_citizen_to_the_next(form, field, household):
    asked = form(
        field("name", "text"),
        field("holder", "person", settings={"from": "self"}),
        facts={"household": household},
    )
    asked.render(asked.read(("name", "Hemmelig"), ("holder", "self")))
    empty = asked.compiled.render(FormState(facts={}, today=asked.read().today)).html
    assert "Hemmelig" not in empty
    assert "Lonni" not in empty


def test_the_definitions_own_message_wins_and_its_brackets_are_harmless(form, field):
    own = "Skriv {label}, højst {limit} {tegn}"
    asked = form(field("name", "text", "Navn", errors={"too_long": own}))
    state = asked.read(("name", "x" * 300))
    assert state.errors == {"name": "Skriv Navn, højst 200 {tegn}"}


def test_messages_follow_the_language(form, field):
    asked = form(field("name", "text", "Navn"), locale="en")
    assert asked.read().errors == {"name": "Fill in “Navn (en)”"}


def test_the_day_must_be_known(form, field):
    with pytest.raises(ValueError, match="today"):
        form(field("name", "text")).compiled.render(FormState())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_reading_never_raises_and_what_it_read_can_be_shown(form, every_kind, today, data):
    asked = form(*every_kind)
    names = [f.name for f in every_kind] + ["born.day", "born.month", "born.year", "_shown", "x"]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), hostile), max_size=12))
    state = asked.compiled.read(Submitted(tuple(pairs), today, {}))
    html = asked.render(state).html
    assert "<script" not in html
    assert not state.values.keys() & state.errors.keys()
