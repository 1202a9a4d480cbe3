"""Ready-made values for tests: cases, parcels, orders, people.

Everybody here is one of MedCom's official test persons (hl7dk/dk-core, CC0-1.0).
Nobody real has their numbers; never use a real person's in a test.
"""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from selvbetjening_core.values import (
    Address,
    Answer,
    AnswerGroup,
    AssuranceLevel,
    Attachment,
    Basis,
    CaseSnapshot,
    Channel,
    Child,
    Contact,
    CprNumber,
    Document,
    Household,
    Identity,
    Message,
    Money,
    Parcel,
    Parties,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentSummary,
    Person,
)

RECEIVED = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)
"""When the case was received, unless a test says otherwise."""

PDF = (
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def an_address() -> Address:
    """Where the people of these cases live."""
    return Address("home", ("Testpark Allé 48", "3400 Hillerød"), "0219")


def a_person() -> Person:
    """A grown-up: Kirsten Test Berggren."""
    return Person(CprNumber("2911829996"), "Kirsten Test Berggren", an_address())


def a_child() -> Person:
    """Her son, at the same address: Lars Test Berggren."""
    return Person(CprNumber("0505159995"), "Lars Test Berggren", an_address())


def another_person() -> Person:
    """Somebody unrelated: Nancy Ann Test Berggren."""
    address = Address("aarhus", ("Testjulianevej 3", "8000 Aarhus C"), "0751")
    return Person(CprNumber("2512489996"), "Nancy Ann Test Berggren", address)


def a_household() -> Household:
    """What a register answers about :func:`a_person`."""
    return Household(a_person(), (Child(a_child(), custody=True),), "Test", RECEIVED)


def an_identity(person: Person | None = None) -> Identity:
    """A login that the core has accepted."""
    somebody = person or a_person()
    return Identity(
        cpr=somebody.cpr,
        name=somebody.name,
        level=AssuranceLevel.SUBSTANTIAL,
        issuer="https://login.example",
        component="login",
        logged_in_at=RECEIVED - datetime.timedelta(minutes=10),
    )


def a_case(**changes: Any) -> CaseSnapshot:
    """A case that a mother sends for her child, paid for.

    :param changes: fields to put in place of the ready-made ones
    """
    case = CaseSnapshot(
        submission_id="0f8f7a6e-8f3e-4a0b-9a53-8f8f5b3b1c11",
        receipt_number="MORS-4F7K-2Q",
        solution="sundhedskort",
        definition_version="2026.1",
        title="Bestil nyt sundhedskort",
        municipality_code="0773",
        authority="Morsø Kommune",
        contact=Contact("99 70 70 00", "borger@mors.example", "Man-tors 9-15", "Jernbanevej 7"),
        kle="29",
        locale="da",
        received_at=RECEIVED,
        parties=Parties(
            a_person(), a_child(), Basis.CUSTODY, AssuranceLevel.SUBSTANTIAL, Channel.SELF_SERVICE
        ),
        groups=_answers(),
        payment=PaymentSummary(
            Money(22500), "Gebyr for nyt sundhedskort", "Dankort", "pay-17", RECEIVED
        ),
        texts={
            "after": "Du får kortet med posten inden for 2 uger.",
            "correct": "Ring til os, hvis noget er forkert.",
            "privacy": "Vi bruger oplysningerne til at bestille kortet.",
        },
    )
    return replace(case, **changes)


def _answers() -> tuple[AnswerGroup, ...]:
    home = "\n".join(an_address().lines)
    read = RECEIVED - datetime.timedelta(minutes=7)
    return (
        AnswerGroup(
            "person",
            "Hvem skal have kortet?",
            (
                Answer("holder", "Kortet er til", a_child().name, "child-1"),
                Answer("address", "Adresse", home, None, "Folkeregisteret (test)", read),
            ),
        ),
        AnswerGroup(
            "reason",
            "Hvorfor har du brug for et nyt kort?",
            (
                Answer("cause", "Årsag", "Det er blevet væk", "lost"),
                Answer("remark", "Bemærkning", 'Æblegrød & "rødgrød" <æøå> 100 %', "Æblegrød"),
            ),
        ),
    )


def a_document(name: str = "kvittering.pdf") -> Document:
    """A receipt, as small as one can be."""
    return Document(name, "application/pdf", PDF)


def an_attachment(name: str = "billede af Lars.png", content: bytes = b"\x89PNG") -> Attachment:
    """A file that a citizen sent along; its name is personal data."""
    return Attachment(
        name=name,
        media_type="image/png",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        open=lambda: io.BytesIO(content),
    )


def a_parcel(key: str = "key-1", *, seconds: float = 10.0, **changes: Any) -> Parcel:
    """A case packed for one destination, with a receipt of its own number.

    :param seconds: how long the attempt may take, from now
    :param changes: fields to put in place of the ready-made ones
    """
    deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    mark = hashlib.sha256(key.encode()).hexdigest()
    parcel = Parcel(
        key=key,
        destination="case_system",
        attempt=1,
        deadline=deadline,
        case=a_case(submission_id=mark[:32], receipt_number=f"MORS-{mark[:8].upper()}"),
        documents=(a_document(),),
    )
    return replace(parcel, **changes)


def an_order(key: str = "key-1", **changes: Any) -> PaymentOrder:
    """An amount to collect: 225 kroner.

    :param changes: fields to put in place of the ready-made ones
    """
    order = PaymentOrder(
        key=key,
        reference=f"MORS-{hashlib.sha256(key.encode()).hexdigest()[:8].upper()}",
        amount=Money(22500),
        text="Gebyr for nyt sundhedskort",
        return_url="https://selvbetjening.mors.example/sundhedskort/payment/return",
        message_url="https://selvbetjening.mors.example/-/messages/card",
        locale="da",
    )
    return replace(order, **changes)


def a_change(
    payment: PaymentRef, change_key: str = "change-1", amount: Money | None = None
) -> PaymentChange:
    """A capture, cancellation or refund of ``payment``, of the whole amount of :func:`an_order`."""
    return PaymentChange(payment, change_key, Money(22500) if amount is None else amount)


def a_message(body: bytes = b"", headers: Mapping[str, str] | None = None) -> Message:
    """Something that was posted to a component's address for messages."""
    return Message(
        url="https://selvbetjening.mors.example/-/messages/card",
        method="POST",
        query={},
        headers={"content-type": "application/json", **(headers or {})},
        body=body,
        received_at=datetime.datetime.now(datetime.UTC),
    )
