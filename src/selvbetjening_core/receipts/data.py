"""A case as JSON data that may leave the house with a receipt."""

from __future__ import annotations

from typing import Any

from selvbetjening_core.values import CaseSnapshot, CprNumber, Parties, Person
from selvbetjening_core.values.case_json import case_to_json


def receipt_data(case: CaseSnapshot) -> dict[str, Any]:
    """The case as its receipt may tell it, in the format of a stored case.

    It says what the receipt shows and no more: CPR numbers are masked, the
    addresses a register knows are left out, and a protected person is named to
    nobody else. Where nobody logged in, there is nobody to name. Answers are exact, each
    with its value. Personal data.
    """
    data = case_to_json(case)
    for party, person in zip(("actor", "principal"), case.parties.persons(), strict=False):
        data["parties"][party] |= _shown(person, case.parties)
    for group, told in zip(case.groups, data["groups"], strict=True):
        for answer, written in zip(group.answers, told["answers"], strict=True):
            for one, of_person in zip(answer.persons, written.get("persons", ()), strict=True):
                of_person["person"] |= _shown(one.person, case.parties)
    return data


def masked(cpr: CprNumber) -> str:
    """The date of birth, and nothing of the last four digits."""
    return f"{cpr.reveal()[:6]}-xxxx"


def may_be_named(person: Person, parties: Parties) -> bool:
    """Whether the actor, who reads the receipt, may see the name of ``person``."""
    actor = parties.actor
    return (actor is not None and person.cpr == actor.cpr) or not person.protected


def _shown(person: Person, parties: Parties) -> dict[str, Any]:
    return {
        "cpr": masked(person.cpr),
        "name": person.name if may_be_named(person, parties) else "",
        "address": None,
    }
