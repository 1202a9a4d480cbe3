"""A negative control from the wild: what a form library makes by itself breaks most rules."""

from __future__ import annotations

import colander
import deform
import pytest

from selvbetjening_core.testing.pages import Expected, PageKind, breaches

# What was measured by hand before there were rules, and the rule that finds each.
MEASURED = {
    "invalid fields lack aria-invalid": "error-invalid",
    "invalid fields lack aria-describedby": "described-by",
    "the error text stands after the control": "error-place",
    "the error text does not begin with Fejl:": "error-prefix",
    "no error summary with links": "summary-present",
    "radio buttons without fieldset and legend": "group-fieldset",
    "a label for nothing": "label-for",
    "month and day without a label": "control-labelled",
    "English words": "foreign-words",
    "stock sentences": "stock-sentences",
    "year before month before day": "date-order",
    "no autocomplete on the citizen's own name": "autocomplete",
}


class Schema(colander.Schema):
    name = colander.SchemaNode(colander.String(), title="Dit navn")
    email = colander.SchemaNode(colander.String(), validator=colander.Email(), title="Din e-mail")
    cause = colander.SchemaNode(
        colander.String(),
        title="Grund",
        widget=deform.widget.RadioChoiceWidget(values=[("a", "A"), ("b", "B")]),
    )
    day = colander.SchemaNode(
        colander.Date(), title="Gyldig fra", widget=deform.widget.DatePartsWidget()
    )
    copies = colander.SchemaNode(colander.Int(), title="Antal")


def refused(sent):
    """The stock page after ``sent`` was refused."""
    form = deform.Form(Schema(), buttons=("submit",))
    with pytest.raises(deform.ValidationFailure) as failure:
        form.validate(sent)
    return failure.value.render()


def broken(html):
    expected = Expected(locale="da", errors=True)
    return {one.rule.split()[-1] for one in breaches(html, PageKind.FRAGMENT, expected)}


@pytest.mark.parametrize("told", MEASURED)
def test_the_rules_find_what_was_measured(told):
    assert MEASURED[told] in broken(refused([]))


def test_a_crafted_answer_makes_it_speak_of_its_inside():
    crafted = [("__start__", "name:mapping"), ("a", "b"), ("__end__", "name:mapping")]
    html = refused(crafted)
    assert "Pstruct is not a string" in html
    assert {"internal-words", "stock-sentences"} <= broken(html)


def test_what_it_does_well_is_not_found():
    assert not {"no-placeholder", "nothing-disabled", "unique-ids"} & broken(refused([]))
