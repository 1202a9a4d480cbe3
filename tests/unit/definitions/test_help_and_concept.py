"""``help`` and ``concept`` of a field, read and checked."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.model import Text

STEP = '[step.home]\ntitle.da = "Bolig"\n'


def asked(name="rent", keys="", kind='"text"'):
    return f'\n[step.home.{name}]\nkind = {kind}\nlabel.da = "Husleje"\n{keys}\n'


def test_a_field_has_help_and_a_concept(define):
    found = define(STEP, asked(keys='help.da = "Se kontrakten."\nconcept = "FORM.Bolig.2"'))
    assert found.codes == []
    (field,) = found.solution.fields()
    assert (field.help, field.concept) == (Text({"da": "Se kontrakten."}), "FORM.Bolig.2")


def test_both_may_be_left_out(define):
    (field,) = define(STEP, asked()).solution.fields()
    assert (field.help, field.concept) == (None, "")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ('concept = "bolig leje"', "bad-concept"),
        ('concept = "bolig..leje"', "bad-concept"),
        ('concept = ".bolig"', "bad-concept"),
        ('concept = "bølig"', "bad-concept"),
        (f'concept = "{"a" * 101}"', "bad-concept"),
        ('concept = ""', "empty-text"),
        ("concept = 7", "wrong-type"),
        ('help = "Se kontrakten."', "text-without-language"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(define, keys, code):
    assert define(STEP, asked(keys=keys)).lines == [(code, keys)]


def test_nobody_is_asked_twice(define):
    twice = [asked(name, 'concept = "bolig.leje"') for name in ("rent", "rent_again")]
    assert define(STEP, *twice).lines == [("concept-asked-twice", 'concept = "bolig.leje"')]
    other = asked("rent_again", 'concept = "bolig.areal"')
    assert define(STEP, twice[0], other).codes == []


@pytest.mark.parametrize("key", ['help.da = "Hjælp"', 'concept = "bolig.leje"'])
def test_what_takes_no_answer_has_neither(define, key):
    told = asked("told", key, kind='"message"')
    assert define(STEP, asked(), told).codes == ["unknown-key"]


def test_what_is_derived_has_a_concept_and_no_help(define):
    fixed = asked("form", 'value = "A"\nconcept = "blanket"', kind='"fixed"')
    assert define(STEP, asked(), fixed).codes == []
    helped = asked("form", 'value = "A"\nhelp.da = "Hjælp"', kind='"fixed"')
    assert define(STEP, asked(), helped).codes == ["unknown-key"]


def test_options_that_may_be_fewer_than_must_be_chosen(define, parts):
    def chosen(least, when):
        return define(
            parts["cause"],
            '[step.aids]\ntitle.da = "Hjælp"\n[step.aids.aids]\nkind = "choices"\n'
            f'label.da = "Hvad?"\noptions = ["a", "b", "c"]\nat_least = {least}\n'
            '[step.aids.aids.option]\na.da = "A"\nb.da = "B"\nc.da = "C"\n'
            + (f"c.when = {when}\n" if when else ""),
        ).lines

    assert chosen(3, '{ cause = "lost" }') == [("keys-at-odds", "at_least = 3")]
    assert chosen(2, '{ cause = "lost" }') == []
    assert chosen(3, "") == []
