"""Agreements about staff: read from two files, checked one against the other."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import survey
from selvbetjening_core.values import StaffRole
from selvbetjening_demo.folder import prepare_folder

TODAY = datetime.date(2026, 3, 1)
TERMS = 'roles = ["operator"]\nfrom = 2026-01-01\nuntil = 2026-12-31\n'


@pytest.fixture
def plan_of(tmp_path):
    """What comes of the demo, with more in the two files; and the problems of agreements."""
    folder = prepare_folder(tmp_path / "demo")

    def plan(mors="", aarhus=""):
        for code, more in (("0773", mors), ("0751", aarhus)):
            with (folder / "municipalities" / f"{code}.toml").open("a", encoding="utf-8") as file:
                file.write(f"\n{more}")
        found, problems = survey(folder / "selvbetjening.toml", register_core, TODAY)
        told = [(one.code, one.place.path) for one in problems if "staff_" in one.place.path]
        return found, told

    return plan


def test_what_both_say_counts(plan_of):
    found, told = plan_of(f"[staff_from.0751]\n{TERMS}", f"[staff_to.0773]\n{TERMS}")
    assert told == []
    agreement = found.municipalities["0773"].visitors["0751"]
    assert (agreement.name, agreement.roles) == ("Aarhus Kommune", {StaffRole.OPERATOR})
    assert agreement.holds_on(TODAY)
    assert not agreement.holds_on(datetime.date(2027, 1, 1))
    # It is no agreement the other way round.
    assert found.municipalities["0751"].visitors == {}


def test_what_differs_is_told_and_the_least_counts(plan_of):
    theirs = TERMS.replace("2026-01-01", "2026-02-01").replace("2026-12-31", "2026-06-30")
    found, told = plan_of(f"[staff_from.0751]\n{TERMS}", f"[staff_to.0773]\n{theirs}")
    assert told == [("agreement-differs", "staff_from.0751")]
    agreement = found.municipalities["0773"].visitors["0751"]
    days = agreement.first_day, agreement.last_day
    assert days == (datetime.date(2026, 2, 1), datetime.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("mors", "aarhus", "told"),
    [
        (f"[staff_from.0751]\n{TERMS}", "", "staff_from.0751"),
        ("", f"[staff_to.0773]\n{TERMS}", "staff_to.0773"),
        # Both want to serve the other's citizens: nobody said that they may.
        (f"[staff_to.0751]\n{TERMS}", "", "staff_to.0751"),
        (f"[staff_from.0851]\n{TERMS}", "", "staff_from.0851"),
    ],
)
def test_which_side_is_missing_is_told(plan_of, mors, aarhus, told):
    found, problems = plan_of(mors, aarhus)
    assert problems == [("agreement-one-sided", told)]
    assert all(file.visitors == {} for file in found.municipalities.values())


@pytest.mark.parametrize(
    "table",
    [
        f"[staff_from.0773]\n{TERMS}",
        f"[staff_from.9999]\n{TERMS}",
        f"[staff_from.0751]\n{TERMS.replace('operator', 'mayor')}",
        f"[staff_from.0751]\n{TERMS.replace('2026-12-31', '2025-12-31')}",
    ],
)
def test_what_cannot_be_an_agreement(plan_of, table):
    found, told = plan_of(table, f"[staff_to.0773]\n{TERMS}")
    assert "bad-agreement" in [code for code, _ in told]
    assert found.municipalities["0773"].visitors == {}


@pytest.mark.parametrize("missing", ["roles", "from", "until"])
def test_an_agreement_says_everything(plan_of, missing):
    terms = "\n".join(line for line in TERMS.splitlines() if not line.startswith(missing))
    found, told = plan_of(f"[staff_from.0751]\n{terms}\n", f"[staff_to.0773]\n{TERMS}")
    assert "missing-key" in [code for code, _ in told]
    assert found.municipalities["0773"].visitors == {}
