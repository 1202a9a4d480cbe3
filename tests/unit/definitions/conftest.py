from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems

TODAY = datetime.date(2024, 6, 1)
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}

HEAD = """
[solution]
version  = "1"
title.da = "En løsning"
kle      = "29"
minutes  = 5
level    = "low"
may_act  = ["self"]

[[law]]
title      = "En lov"
valid_from = 2020-01-01

[retention]
draft_days     = 30
delivered_days = 90

[text]
purpose.da     = "Hvad den er til."
alternative.da = "En anden vej ind."
after.da       = "Hvad der sker nu."

[[destination]]
role = "case_system"
"""

CAUSE = """
[step.cause]
title.da = "Hvorfor?"

[step.cause.cause]
kind     = "choice"
label.da = "Årsag"
options  = ["lost", "damaged", "moved"]

[step.cause.cause.option]
lost.da    = "Væk"
damaged.da = "I stykker"
moved.da   = "Flyttet"
"""

ANSWERS = """
[step.more]
title.da = "Mere"

[step.more.count]
kind     = "number"
label.da = "Hvor mange?"

[step.more.sure]
kind     = "yes_no"
label.da = "Sikker?"

[step.more.note]
kind     = "text"
required = false
label.da = "Bemærkning"
"""


class Definition:
    def __init__(self, folder, text, today):
        self.file = folder / "solution.toml"
        self.file.write_text(text, encoding="utf-8")
        self.text = text
        self.problems = Problems()
        self.solution = read_solution(folder, KINDS, today, self.problems)

    @property
    def codes(self):
        return [one.code for one in self.problems]

    @property
    def lines(self):
        """Each problem's code, and the line of the text it is about."""
        rows = ["", *self.text.split("\n")]
        return [(one.code, rows[one.place.line]) for one in self.problems]


@pytest.fixture
def define(tmp_path):
    """Read a definition: the usual head, and what is given."""

    def read(*parts, head=HEAD, name="en_solution", today=TODAY):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        return Definition(folder, "\n".join([head, *parts]), today)

    return read


@pytest.fixture
def asking(define):
    """Read a definition whose last field is shown on ``condition``."""

    def read(condition, steps=CAUSE + ANSWERS):
        last = f'\n[step.last]\ntitle.da = "Sidst"\nvisible = {condition}\n'
        field = '\n[step.last.last]\nkind = "text"\nlabel.da = "Sidst"\n'
        return define(steps, last, field)

    return read


@pytest.fixture
def priced(define):
    """Read a definition with price rows: (valid_from, when, amount, more lines)."""

    def read(*rows, steps=CAUSE, today=TODAY, parts=""):
        return define(steps, parts, *(price_row(*row) for row in rows), today=today)

    return read


def price_row(since, when, amount, more=""):
    condition = f"when       = {when}\n" if when else ""
    return (
        f'[[price]]\nvalid_from = {since}\n{condition}amount     = "{amount}"\n'
        f'text.da    = "En pris"\n{more}'
    )


@pytest.fixture(scope="session")
def parts():
    return {"head": HEAD, "cause": CAUSE, "answers": ANSWERS}
