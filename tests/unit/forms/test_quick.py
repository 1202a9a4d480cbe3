"""The quick ways of reading and showing a field give what the others give."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from selvbetjening_core.forms import quick
from selvbetjening_core.values import FormState, Submitted

TODAY = datetime.date(2026, 11, 22)
KINDS = {
    "amount": "1250.50",
    "bank_account": None,
    "choice": "a",
    "consent": True,
    "cpr": "2512489996",
    "email": "borger@eksempel.dk",
    "long_text": "En\nto",
    "number": 7,
    "phone": "99707000",
    "postcode": "7900",
    "text": 'Æ & "B"',
    "time": "14:30",
    "yes_no": False,
}
SENT = (
    None,
    "",
    "  ",
    "a",
    "true",
    "yes",
    "7",
    " 7 ",
    "7900",
    "+45 99 70 70 00",
    "251248-9996",
    "991248-9996",
    "14.30",
    "1.250,50",
    "borger@eksempel.dk",
    'Æ & "B" <',
    "\u202eA",
    "\u200b",
    "A\r\nB",
    "A" * 300,
    "A" * 5000,
    "A" * 25000,
)


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


@pytest.fixture(params=[True, False])
def page(request, form, field, kind):
    """A step with one field of the kind, required or not."""
    more = {"options": ("a", "b")} if kind == "choice" else {}
    return form(field("asked", kind, "Spørgsmål", required=request.param, **more)).compiled


def slowly(page):
    """The same step without its quick ways."""
    page._still = None
    page._questions = tuple(
        dataclasses.replace(one, quick=None, slot=None, html=None) for one in page._questions
    )
    page._runs = ((False, page._questions),)


def read(page):
    return [
        page.read(Submitted((("asked", text),) if text is not None else (), TODAY)) for text in SENT
    ]


def shown(page, kind):
    kept = (KINDS[kind], None, "", "æ", 3, True, ["a"], "2512489996", "x" * 300)
    states = [FormState({"asked": value}, today=TODAY) for value in kept]
    aside = FormState(set_aside={"asked": KINDS[kind]}, today=TODAY)
    return [page.render(state) for state in (*states, aside, FormState(today=TODAY))]


def test_it_is_read_and_shown_as_without_the_quick_ways(page, kind):
    quickly = read(page), shown(page, kind)
    slowly(page)
    assert quickly == (read(page), shown(page, kind))


def test_the_quick_way_of_reading_is_taken(page, kind):
    takes = page._questions[0].quick is not None
    assert takes is (kind != "bank_account")


def test_another_way_of_reading_would_be_noticed(form, field, monkeypatch):
    """Control: the quick way leaves out the validator."""

    def unchecked(view, _cut):
        return lambda text: view.node.typ.deserialize(view.node, text)

    monkeypatch.setattr(quick, "_value_of", unchecked)
    page = form(field("asked", "text", "Spørgsmål")).compiled
    with pytest.raises(AssertionError):
        test_it_is_read_and_shown_as_without_the_quick_ways(page, "text")
