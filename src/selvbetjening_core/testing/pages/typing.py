"""What helps, or stops, a citizen who types: dates, width, autocomplete, paste, optional."""

from __future__ import annotations

import re

from bs4 import Tag

from selvbetjening_core.testing.pages.contract import CLIPBOARD
from selvbetjening_core.testing.pages.fields import FieldMarkup, fields
from selvbetjening_core.testing.pages.page import (
    CONTROLS,
    EVERYWHERE,
    Page,
    attribute,
    classes,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

AUTOCOMPLETE = frozenset(
    {
        "additional-name",
        "address-level1",
        "address-level2",
        "address-line1",
        "address-line2",
        "address-line3",
        "bday",
        "bday-day",
        "bday-month",
        "bday-year",
        "country",
        "country-name",
        "email",
        "family-name",
        "given-name",
        "name",
        "off",
        "on",
        "organization",
        "postal-code",
        "sex",
        "street-address",
        "tel",
        "tel-national",
        "url",
    }
)
"""The tokens of the HTML standard that a municipality has a use for."""

_PARTS = ("day", "month", "year")
_PART_NAMES = re.compile(r"(?:^|[-_. ])(day|month|year)$")
_WIDTHS = re.compile(r"(?:^|-)(?:width|length|char)-\w+$")
_WIDE = re.compile(r"(?:^|-)width-(?:full|xl|lg|100)$")
_PART_GROUPS = frozenset({"form-group-day", "form-group-month", "form-group-year"})
_SHORT = frozenset({"numeric", "decimal", "tel"})
_REQUIRED_WORDS = re.compile(r"\*|skal udfyldes|påkrævet|obligatorisk|required|mandatory")
_OPTIONAL_WORDS = re.compile(r"valgfri|frivillig|optional")
_CHECKS = frozenset({"radio", "checkbox"})
_OWN = (
    (r"dit fornavn|your first name", frozenset({"given-name"})),
    (r"dit efternavn|your (last|family) name", frozenset({"family-name"})),
    (r"dit (fulde )?navn|your (full )?name", frozenset({"name"})),
    (r"din e-?mail|your e-?mail", frozenset({"email"})),
    (r"dit (mobil|telefon)|din telefon|your (tele)?phone", frozenset({"tel", "tel-national"})),
    (r"din adresse|your address", frozenset({"street-address", "address-line1"})),
    (r"dit postnummer|your post", frozenset({"postal-code"})),
)
"""How labels begin that ask for the citizen's own data, and the tokens that fit."""


def date_order(page: Page) -> Found:
    """The parts of a date stand as they are said: day, month, year."""
    for field in fields(page):
        parts = [found for found in (_part(one) for one in field.controls) if found]
        if len(parts) > 1 and parts != sorted(parts, key=_PARTS.index):
            yield field.group, f"the parts of the date stand as {', '.join(parts)}"


def short_answers_short(page: Page) -> Found:
    """The width of a control shows how long an answer is expected."""
    for control in page.select("input"):
        is_short = attribute(control, "inputmode") in _SHORT or attribute(control, "type") in {
            "number",
            "tel",
        }
        if is_short and not _is_narrow(control):
            yield control, "a short answer in a control without a width of its own"


def autocomplete(page: Page) -> Found:
    """What a browser knows about its owner, it may fill in; tokens are from the standard."""
    for control in page.select("[autocomplete]"):
        tokens = attribute(control, "autocomplete").split()
        if control.name != "form" and not (tokens and tokens[-1] in AUTOCOMPLETE):
            yield control, "autocomplete is not a token of the HTML standard"
    for field in fields(page):
        wanted = _own_token(field)
        for control in field.controls if wanted else ():
            if not wanted & set(attribute(control, "autocomplete").split()):
                yield control, f"asks for the citizen's own data without {min(wanted)}"


def paste_allowed(page: Page) -> Found:
    """What is copied can be pasted."""
    for tag in page.select("*"):
        stops = CLIPBOARD & set(tag.attrs)
        if stops:
            yield tag, f"the attribute {min(stops)}"
    for control in page.select(CONTROLS):
        if attribute(control, "autocomplete").lower() in {"off", "new-password"} and attribute(
            control, "type"
        ) in {"email", "tel"}:
            yield control, "the browser may not fill in the citizen's own e-mail or number"


def no_placeholder(page: Page) -> Found:
    """Help stands beside the control, not in it."""
    for control in page.select("[placeholder]"):
        yield control, "a placeholder"


def nothing_disabled(page: Page) -> Found:
    """What cannot be used is not shown."""
    for control in page.select("[disabled], [aria-disabled=true]"):
        yield control, "disabled"


def own_messages(page: Page) -> Found:
    """The browser's messages do not come before our own."""
    for form in page.select("form"):
        if form.select(CONTROLS) and form.get("novalidate") is None:
            yield form, "a form with fields and without novalidate"


def optional_marked(page: Page) -> Found:
    """What may be left empty says so; what must be answered is not marked."""
    optional = page.expected.optional
    for field in fields(page):
        told = _label_text(field).lower()
        if _REQUIRED_WORDS.search(told):
            yield field.label or field.group, "a required field is marked, the optional ones should"
        if optional is None or not field.controls:
            continue
        name = attribute(field.controls[0], "name")
        is_optional = name in optional or name.rpartition(".")[0] in optional
        if is_optional != bool(_OPTIONAL_WORDS.search(told)):
            state = "optional" if is_optional else "required"
            yield field.label or field.group, f"the field is {state}, and its label says otherwise"


def _part(control: Tag) -> str:
    for key in ("name", "id"):
        found = _PART_NAMES.search(attribute(control, key))
        if found:
            return found.group(1)
    return ""


def _is_narrow(control: Tag) -> bool:
    parent = control.find_parent(class_="form-group")
    around = classes(parent) if parent else frozenset()
    own = classes(control)
    has_width = any(_WIDTHS.search(name) for name in own)
    return bool(_PART_GROUPS & around) or (
        has_width and not any(_WIDE.search(name) for name in own)
    )


def _own_token(field: FieldMarkup) -> frozenset[str]:
    told = _label_text(field).lower()
    return next((tokens for begins, tokens in _OWN if re.match(begins, told)), frozenset())


def _label_text(field: FieldMarkup) -> str:
    if field.label is not None:
        return text(field.label)
    checks = [one for one in field.controls if attribute(one, "type") in _CHECKS]
    labels = field.group.select("label")
    return text(labels[0]) if checks and labels else ""


TYPING_RULES = (
    PageRule(
        "page",
        "date-order",
        "En dato skrives som dag, måned og år.",
        "dkfds, datofelter",
        EVERYWHERE,
        date_order,
    ),
    PageRule(
        "page",
        "short-answers-short",
        "Feltets bredde viser, hvor langt et svar der ventes.",
        "dkfds, inputfelt",
        EVERYWHERE,
        short_answers_short,
    ),
    PageRule(
        "SB-24",
        "autocomplete",
        "Browseren må udfylde det, den ved om borgeren selv.",
        "WCAG 1.3.5",
        EVERYWHERE,
        autocomplete,
    ),
    PageRule(
        "page",
        "paste-allowed",
        "Man kan indsætte det, man har kopieret.",
        "dkfds, inputfelt; WCAG 3.3.8",
        EVERYWHERE,
        paste_allowed,
    ),
    PageRule(
        "page",
        "no-placeholder",
        "Der står ingen eksempeltekst inde i felterne.",
        "dkfds, inputfelt",
        EVERYWHERE,
        no_placeholder,
    ),
    PageRule(
        "page",
        "nothing-disabled",
        "Der er ingen felter eller knapper, som er slået fra.",
        "dkfds, knapper",
        EVERYWHERE,
        nothing_disabled,
    ),
    PageRule(
        "page",
        "own-messages",
        "Browserens egne fejltekster vises ikke.",
        "dkfds, formularer",
        EVERYWHERE,
        own_messages,
    ),
    PageRule(
        "page",
        "optional-marked",
        "Det, der er frivilligt, er mærket; det, der skal udfyldes, er ikke.",
        "dkfds, formularer",
        EVERYWHERE,
        optional_marked,
    ),
)
"""Rules for typing."""
