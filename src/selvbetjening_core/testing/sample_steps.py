"""A step with every widget there is, and what may be sent for it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Field, Option, Step, Text
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind, IForm, ITheme
from selvbetjening_core.problems import Place
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import Address, StepRequest

TODAY = datetime.date(2026, 11, 22)

PLACE = Place(Path("solution.toml"), 1)
_ADDRESS = Address("home", ("Testpark Allé 48", "3400 Hillerød"), "0219")
FACTS: Mapping[str, object] = {
    "holder.address": _ADDRESS,
    "holder.source": "Folkeregisteret",
    "holder.retrieved_at": "2026-11-22T12:58:00+00:00",
}


def both(danish: str, english: str) -> Text:
    """A text in both languages."""
    return Text({"da": danish, "en": english})


def question(name: str, kind: str, danish: str, english: str, **more: Any) -> Field:
    """A field of the step, with its label in both languages."""
    return Field(name, kind, "about", both(danish, english), PLACE, **more)


GROUP_PARTS = (
    question("name", "text", "Fulde navn", "Full name"),
    question("lives", "yes_no", "Bor personen hos dig?", "Does the person live with you?"),
)
"""The fields of the group that the step uses, once and in rows."""
ABOUT = Step(
    "about",
    both("Om kortet", "About the card"),
    (
        question("note", "message", "Godt at vide", "Good to know"),
        question(
            "home", "fact", "Kortet sendes til", "Sent to", settings={"source": "holder.address"}
        ),
        question(
            "email",
            "email",
            "Din e-mail",
            "Your e-mail",
            required=False,
            hint=both("Så kan vi skrive til dig.", "We can write to you."),
        ),
        question("phone", "phone", "Dit telefonnummer", "Your telephone number"),
        question(
            "copies",
            "number",
            "Antal kort",
            "How many cards",
            settings={"unit": both("stk.", "cards")},
        ),
        question("since", "date", "Gyldig fra", "Valid on"),
        question("account", "bank_account", "Din konto", "Your account"),
        question(
            "cause",
            "choice",
            "Grunden er",
            "The reason is",
            options=(
                Option("lost", both("Det er væk", "It is lost")),
                Option("broken", both("Det er ødelagt", "It is broken")),
            ),
        ),
        question(
            "proof",
            "yes_no",
            "Har du et gyldigt kort?",
            "Do you have a valid card?",
            visible=Compare("cause", Operator.EQUALS, "lost"),
        ),
        question(
            "aids",
            "choices",
            "Hvad bruger du?",
            "What do you use?",
            options=(
                Option("cane", both("Stok", "Cane"), both("Eller krykker", "Or crutches")),
                Option("none", both("Ingen af dem", "None of them")),
            ),
            settings={"none_of_these": "none"},
        ),
        question(
            "needs",
            "matrix",
            "Hvor ofte har du brug for hjælp?",
            "How often do you need help?",
            options=(
                Option("never", both("Aldrig", "Never")),
                Option("often", both("Ofte", "Often")),
            ),
            rows=(
                Option("food", both("Madlavning", "Cooking"), both("Også opvask", "Dishes, too")),
                Option("shop", both("Indkøb", "Shopping")),
            ),
        ),
        question(
            "remarks",
            "long_text",
            "Bemærkninger",
            "Remarks",
            required=False,
            settings={"max_length": 500},
        ),
        question("mother", "group", "Din mor", "Your mother", group="person", parts=GROUP_PARTS),
        question(
            "children",
            "repeat",
            "Dine børn",
            "Your children",
            hint=both("Dem under 18 år.", "Those under 18."),
            group="person",
            parts=GROUP_PARTS,
            settings={
                "each": both("Barn", "Child"),
                "add": both("Tilføj et barn", "Add a child"),
                "at_most": 3,
            },
        ),
        question(
            "papers",
            "files",
            "Bilag",
            "Papers",
            required=False,
            hint=both("For eksempel en kvittering.", "A receipt, for example."),
            settings={"most": 2},
        ),
        question("agreed", "consent", "Jeg er indforstået", "I agree"),
    ),
    PLACE,
)
KEPT: Mapping[str, object] = {
    "papers": [
        {
            "id": "0123456789abcdef0123456789abcdef",
            "name": "kvittering.pdf",
            "type": "application/pdf",
            "size": 1_240_000,
            "sha256": "ab" * 32,
        }
    ]
}
"""What the draft has for the step already: the files that were taken in."""

RIGHT = (
    ("email", "kirsten@eksempel.dk"),
    ("phone", "99707000"),
    ("copies", "2"),
    ("since.day", "1"),
    ("since.month", "2"),
    ("since.year", "2026"),
    ("account.registration", "1234"),
    ("account.account", "0001234567"),
    ("cause", "lost"),
    ("proof", "yes"),
    ("aids.cane", "cane"),
    ("needs.food", "often"),
    ("needs.shop", "never"),
    ("remarks", "28 + 4"),
    ("mother.name", "Ida Test"),
    ("mother.lives", "no"),
    ("children.1", ""),
    ("children.1.name", "Bo Test"),
    ("children.1.lives", "yes"),
    ("children.2", ""),
    ("children.2.name", "Ea Test"),
    ("children.2.lives", "no"),
    ("agreed", "true"),
)
WRONG = (
    ("email", "intet"),
    ("phone", "1"),
    ("copies", "mange"),
    ("since.day", "32"),
    ("since.month", "1"),
    ("since.year", "2020"),
    ("account.registration", "12345"),
    ("account.account", "1"),
    ("cause", "boredom"),
    ("aids.cane", "cane"),
    ("aids.none", "none"),
    ("needs.food", "often"),
    ("remarks", "\x00"),
    ("mother.lives", "perhaps"),
    ("children.1", ""),
    ("children.1.name", "Bo Test"),
    ("children.2", "first"),
    ("children.2.lives", "perhaps"),
    ("agreed", "perhaps"),
)
ONE_WRONG = tuple((name, "mange" if name == "copies" else value) for name, value in RIGHT)


def step_of(*fields: Field) -> Step:
    """A step with other fields."""
    return replace(ABOUT, fields=fields)


def compiled_step(
    form: IForm,
    step: Step = ABOUT,
    *,
    locale: str = "da",
    theme: ITheme = PLAIN,
    themes: Mapping[str, ITheme] | None = None,
    kinds: Mapping[str, IFieldKind] | None = None,
) -> ICompiledStep:
    """The step, compiled with the built-in kinds and more of one's own."""
    every = {kind.declaration.name: kind for kind in BUILTIN_KINDS} | dict(kinds or {})
    solution: Any = None
    known = {PLAIN.name: PLAIN, theme.name: theme, **(themes or {})}
    return form.compile(StepRequest(solution, step, locale, theme, known, every))
