"""A table that asks about people: their data are opened wherever its outcome may matter."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.decision_tables import DecisionTable, TableRow
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.journey.telling_of_people import steps_that_tell_of_people
from selvbetjening_core.problems import Place

KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
PLACE = Place(Path("solution.toml"), 1)


@pytest.fixture
def telling(field, step):
    """The steps that tell of people where a table asks ``condition``."""

    def steps_of(condition):
        row = TableRow(datetime.date(2026, 1, 1), condition, outcome=True, place=PLACE)
        table = DecisionTable("decides", "yes_no", PLACE, rows=(row,))
        steps = (
            step(field("holder", "person"), name="who"),
            step(field("seats", "number"), name="how_many"),
            step(field("granted", "computed", settings={"table": table}), name="granted"),
        )
        return steps_that_tell_of_people(SimpleNamespace(steps=steps), KINDS)

    return steps_of


def test_a_table_about_somebodys_age_needs_it_everywhere(telling):
    age = Compare("holder.age", Operator.AT_LEAST, 18)
    assert telling(age) == {"who", "how_many", "granted"}
    assert telling(Compare("born", Operator.BELOW, DateRule("holder.born"))) == telling(age)


def test_a_table_about_something_else_does_not(telling):
    assert telling(Compare("seats", Operator.AT_LEAST, 2)) == {"who"}
