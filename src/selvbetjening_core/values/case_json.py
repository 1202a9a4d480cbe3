"""A case as JSON data, and back: one format for the store and for destinations.

The format is versioned by ``"format": 1``. Keys are only ever added. CPR
numbers are in the clear here: whoever writes the result down decides where.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from selvbetjening_core.values.case import (
    Answer,
    AnswerGroup,
    AnswerPerson,
    CaseSnapshot,
    Contact,
    Parties,
    PaymentSummary,
)
from selvbetjening_core.values.cpr import CprNumber
from selvbetjening_core.values.identity import (
    WITHOUT_LOGIN,
    AssuranceLevel,
    Basis,
    Channel,
    Citizen,
    Guest,
    GuestId,
    Identity,
)
from selvbetjening_core.values.money import Money
from selvbetjening_core.values.person import Address, Child, Household, Person

FORMAT = 1


def case_to_json(case: CaseSnapshot) -> dict[str, Any]:
    """The case as JSON data. Personal data throughout."""
    return {
        "format": FORMAT,
        "submission_id": case.submission_id,
        "receipt_number": case.receipt_number,
        "solution": case.solution,
        "definition_version": case.definition_version,
        "title": case.title,
        "municipality_code": case.municipality_code,
        "authority": case.authority,
        "contact": {
            "phone": case.contact.phone,
            "email": case.contact.email,
            "hours": case.contact.hours,
            "address": case.contact.address,
        },
        "kle": case.kle,
        "locale": case.locale,
        "received_at": case.received_at.isoformat(),
        "parties": _parties_to_json(case.parties),
        "groups": [_group_to_json(group) for group in case.groups],
        "payment": _payment_to_json(case.payment),
        "texts": dict(case.texts),
    }


def case_from_json(data: Mapping[str, Any]) -> CaseSnapshot:
    """The case that :func:`case_to_json` wrote."""
    return CaseSnapshot(
        submission_id=data["submission_id"],
        receipt_number=data["receipt_number"],
        solution=data["solution"],
        definition_version=data["definition_version"],
        title=data["title"],
        municipality_code=data["municipality_code"],
        authority=data["authority"],
        contact=Contact(**data["contact"]),
        kle=data["kle"],
        locale=data["locale"],
        received_at=datetime.datetime.fromisoformat(data["received_at"]),
        parties=_parties_from_json(data["parties"]),
        groups=tuple(_group_from_json(group) for group in data["groups"]),
        payment=_payment_from_json(data["payment"]),
        texts=dict(data["texts"]),
    )


def person_to_json(person: Person) -> dict[str, Any]:
    """A person as JSON data, the CPR number in the clear."""
    address = person.address
    return {
        "cpr": person.cpr.reveal(),
        "name": person.name,
        "protected": person.protected,
        "address": None
        if address is None
        else {
            "key": address.key,
            "lines": list(address.lines),
            "municipality_code": address.municipality_code,
        },
    }


def person_from_json(data: Mapping[str, Any]) -> Person:
    """The person that :func:`person_to_json` wrote."""
    address = data["address"]
    return Person(
        cpr=CprNumber(data["cpr"]),
        name=data["name"],
        protected=data["protected"],
        address=None
        if address is None
        else Address(address["key"], tuple(address["lines"]), address["municipality_code"]),
    )


def household_to_json(household: Household) -> dict[str, Any]:
    """A household as JSON data."""
    return {
        "person": person_to_json(household.person),
        "children": [
            {"person": person_to_json(child.person), "custody": child.custody}
            for child in household.children
        ],
        **(
            {"others": [person_to_json(other) for other in household.others]}
            if household.others
            else {}
        ),
        "source": household.source,
        "retrieved_at": household.retrieved_at.isoformat(),
    }


def household_from_json(data: Mapping[str, Any]) -> Household:
    """The household that :func:`household_to_json` wrote."""
    return Household(
        person=person_from_json(data["person"]),
        children=tuple(
            Child(person_from_json(child["person"]), child["custody"]) for child in data["children"]
        ),
        source=data["source"],
        retrieved_at=datetime.datetime.fromisoformat(data["retrieved_at"]),
        others=tuple(person_from_json(other) for other in data.get("others", ())),
    )


def identity_to_json(identity: Citizen) -> dict[str, Any]:
    """A login as JSON data, the CPR number in the clear; of a guest, whose drafts are theirs."""
    if isinstance(identity, Guest):
        return {"guest": identity.owner.text}
    return {
        "cpr": identity.cpr.reveal(),
        "name": identity.name,
        "level": identity.level.name.lower(),
        "issuer": identity.issuer,
        "component": identity.component,
        "logged_in_at": identity.logged_in_at.isoformat(),
        "vouched_by": identity.vouched_by,
    }


def identity_from_json(data: Mapping[str, Any]) -> Citizen:
    """What :func:`identity_to_json` wrote."""
    if "guest" in data:
        return Guest(GuestId(data["guest"]))
    return Identity(
        cpr=CprNumber(data["cpr"]),
        name=data["name"],
        level=AssuranceLevel[data["level"].upper()],
        issuer=data["issuer"],
        component=data["component"],
        logged_in_at=datetime.datetime.fromisoformat(data["logged_in_at"]),
        vouched_by=data.get("vouched_by", ""),
    )


def _parties_to_json(parties: Parties) -> dict[str, Any]:
    return {
        "actor": _party_to_json(parties.actor),
        "principal": _party_to_json(parties.principal),
        "basis": str(parties.basis),
        "level": parties.level_word,
        "channel": str(parties.channel),
        # Only where it says something: a case from before has the same check code.
        **({"vouched_by": parties.vouched_by} if parties.vouched_by else {}),
    }


def _party_to_json(person: Person | None) -> dict[str, Any] | None:
    return None if person is None else person_to_json(person)


def _parties_from_json(data: Mapping[str, Any]) -> Parties:
    level = data["level"]
    return Parties(
        actor=_party_from_json(data["actor"]),
        principal=_party_from_json(data["principal"]),
        basis=Basis(data["basis"]),
        level=None if level == WITHOUT_LOGIN else AssuranceLevel[level.upper()],
        channel=Channel(data["channel"]),
        vouched_by=data.get("vouched_by", ""),
    )


def _party_from_json(data: Mapping[str, Any] | None) -> Person | None:
    return None if data is None else person_from_json(data)


def _group_to_json(group: AnswerGroup) -> dict[str, Any]:
    return {
        "step": group.step,
        "title": group.title,
        "answers": [
            {
                "field": answer.field,
                "label": answer.label,
                "text": answer.text,
                "value": answer.value,
                "source": answer.source,
                "retrieved_at": _moment_to_json(answer.retrieved_at),
                # Only where there is one: a case from before has the same check code.
                **({"concept": answer.concept} if answer.concept else {}),
                **({"concepts": dict(answer.concepts)} if answer.concepts else {}),
                **({"persons": _persons_to_json(answer.persons)} if answer.persons else {}),
            }
            for answer in group.answers
        ],
    }


def _group_from_json(data: Mapping[str, Any]) -> AnswerGroup:
    return AnswerGroup(
        step=data["step"],
        title=data["title"],
        answers=tuple(
            Answer(
                field=answer["field"],
                label=answer["label"],
                text=answer["text"],
                value=answer["value"],
                source=answer["source"],
                retrieved_at=_moment_from_json(answer["retrieved_at"]),
                concept=answer.get("concept", ""),
                concepts=answer.get("concepts", {}),
                persons=_persons_from_json(answer.get("persons", ())),
            )
            for answer in data["answers"]
        ),
    )


def _persons_to_json(persons: tuple[AnswerPerson, ...]) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "basis": str(one.basis), "person": person_to_json(one.person)}
        for one in persons
    ]


def _persons_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[AnswerPerson, ...]:
    return tuple(
        AnswerPerson(one["key"], Basis(one["basis"]), person_from_json(one["person"]))
        for one in data
    )


def _payment_to_json(payment: PaymentSummary) -> dict[str, Any]:
    return {
        "ore": payment.amount.ore,
        "currency": payment.amount.currency,
        "text": payment.text,
        "method": payment.method,
        "provider_reference": payment.provider_reference,
        "paid_at": _moment_to_json(payment.paid_at),
    }


def _payment_from_json(data: Mapping[str, Any]) -> PaymentSummary:
    return PaymentSummary(
        amount=Money(data["ore"], data["currency"]),
        text=data["text"],
        method=data["method"],
        provider_reference=data["provider_reference"],
        paid_at=_moment_from_json(data["paid_at"]),
    )


def _moment_to_json(moment: datetime.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment_from_json(text: str | None) -> datetime.datetime | None:
    return None if text is None else datetime.datetime.fromisoformat(text)
