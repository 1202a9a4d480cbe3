"""A colander schema of the site's own as a step."""

from __future__ import annotations

import ast
import datetime
import inspect
import runpy
from urllib.parse import urlencode

import colander
import pytest
from bs4 import BeautifulSoup
from deform import widget
from django.utils.datastructures import MultiValueDict
from embed_site import EXAMPLES
from webob.multidict import MultiDict
from werkzeug.datastructures import MultiDict as FlaskDict
from zope.interface.verify import verifyObject

from selvbetjening_core.embedding import Fragment, read_step, step_from_schema
from selvbetjening_core.embedding.fragment import pairs_of
from selvbetjening_core.embedding.stock import STOCK
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.forms.parse import MAX_FIELDS, TooMuch
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.values import FormState

GOOD = {
    "subject": "Et skilt",
    "seen_on.day": "3",
    "seen_on.month": "2",
    "seen_on.year": "2026",
    "place": "road",
    "story": "Skiltet står skævt.",
}


@pytest.fixture(scope="module")
def example():
    return runpy.run_path(str(EXAMPLES / "own_schema.py"))


def one(node, **more):
    """A step with one field."""
    return step_from_schema(colander.Schema(children=[node]), **more)


def text(title="Navn", **more):
    return colander.SchemaNode(colander.String(), name="name", title=title, **more)


def number(validator):
    return colander.SchemaNode(colander.Integer(), name="name", title="Antal", validator=validator)


def test_it_is_a_form_component_like_any_other(example):
    assert verifyObject(ICompiledStep, example["complaint"])


def test_it_has_our_markup(example):
    page = BeautifulSoup(example["fragment"].html(), "html.parser")
    assert page.select_one("label[for=field-subject]").get_text(strip=True) == (
        "Hvad klager du over?"
    )
    assert [box["value"] for box in page.select("fieldset [type=radio]")] == ["road", "park"]
    assert len(page.select("[name^='seen_on.']")) == 3
    assert "valgfrit" in page.get_text().lower() or "frivillig" in page.get_text().lower()


def test_good_answers_are_what_the_schema_makes_of_them(example):
    state = example["fragment"].read(GOOD)
    assert state.errors == {}
    found = example["complaint"].appstruct(state)
    assert found["seen_on"] == datetime.date(2026, 2, 3)
    assert found["subject"] == "Et skilt"
    assert state.values["seen_on"] == "2026-02-03"


def test_what_is_missing_is_told_in_danish(example):
    state = example["fragment"].read({})
    assert set(state.errors) == {"subject", "place", "story"}
    assert state.errors["subject"] == "Udfyld »Hvad klager du over?«"
    assert state.errors["place"] == "Vælg et svar under »Hvor er det?«"


def test_the_site_s_own_words_are_shown_and_stock_words_are_not(example):
    state = example["fragment"].read({**GOOD, "story": "Skævt"})
    assert state.errors == {"story": "Skriv mindst 10 tegn"}
    stock = Fragment(one(text(validator=colander.Length(min=5)))).read({"name": "abc"})
    assert stock.errors == {"name": "Ret dit svar i »Navn«"}


@pytest.mark.parametrize(
    ("node", "sent", "told"),
    [
        (text(missing_msg="Skriv dit navn"), "", "Skriv dit navn"),
        (
            text(validator=colander.Length(max=3, max_err="Højst ${max} bogstaver")),
            "Kirsten",
            "Højst 3 bogstaver",
        ),
        (text(validator=colander.Email(msg="Skriv din e-mail")), "kirsten", "Skriv din e-mail"),
        (number(colander.Range(1, 5, max_err="${val} er for mange")), "9", "9 er for mange"),
        (number(colander.Range(1, 5, min_err="Mindst ${min}")), "0", "Mindst 1"),
        # The other limit keeps our words.
        (
            number(colander.Range(1, 5, min_err="Mindst ${min}")),
            "9",
            "Ret »Antal«: Tallet skal være 5 eller mindre",
        ),
    ],
)
def test_the_site_s_own_words_go_before_ours(node, sent, told):
    assert Fragment(one(node)).read({"name": sent}).errors == {"name": told}


