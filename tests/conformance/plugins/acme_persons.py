"""The register that the plugins here ask, and whom it knows."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from selvbetjening_core.testing import cases
from selvbetjening_core.testing.counterpart import Counterpart, Given
from selvbetjening_core.values import Child, CprNumber, Household, Person

ELSEWHERE = cases.another_person().address
CHILDREN = (
    Child(cases.a_child(), custody=True),
    Child(Person(CprNumber("0505239996"), "Aya Test", cases.an_address()), custody=False),
    Child(Person(CprNumber("0505209996"), "Rikke Test", ELSEWHERE), custody=True),
    Child(Person(CprNumber("0505109990"), "Gitte Test", None), custody=True),
    Child(
        Person(CprNumber("3101229995"), "Ali Test", cases.an_address(), protected=True),
        custody=True,
    ),
)
KNOWN = (
    Household(cases.a_person(), CHILDREN, "", cases.RECEIVED),
    Household(replace(cases.another_person(), protected=True), (), "", cases.RECEIVED),
)
UNKNOWN = CprNumber("0101010101")


class Persons(Counterpart):
    def handle(self, asked):
        cpr = CprNumber(json.loads(asked.body)["cpr"])
        for household in KNOWN:
            if household.person.cpr == cpr:
                children = [
                    {**written(child.person), "custody": child.custody}
                    for child in household.children
                ]
                data = {"person": written(household.person), "children": children}
                return Given(200, json.dumps(data).encode())
        return Given(404)


def written(person):
    return {
        "cpr": person.cpr.reveal(),
        "name": person.name,
        "address": person.address and asdict(person.address),
        "protected": person.protected,
    }
