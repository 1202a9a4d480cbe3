"""A case as the receipt's template needs it: words, in order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from selvbetjening_core.values import (
    Answer,
    CaseSnapshot,
    Contact,
    CprNumber,
    Parties,
    PaymentSummary,
    Person,
)
from selvbetjening_html_receipt.danish_time import amount, in_iso, in_words
from selvbetjening_html_receipt.texts import language, texts


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, as people and as machines read it."""

    words: str
    iso: str


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. ``origin`` says where it came from, if not from the citizen."""

    label: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one step."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acted, for whom, and how that was known."""

    actor: str
    principal: str
    basis: str
    level: str
    channel: str


@dataclass(frozen=True, slots=True)
class Paid:
    """The price, and how it was paid. ``amount`` is empty for what was free."""

    text: str
    amount: str
    method: str
    reference: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything on a receipt. Personal data throughout."""

    number: str
    id: str
    title: str
    version: str
    kle: str
    authority: str
    municipality_code: str
    contact: Contact
    received: Moment
    acting: Acting
    groups: tuple[Group, ...]
    paid: Paid
    after: str
    correct: str
    privacy: str


def content_of(case: CaseSnapshot) -> Content:
    """What the receipt of ``case`` says."""
    locale = language(case.locale)
    return Content(
        number=case.receipt_number,
        id=case.submission_id,
        title=case.title,
        version=case.definition_version,
        kle=case.kle,
        authority=case.authority,
        municipality_code=case.municipality_code,
        contact=case.contact,
        received=_moment(case.received_at, locale),
        acting=_acting(case.parties, locale),
        groups=tuple(
            Group(group.title, tuple(_line(answer, locale) for answer in group.answers))
            for group in case.groups
        ),
        paid=_paid(case.payment, locale),
        after=case.texts.get("after", ""),
        correct=case.texts.get("correct", ""),
        privacy=case.texts.get("privacy", ""),
    )


def masked(cpr: CprNumber) -> str:
    """The date of birth, and nothing of the last four digits."""
    return f"{cpr.reveal()[:6]}-xxxx"


def _moment(moment: datetime.datetime, locale: str) -> Moment:
    return Moment(in_words(moment, locale), in_iso(moment))


def _line(answer: Answer, locale: str) -> Line:
    if not answer.source:
        return Line(answer.label, answer.text, "")
    t = texts(locale)
    if answer.retrieved_at is None:
        return Line(answer.label, answer.text, f"{t['from']} {answer.source}")
    when = in_words(answer.retrieved_at, locale)
    return Line(answer.label, answer.text, f"{t['from']} {answer.source}, {when}")


def _acting(parties: Parties, locale: str) -> Acting:
    t = texts(locale)
    return Acting(
        actor=f"{parties.actor.name}, {masked(parties.actor.cpr)}",
        principal=_principal(parties, t["protected"]),
        basis=t[f"basis_{parties.basis}"],
        level=t[f"level_{parties.level.name.lower()}"],
        channel=t[f"channel_{parties.channel}"],
    )


def _principal(parties: Parties, protected: str) -> str:
    person: Person = parties.principal
    # A protected person's name is never shown to anybody else, and the actor
    # is who reads this.
    shown = person.cpr == parties.actor.cpr or not person.protected
    return f"{person.name if shown else protected}, {masked(person.cpr)}"


def _paid(payment: PaymentSummary, locale: str) -> Paid:
    return Paid(
        text=payment.text,
        amount=amount(payment.amount, locale) if payment.amount.ore else "",
        method=payment.method,
        reference=payment.provider_reference,
        at=None if payment.paid_at is None else _moment(payment.paid_at, locale),
    )
