"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``persons.py``, and let it do what Acme really does.

The people are a few of MedCom's official test persons. Never use a real number.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.values import Address, Child, CprNumber, Household, Person

TOKEN = "let me in"
UNKNOWN = CprNumber("1502779995")

_HILLEROD = Address("17", ("Testpark Allé 48", "3400 Hillerød"), "0219")
_AARHUS = Address("42", ("Testjulianevej 3", "8000 Aarhus C"), "0751")
_KIRSTEN = Person(CprNumber("2911829996"), "Kirsten Test Berggren", _HILLEROD)
_LARS = Person(CprNumber("0505159995"), "Lars Test Berggren", _HILLEROD)
_RIKKE = Person(CprNumber("0505209996"), "Rikke Test Berggren", _AARHUS)
_NANCY = Person(CprNumber("2512489996"), "Nancy Ann Test Berggren", _AARHUS, protected=True)
_THEN = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)

KNOWN = (
    Household(_KIRSTEN, (Child(_LARS, custody=True), Child(_RIKKE, custody=False)), "Acme", _THEN),
    Household(_NANCY, (), "Acme", _THEN),
)


class AcmeCounterpart(Counterpart):
    """A register of four people."""

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Given(401)
        if (asked.method, asked.path) != ("POST", "/persons"):
            return Given(404)
        number = json.loads(asked.body)["cpr"]
        for household in KNOWN:
            if household.person.cpr.reveal() == number:
                body = json.dumps(_household(household)).encode()
                return Given(200, body, {"Content-Type": "application/json"})
        return Given(404)


def _household(household: Household) -> dict[str, Any]:
    children = [{**_person(child.person), "custody": child.custody} for child in household.children]
    return {**_person(household.person), "children": children}


def _person(person: Person) -> dict[str, Any]:
    address = person.address
    return {
        "cpr": person.cpr.reveal(),
        "name": person.name,
        "protected": person.protected,
        "address": address
        and {
            "key": address.key,
            "lines": address.lines,
            "municipality": address.municipality_code,
        },
    }