def test_a_validator_of_the_site_s_own_is_asked():
    def not_today(node, _):
        raise colander.Invalid(node, "Det kan ikke være i dag")

    step = one(text(validator=colander.All(colander.Length(max=9), not_today)))
    assert Fragment(step).read({"name": "x"}).errors == {"name": "Det kan ikke være i dag"}
    too_long = Fragment(step).read({"name": "x" * 10}).errors["name"]
    assert too_long == "Forkort »Navn«: Du kan højst skrive 9 tegn"


def test_a_validator_over_all_answers_is_told_at_the_first():
    def agree(node, value):
        if value["a"] != value["b"]:
            raise colander.Invalid(node, "De to skal være ens")

    schema = colander.Schema(
        children=[
            colander.SchemaNode(colander.String(), name="a", title="Ny adgangskode"),
            colander.SchemaNode(colander.String(), name="b", title="Gentag den"),
        ],
        validator=agree,
    )
    fragment = Fragment(step_from_schema(schema))
    assert fragment.read({"a": "1", "b": "1"}).errors == {}
    state = fragment.read({"a": "1", "b": "2"})
    assert state.errors == {"a": "De to skal være ens"}
    assert 'href="#field-a"' in fragment.html(state)


def test_all_that_is_wrong_is_told_at_once():
    """What our fields find and what validators of single fields find; in the page's order."""

    def taken(node, _):
        raise colander.Invalid(node, "Det navn er taget")

    def never(node, _):
        raise colander.Invalid(node, "Kan ikke siges endnu")

    schema = colander.Schema(
        children=[text(validator=taken), text("Adresse").clone()], validator=never
    )
    schema.children[1].name = "address"
    state = Fragment(step_from_schema(schema)).read({"name": "Bo"})
    assert list(state.errors.items()) == [
        ("name", "Det navn er taget"),
        ("address", "Udfyld »Adresse«"),
    ]
    assert state.values == {}


def test_a_tick_that_must_be_there():
    node = colander.SchemaNode(
        colander.Boolean(),
        name="yes",
        title="Jeg har læst reglerne",
        validator=colander.OneOf([True]),
    )
    step = one(node)
    assert "Jeg har læst reglerne" in Fragment(step).read({}).errors["yes"]
    assert "Ret dit svar" not in Fragment(step).read({}).errors["yes"]
    assert step.appstruct(Fragment(step).read({"yes": "true"})) == {"yes": True}


def test_a_tick_and_no_tick():
    step = one(colander.SchemaNode(colander.Boolean(), name="yes", title="Send mig nyt"))
    fragment = Fragment(step)
    assert step.appstruct(fragment.read({})) == {"yes": False}
    assert step.appstruct(fragment.read({"yes": "true"})) == {"yes": True}


def test_limits_are_told():
    number = colander.SchemaNode(
        colander.Integer(), name="age", title="Alder", validator=colander.Range(1, 120)
    )
    state = Fragment(one(number)).read({"age": "121"})
    assert state.errors == {"age": "Ret »Alder«: Tallet skal være 120 eller mindre"}


def test_hostile_answers_do_no_harm(example):
    hostile = dict.fromkeys(GOOD, '"><script>alert(1)</script>')
    state = example["fragment"].read(hostile)
    assert state.errors
    assert "<script>" not in example["fragment"].html(state)


def test_a_form_is_read_whatever_holds_it(example):
    fragment = example["fragment"]
    wanted = fragment.read(list(GOOD.items())).values
    assert wanted["subject"] == "Et skilt"
    assert fragment.read(GOOD).values == wanted
    body = urlencode(GOOD)
    for form in (
        body.encode(),
        MultiValueDict({name: [value] for name, value in GOOD.items()}),
        MultiDict(GOOD),
        FlaskDict(GOOD),
    ):
        assert fragment.read(form).values == wanted


