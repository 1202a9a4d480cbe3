from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from selvbetjening_core.definitions.model import Field, Option, Step, Text
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Place
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import (
    Address,
    Child,
    CprNumber,
    FormState,
    Household,
    Person,
    StepRequest,
    Submitted,
)

PLACE = Place(Path("solution.toml"), 1)
TODAY = datetime.date(2026, 11, 22)


def text(words):
    return Text({"da": words, "en": f"{words} (en)"})


def make_field(name, kind, label="Spørgsmål", **more):
    options = tuple(Option(value, text(value.title())) for value in more.pop("options", ()))
    errors = {code: text(words) for code, words in more.pop("errors", {}).items()}
    hint = more.pop("hint", None)
    return Field(
        name,
        kind,
        "step",
        text(label),
        PLACE,
        hint=text(hint) if hint else None,
        options=options,
        errors=errors,
        **more,
    )


def make_step(*fields, name="step", visible=None):
    return Step(name, text("Trin"), fields, PLACE, visible=visible)


def step_request(step, kinds, locale="da", theme=PLAIN):
    themes = {PLAIN.name: PLAIN, theme.name: theme}
    return StepRequest(None, step, locale, theme, themes, kinds)


class Form:
    """A compiled step with its day and facts at hand."""

    def __init__(self, compiled, facts):
        self.compiled = compiled
        self.facts = facts

    def read(self, *pairs):
        return self.compiled.read(Submitted(pairs, TODAY, self.facts))

    def render(self, state=None):
        return self.compiled.render(state or FormState(facts=self.facts, today=TODAY))


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def field():
    return make_field


@pytest.fixture
def step():
    return make_step


@pytest.fixture
def kinds():
    return {kind.declaration.name: kind for kind in BUILTIN_KINDS}


@pytest.fixture
def request_for():
    return step_request


@pytest.fixture
def form(kinds):
    def build(*fields, facts=None, locale="da", theme=PLAIN, more_kinds=()):
        every = kinds | {kind.declaration.name: kind for kind in more_kinds}
        request = step_request(make_step(*fields), every, locale, theme)
        return Form(StepCompiler().compile(request), facts or {})

    return build


HOME = Address("home", ("Testgrusgraven 3, 3.th", "3400 Hillerød"))
AWAY = Address("away", ("Fjernvej 1", "8000 Aarhus C"))


def make_person(cpr, name, address=HOME, *, protected=False):
    return Person(CprNumber(cpr), name, address, protected)


@pytest.fixture
def household():
    """A mother; children: an infant, a ten-year-old, and every kind that is not offered."""
    children = (
        Child(make_person("0101254001", "Spæd Test"), custody=True),
        Child(make_person("0504164002", "Ti Test"), custody=True),
        Child(make_person("0504174003", "Uden Forældremyndighed"), custody=False),
        Child(make_person("0504184004", "Andet Sted", AWAY), custody=True),
        Child(make_person("0504194005", "Beskyttet Barn", protected=True), custody=True),
        Child(make_person("0504004006", "Voksen Test"), custody=True),
        Child(make_person("0504204007", "Ukendt Adresse", None), custody=True),
        Child(make_person("0504214008", "Tom Nøgle", Address("", ("?",))), custody=True),
    )
    return Household(
        make_person("0201609996", "Lonni Test"),
        children,
        "Folkeregisteret (demo)",
        datetime.datetime(2026, 11, 22, 13, 5, tzinfo=datetime.UTC),
    )
