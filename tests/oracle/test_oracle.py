"""The national design system's npm package as an oracle.

Its package ships macros and lists of their parameters, no finished pages: so each
macro is called with the content that our own template is given, and the two trees
are compared, element by element and attribute by attribute.

Not compared, because no page of ours has it: the select (choices are radio buttons),
the menu of the mobile header (ours wraps, and needs no script), date picker, tabs,
toast, table sorting, language menu.
"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from bs4 import BeautifulSoup, Tag

from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.themes.plain import PLAIN


@dataclass(frozen=True)
class Part:
    """An element of one of our pages, and the one of the design system it must equal."""

    example: str
    ours: str
    css: str = "*"
    theirs: str = "*"
    intended: Mapping[str, str] = field(default_factory=dict)
    """Differences that are meant, and why."""


WIDTH = "every field has a width; the macro leaves it to the caller"
OWN_INVALID = "a wrong field or group says so to assistive technology (WCAG 3.3.1)"
IDS = "the first option has the field's own id, so that the error summary's link leads to it"
OWN_NAMES = "each box has a name of its own, as the parts of a date have"
TEXT_DATE = "a number input loses what is not a number; digits by inputmode keep it"
RADIO_GROUP = "role and legend name the group; with the role it may be marked as wrong"
ICON = "decoration: the heading beside it says the same"
UNIT_READ = "the unit is part of the question, so a screen reader reads it with the input"
NO_COUNTER = "nothing counts down without script: the limit is told, to everybody alike"
SUMMARY_NAME = "read under its heading when focus comes to it"
SCROLLED = "what can be scrolled by keyboard has a name (axe: scrollable-region)"

_FIELD = {"+ @aria-invalid=true": OWN_INVALID}
_TEXT = {"- input.form-input": WIDTH, "+ input.form-input.input-width-xl": WIDTH}
_AREA = {"- textarea.form-input": WIDTH, "+ textarea.form-input.input-width-xl": WIDTH}
_CHOICE = {
    "- @aria-labelledby=a-legend": RADIO_GROUP,
    "+ @role=radiogroup": RADIO_GROUP,
    "- @for=field-a-option1": IDS,
    "+ @for=field-a": IDS,
    "- @for=field-a-option2": IDS,
    "+ @for=field-a-2": IDS,
}
_CHOICES = {
    "- @for=field-a-option1": IDS,
    "+ @for=field-a": IDS,
    "- @for=field-a-option2": IDS,
    "+ @for=field-a-2": IDS,
    "- @name=a": OWN_NAMES,
    "+ @name=a.ja": OWN_NAMES,
    "+ @name=a.nej": OWN_NAMES,
}
_DATE = {
    "- div.date-group.mt-3": "the distance is our style sheet's",
    "+ div.date-group": "the distance is our style sheet's",
    "- @type=number": TEXT_DATE,
    "+ @type=text": TEXT_DATE,
}
_UNIT = _TEXT | {
    "- @aria-hidden=true": UNIT_READ,
    "- @aria-describedby=field-a-hint": UNIT_READ,
    "+ @aria-describedby=field-a-unit field-a-hint": UNIT_READ,
}
_LIMIT = _TEXT | {
    "- div.form-group.form-limit": NO_COUNTER,
    "+ div.form-group": NO_COUNTER,
    "- span.sr-only": NO_COUNTER,
    "- 'Du kan indtaste op til 20 tegn'": NO_COUNTER,
    "- @aria-hidden=true": NO_COUNTER,
    "- 'Du har 20 tegn tilbage'": NO_COUNTER,
    "+ 'Du kan højst skrive 20 tegn'": NO_COUNTER,
    "- span.character-limit-sr-only.sr-only": NO_COUNTER,
    "- @aria-live=polite": NO_COUNTER,
    "- @aria-describedby=field-a-hint field-a-limit-message": "one order of what is read",
    "+ @aria-describedby=field-a-limit field-a-hint": "one order of what is read",
}
_PART = {"- input.form-input": WIDTH, "+ input.form-input.input-width-xs": WIDTH}
_SUMMARY = {
    "- div.alert.alert-error": "a name for our own style sheet",
    "+ div.alert.alert-error.error-summary": "a name for our own style sheet",
    "+ @aria-labelledby=error-summary-heading": SUMMARY_NAME,
    "+ @tabindex=-1": SUMMARY_NAME,
    "- @aria-label=Fejl": ICON,
    "+ @aria-hidden=true": ICON,
    "- ul.nobullet-list": "the size of the alert's own text",
    "+ ul.alert-text.nobullet-list": "the size of the alert's own text",
}
_ANSWERS = {
    "+ @role=group": SCROLLED,
    "+ @aria-labelledby=group-1": SCROLLED,
    "- table.structured-list.table": "label over answer on a narrow screen",
    "+ table.d-print-table.structured-list.table.table--responsive-headers": "label over answer"
    " there, beside it on paper",
}
PARTS = {
    "text": Part("text", "text", intended=_TEXT),
    "text, wrong": Part("text, wrong", "text, wrong", intended=_TEXT),
    "text with a unit": Part("text with a unit", "text with a unit", intended=_UNIT),
    "text with a limit": Part("text with a limit", "text with a limit", intended=_LIMIT),
    "part of an account": Part(
        "part of an account",
        "account",
        ".account-parts > .form-group:last-child",
        intended=_PART,
    ),
    "textarea": Part("textarea", "textarea", intended=_AREA),
    "textarea, wrong": Part("textarea, wrong", "textarea, wrong", intended=_AREA | _FIELD),
    "choice": Part("choice", "choice", intended=_CHOICE),
    "choice, wrong": Part("choice, wrong", "choice, wrong", intended=_CHOICE | _FIELD),
    "choices": Part("choices", "choices", intended=_CHOICES),
    "choices, wrong": Part("choices, wrong", "choices, wrong", intended=_CHOICES | _FIELD),
    "checkbox": Part("checkbox", "checkbox", ".form-group-checkbox"),
    "date": Part("date", "date", intended=_DATE),
    "date, wrong": Part("date, wrong", "date, wrong", intended=_DATE | _FIELD),
    "error summary": Part("error summary", "step page", ".error-summary", intended=_SUMMARY),
    "position": Part("position", "step page", ".step-subheading"),
    "back link": Part("back", "step page", "main > div:has(> .back-link)"),
    "skip link": Part("skip link", "step page", ".skipnav"),
    "button": Part("button", "step page", "main form button"),
    "answers": Part("answers", "summary page", ".table--responsive-scroll", intended=_ANSWERS),
    "logo": Part(
        "portal row",
        "step page",
        ".logo",
        ".logo",
        {
            "- 'borger.dk \u2013 Gå til forsiden'": "printed, it is the name alone",
            "+ 'borger.dk'": "printed, it is the name alone",
        },
    ),
    "user": Part(
        "portal row",
        "step page",
        ".user",
        ".user",
        {
            "+ span.sr-only": "heard, a bare name says nothing",
            "+ 'Logget ind som'": "heard, a bare name says nothing",
        },
    ),
    "log-off": Part(
        "portal row",
        "step page",
        ".log-off",
        ".log-off",
        {
            "- button.d-print-none.function-link.log-off": "the form around it is not printed",
            "+ button.function-link.log-off": "the form around it is not printed",
            "+ @type=submit": "it works without script, in a form that posts",
        },
    ),
    "solution": Part("solution row", "step page", ".solution-heading", ".solution-heading"),
    "authority": Part(
        "solution row", "step page", ".additional-info p", ".additional-info p:first-child"
    ),
    "footer link": Part("footer", "step page", ".footer-legal li a", ".footer li a"),
}
NOT_OF_A_PIECE = {
    "summary-present": "a field alone has no error summary, a summary alone no field",
    "summary-words": "as summary-present",
    "summary-targets": "as summary-present",
    "icons-drawn": "the macros refer to icons that are on the whole page",
}
"""Rules that say nothing about a macro by itself."""

STRICTER = {
    ("textarea, wrong", "error-invalid"): "the macro forgets aria-invalid; its text input has it",
    ("choice, wrong", "group-invalid"): OWN_INVALID,
    ("choices, wrong", "group-invalid"): OWN_INVALID,
    ("date, wrong", "group-invalid"): OWN_INVALID,
}
"""Where our rules ask for more than the macros do."""

ATTRIBUTES = ("type", "for", "scope", "tabindex", "data-module", "name", "autocomplete", "rows")
"""Beside classes, role and aria-*. Ids are compared where something refers to them."""


def lines(tag, depth=0):
    """A tree as lines: elements with their classes, and below each its attributes."""
    names = "".join(f".{one}" for one in sorted(tag.get("class") or ()))
    yield f"{'  ' * depth}{tag.name}{names}"
    for name in sorted(tag.attrs):
        if name in ATTRIBUTES or name in {"role", "required"} or name.startswith("aria-"):
            value = tag[name] if isinstance(tag[name], str) else " ".join(tag[name])
            yield f"{'  ' * depth}  @{name}={' '.join(value.split())}".rstrip("=")
    if tag.name == "use":
        yield f"{'  ' * depth}  @icon={tag['href'].rpartition('#')[2]}"
    for child in tag.children:
        if isinstance(child, Tag) and child.get("type") != "hidden":
            yield from lines(child, depth + 1)
        elif not isinstance(child, Tag) and child.strip():
            yield f"{'  ' * depth}  {' '.join(child.split())!r}"


def tree(html, css="*"):
    found = BeautifulSoup(html, "html.parser").select_one(css)
    assert found is not None, f"no {css}"
    return list(lines(found))


def differences(theirs, own):
    """What only they have (-) and what only we have (+)."""
    told = difflib.ndiff(theirs, own)
    return {f"{line[0]} {line[2:].strip()}" for line in told if line[0] in "-+"}


def compared(oracle, ours, part):
    return differences(tree(oracle[part.example], part.theirs), tree(ours[part.ours], part.css))


@pytest.mark.parametrize("name", PARTS)
def test_our_markup_is_the_design_systems(oracle, make_ours, name):
    part = PARTS[name]
    assert compared(oracle, make_ours(), part) == set(part.intended)


def test_every_example_is_compared(oracle):
    assert {part.example for part in PARTS.values()} == set(oracle)


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        ("fields/_parts.html", 'class="form-hint"', 'class="hint"', "text"),
        ("fields/_parts.html", "form-error-message", "error", "date, wrong"),
        ("fields/text.html", "form-input-suffix", "unit", "text with a unit"),
        ("fields/_parts.html", "character-limit", "limit", "text with a limit"),
        ("fields/account.html", 'class="form-label"', 'class="label"', "part of an account"),
        ("fields/choice.html", "form-group-radio", "radio", "choice"),
        ("fields/choices.html", "form-group-checkbox", "checkbox", "choices"),
        ("step.html", ' role="alert"', "", "error summary"),
        ("step.html", "step-subheading", "position", "position"),
        ("_components.html", 'scope="row"', "", "answers"),
    ],
)
def test_a_changed_template_is_found(
    oracle, make_ours, templates_folder, tmp_path, file, old, new, name
):
    folder = shutil.copytree(templates_folder, tmp_path / "templates")
    # What dkfds has not itself it takes from plain.
    shipped = [one / file for one in (templates_folder, PLAIN.templates) if (one / file).exists()]
    text = shipped[0].read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    part = PARTS[name]
    try:
        found = compared(oracle, make_ours(folder), part)
    except AssertionError:
        return  # The element is not even there.
    assert found != set(part.intended)


def test_what_our_rules_find_in_the_examples(oracle):
    expected = Expected("da", design_system=True)
    found = {
        (name, breach.rule.split()[-1])
        for name, html in oracle.items()
        for breach in breaches(html, PageKind.FRAGMENT, expected)
    }
    assert {(name, rule) for name, rule in found if rule not in NOT_OF_A_PIECE} == set(STRICTER)
    assert {rule for _, rule in found if rule in NOT_OF_A_PIECE} == set(NOT_OF_A_PIECE)


def test_a_form_put_together_from_the_examples_breaks_no_rule(oracle):
    date = oracle["date"].replace("field-a", "field-b")
    form = f"<form novalidate>{oracle['text, wrong']}{date}{oracle['button']}</form>"
    html = f"{oracle['back']}{oracle['error summary']}{form}"
    expected = Expected("da", errors=True, design_system=True)
    found = {breach.rule for breach in breaches(html, PageKind.FRAGMENT, expected)}
    assert found == {"dkfds icons-drawn"}