def test_a_known_answer_is_filled_in(example):
    state = example["fragment"].filled({"subject": "Kendt", "place": "nowhere"})
    page = BeautifulSoup(example["fragment"].html(state), "html.parser")
    assert page.select_one("[name=subject]")["value"] == "Kendt"
    assert page.select("[checked]") == []


UNMAPPABLE = {
    "a type": (colander.SchemaNode(colander.Float(), name="x", title="X"), "Float is not among"),
    "a list": (
        colander.SchemaNode(colander.Sequence(), text(), name="x", title="X"),
        "Sequence is not among",
    ),
    "a widget": (text(widget=widget.PasswordWidget()), "with the widget PasswordWidget"),
    "several answers": (
        text(widget=widget.SelectWidget(values=[("a", "A")], multiple=True)),
        "several answers",
    ),
    "no options": (text(widget=widget.RadioChoiceWidget(values=[])), "without options"),
    "a deferred value": (
        text(validator=colander.deferred(lambda *_: None)),
        "bind the schema first",
    ),
    "no title": (colander.SchemaNode(colander.String(), name="street_name"), "has no title"),
    "an empty title": (text(title=" "), "has no title"),
    "a name": (colander.SchemaNode(colander.String(), name="a b", title="X"), "no plain word"),
}


@pytest.mark.parametrize(("node", "reason"), UNMAPPABLE.values(), ids=UNMAPPABLE)
def test_what_cannot_be_mapped_is_told_at_once(node, reason):
    with pytest.raises(DefinitionError, match=f'the field "{node.name}": .*{reason}'):
        one(node)


def test_all_that_cannot_be_mapped_is_told_together():
    nodes = [node for node, _ in UNMAPPABLE.values()]
    with pytest.raises(DefinitionError) as told:
        step_from_schema(colander.Schema(children=nodes))
    assert all(reason in str(told.value) for _, reason in UNMAPPABLE.values())


def test_two_fields_of_one_name_are_told():
    with pytest.raises(DefinitionError, match='the name "name" stands twice'):
        step_from_schema(colander.Schema(children=[text(), text("Navn igen")]))


def test_no_schema_at_all_is_told():
    with pytest.raises(DefinitionError, match="no schema of named fields"):
        step_from_schema(text())


def test_every_stock_sentence_of_colander_is_known():
    said = {
        node.args[0].value
        for node in ast.walk(ast.parse(inspect.getsource(colander)))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "_"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 30
    assert said <= STOCK


def test_a_state_without_errors_alone_has_an_appstruct(example):
    with pytest.raises(colander.Invalid):
        example["complaint"].appstruct(FormState({}))


def test_what_the_schema_refuses_is_no_value():
    def refuse(node, value):  # noqa: ARG001 - as colander wants it
        raise colander.Invalid(node, "Ikke det navn.")

    step = one(text(validator=refuse))
    state = Fragment(step).read({"name": "Kim"})
    assert state.errors == {"name": "Ikke det navn."}
    assert state.values == {}
    assert state.typed["name"] in ("Kim", ("Kim",), ["Kim"])


@pytest.mark.parametrize("values", [["ab"], [("a", "b", "c")], [("a",)], [7]])
def test_options_that_are_no_pairs_are_refused(values):
    with pytest.raises(DefinitionError, match="groups of options"):
        one(text(widget=widget.SelectWidget(values=values)))


def test_as_many_fields_as_a_form_may_have_and_no_more():
    pairs = [("name", "Kim")] * MAX_FIELDS
    assert len(pairs_of(pairs)) == MAX_FIELDS
    with pytest.raises(TooMuch):
        pairs_of([*pairs, ("name", "Kim")])


def test_what_is_no_text_is_not_read():
    assert pairs_of({"name": "Kim", "file": object()}) == (("name", "Kim"),)


def test_a_step_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(DefinitionError, match=r'no step "nobody"; there are \w+'):
        read_step(EXAMPLES / "affald", "nobody")
