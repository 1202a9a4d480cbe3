from __future__ import annotations

import datetime
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from zope.interface.verify import verifyObject

from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.forms.groups import ONCE
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.messages import error_message
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import LANGUAGES
from selvbetjening_core.values import FormState, TextRequest


@pytest.mark.parametrize("kind", BUILTIN_KINDS, ids=lambda kind: kind.declaration.name)
def test_every_kind_keeps_the_contract_and_explains_itself(kind):
    assert verifyObject(IFieldKind, kind)
    assert kind.declaration.help.endswith(".")
    assert all(key.help.endswith(".") for key in kind.declaration.keys)
    assert kind.declaration.has_value == ("" in kind.declaration.offers)
    # Of a group that is asked once each part is required, or not.
    is_asked_whole = kind.declaration.takes_answer and kind.declaration.group != ONCE
    assert is_asked_whole == ("required" in kind.declaration.errors)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("kind", BUILTIN_KINDS, ids=lambda kind: kind.declaration.name)
def test_every_error_of_a_kind_has_a_message_that_names_the_field(field, kind, locale):
    asked = field("answer", kind.declaration.name, "Dit svar")
    values = {
        "none": "Ingen",
        "row": "Mad",
        "limit": 1,
        "min": 1,
        "max": 1,
        "types": "PDF",
        "size": "1 MB",
        "most": 9,
    }
    for code in kind.declaration.errors:
        message = error_message(asked, code, values, locale)
        assert "Dit svar" in message
        assert message != error_message(asked, "invalid", {}, locale)


def test_kinds_import_neither_deform_nor_pyramid_nor_sqlalchemy():
    code = (
        "import sys, selvbetjening_core.forms.kinds\n"
        "print({'deform', 'pyramid', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Else  ", "Else"),
        ("text", "a\nb", "a b"),
        ("text", "A\u030arhus", "\u00c5rhus"),
        ("text", "0", "0"),
        ("long_text", "en\r\nto", "en\nto"),
        ("number", " 7 ", 7),
        ("number", "0", 0),
        ("number", "-3", -3),
        ("email", "a.b@eksempel.dk", "a.b@eksempel.dk"),
        ("phone", "12 34 56 78", None),
        ("phone", "99 70 70 00", "99707000"),
        ("phone", "+45 99707000", "99707000"),
        ("phone", "0045 99-70-70-00", "99707000"),
        ("phone", "+46 (8) 123 456", "+468123456"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("consent", "true", True),
    ],
)
def test_what_is_typed_becomes_a_value(form, field, kind, typed, value):
    state = form(field("answer", kind)).read(("answer", typed))
    assert state.values.get("answer") == value
    assert type(state.values.get("answer")) is type(value)
    assert ("answer" in state.errors) is (value is None)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", ""),
        ("text", "   "),
        ("text", "x" * 201),
        ("text", "a\x07b"),
        ("long_text", "x" * 4001),
        ("long_text", "x" * 50_000),
        ("number", "syv"),
        ("number", "\u0667"),
        ("number", "7,5"),
        ("number", "1e3"),
        ("number", "9" * 13),
        ("number", "--1"),
        ("email", "a@b"),
        ("email", "a b@c.dk"),
        ("email", "a@b..dk"),
        ("email", "a@b.dk\nBcc: x@y.dk"),
        ("email", "x" * 250 + "@b.dk"),
        ("phone", "1234"),
        ("phone", "\u0669\u0669\u0667\u0660\u0667\u0660\u0660\u0660"),
        ("choice", "other"),
        ("yes_no", "maybe"),
        ("yes_no", ""),
        ("consent", "on"),
        ("consent", ""),
    ],
)
def test_what_cannot_be_read_gets_a_message_that_names_the_field(form, field, kind, typed):
    asked = field("answer", kind, "Dit svar", options=("a", "b") if kind == "choice" else ())
    state = form(asked).read(("answer", typed))
    assert state.values == {}
    assert "Dit svar" in state.errors["answer"]


@pytest.mark.parametrize("kind", ["text", "number", "choice", "yes_no", "consent", "date"])
def test_nothing_sent_is_required_or_simply_absent(form, field, kind):
    assert form(field("answer", kind)).read().errors.keys() == {"answer"}
    optional = form(field("answer", kind, required=False)).read()
    assert (optional.values, optional.errors) == ({}, {})


@pytest.mark.parametrize(
    ("kept", "chosen"), [(True, ["yes"]), (False, ["no"]), ("yes", []), (0, []), ([], [])]
)
def test_a_kept_yes_or_no_is_shown_and_nothing_else_is(form, field, kept, chosen):
    page = form(field("answer", "yes_no"))
    html = page.render(FormState(values={"answer": kept}, today=datetime.date(2026, 1, 1))).html
    found = BeautifulSoup(html, "html.parser").select("input[checked]")
    assert [one["value"] for one in found] == chosen


def test_number_limits_are_told(form, field):
    asked = form(field("answer", "number", settings={"min": 1, "max": 50}))
    assert "1 eller mere" in asked.read(("answer", "0")).errors["answer"]
    assert "50 eller mindre" in asked.read(("answer", "51")).errors["answer"]
    assert asked.read(("answer", "50")).values == {"answer": 50}


@pytest.mark.parametrize(
    ("parts", "value", "told"),
    [
        (("5", "2", "2024"), "2024-02-05", ""),
        (("29", "02", "2024"), "2024-02-29", ""),
        (("29", "2", "2023"), None, "findes ikke"),
        (("5", "", "2024"), None, "både dag, måned og år"),
        (("5", "2", "24"), None, "findes ikke"),
        (("5", "2-3", "2024"), None, "findes ikke"),
        (("\u0665", "2", "2024"), None, "findes ikke"),
        (("5", "2", "1899"), None, "1. januar 1900 eller senere"),
    ],
)
def test_a_date_is_day_month_year(form, field, parts, value, told):
    asked = form(field("born", "date", settings={"earliest": DateRule(datetime.date(1900, 1, 1))}))
    names = ("born.day", "born.month", "born.year")
    state = asked.read(*zip(names, parts, strict=True))
    assert state.values.get("born") == value
    assert told in state.errors.get("born", "")
    html = asked.render(state).html
    assert html.index("born.day") < html.index("born.month") < html.index("born.year")


def test_an_error_in_a_date_leads_to_the_input_that_is_wrong(form, field):
    asked = form(field("born", "date"))
    state = asked.read(("born.day", "5"), ("born.month", "13"), ("born.year", "2024"))
    (link,) = asked.render(state).error_links
    assert link[0] == "field-born-month"
    assert asked.render(state).html.count('aria-invalid="true"') == 1


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "Else", "Else"),
        ("number", 1999, "1999"),
        ("phone", "99707000", "99 70 70 00"),
        ("phone", "+468123456", "+468123456"),
        ("date", "2026-11-22", "22. november 2026"),
        ("choice", "lost", "Lost"),
        ("choice", "gone", ""),
        ("yes_no", False, "Nej"),
        ("consent", True, "Ja"),
        ("text", None, ""),
    ],
)
def test_a_value_is_shown_in_words(kinds, field, kind, value, shown):
    asked = field("answer", kind, options=("lost",) if kind == "choice" else ())
    assert kinds[kind].text(TextRequest(asked, value, "da", {})) == shown
