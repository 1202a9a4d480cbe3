"""``why``: facts about a made-up installation."""

from __future__ import annotations

import functools
import inspect

import pytest

from selvbetjening_core.composition.why import why
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.interfaces import IPayment


def line_of(file, text):
    rows = file.read_text(encoding="utf-8").split("\n")
    return f"{file}:{rows.index(text) + 1}"


def test_who_answers_and_where_that_is_said(installation, make):
    file = installation.municipality("0773")
    found = why(installation.plan(), "payment", "0773", "permit")
    answer = found.answers
    assert (answer.role, answer.component, answer.plugin) == ("payment", "card", "card")
    assert (answer.version, answer.scope) == ("1.0", "all solutions")
    assert answer.bound == line_of(file, 'payment     = "card"')
    assert answer.configured == line_of(file, "[component.card]")
    source, line = inspect.getsourcefile(make.Card), inspect.getsourcelines(make.Card)[1]
    assert answer.code == f"{source}:{line}"
    assert found.hides == ()


def test_what_is_hidden(installation):
    file = installation.municipality("0773", more='[solutions.permit.roles]\npayment = "mobile"\n')
    found = why(installation.plan(), "payment", "0773", "permit")
    assert (found.answers.component, found.answers.scope) == ("mobile", 'the solution "permit"')
    assert found.answers.bound == line_of(file, 'payment = "mobile"')
    (hidden,) = found.hides
    assert (hidden.component, hidden.scope) == ("card", "all solutions")
    assert hidden.bound == line_of(file, 'payment     = "card"')


def test_code_that_has_no_source_is_where_it_was_offered(installation, make):
    offering = make.offering(IPayment, functools.partial(make.Card))
    installation.plugin("other_card", offering)
    installation.plugin_set()
    installation.change("municipalities/0773.toml", 'plugin = "card"', 'plugin = "other_card"')
    found = why(installation.plan(), "payment", "0773", "permit")
    assert "conftest.py:" in found.answers.code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("paymnt", "0773", "permit"), 'did you mean "payment"?'),
        (("payment", "0737", "permit"), 'did you mean "0773"?'),
        (("payment", "0773", "premit"), 'did you mean "permit"?'),
        (("colour", "0773", "permit"), "there is: identity, register, receipt, payment"),
        (("payment", "Mors", "permit"), "there is: 0751, 0773"),
    ],
)
def test_what_there_is_not(installation, arguments, told):
    with pytest.raises(ComponentMissing) as caught:
        why(installation.plan(), *arguments)
    assert told in str(caught.value)
