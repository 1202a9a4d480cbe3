"""A case as a receipt tells it: words, in order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from selvbetjening_core.receipts.data import masked, may_be_named
from selvbetjening_core.receipts.words import language, words
from selvbetjening_core.texts import fill
from selvbetjening_core.texts.formats import DANISH_TIME, amount, long_time
from selvbetjening_core.values import (
    Answer,
    CaseSnapshot,
    Contact,
    Parties,
    PaymentSummary,
    Person,
)


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
    """Who acted, for whom, and how that was known.

    ``vouched_by`` is a sentence, empty where an identity provider stood for the login.
    """

    actor: str
    principal: str
    basis: str
    level: str
    channel: str
    vouched_by: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """The price, and how it was paid. ``method`` is empty for what was free."""

    text: str
    amount: str
    method: str
    reference: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything on a receipt. Personal data throughout.

    CPR numbers are masked, and a protected person is named to nobody else.
    """

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
    """What the receipt of ``case`` says, in the language of the case."""
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
        acting=_acting(case.parties, words(locale)),
        groups=tuple(
            Group(group.title, tuple(_line(answer, locale) for answer in group.answers))
            for group in case.groups
        ),
        paid=_paid(case.payment, locale),
        after=case.texts.get("after", ""),
        correct=case.texts.get("correct", ""),
        privacy=case.texts.get("privacy", ""),
    )


def _moment(moment: datetime.datetime, locale: str) -> Moment:
    iso = moment.astimezone(DANISH_TIME).isoformat(timespec="seconds")
    return Moment(long_time(moment, locale), iso)


def _line(answer: Answer, locale: str) -> Line:
    if not answer.source:
        return Line(answer.label, answer.text, "")
    origin = f"{words(locale)['from']} {answer.source}"
    if answer.retrieved_at is not None:
        origin = f"{origin}, {long_time(answer.retrieved_at, locale)}"
    return Line(answer.label, answer.text, origin)


def _acting(parties: Parties, t: dict[str, str]) -> Acting:
    return Acting(
        actor=_named(parties.actor, parties, t),
        principal=_named(parties.principal, parties, t),
        # Of somebody whom nobody knows, nobody can say it.
        basis=t[f"basis_{parties.basis}"] if parties.actor else "",
        level=t[f"level_{parties.level_word}"],
        channel=t[f"channel_{parties.channel}"],
        vouched_by=fill(t["vouched"], {"host": parties.vouched_by}) if parties.vouched_by else "",
    )


def _named(person: Person | None, parties: Parties, t: dict[str, str]) -> str:
    if person is None:
        return t["unidentified"]
    name = person.name if may_be_named(person, parties) else t["protected"]
    return f"{name}, {masked(person.cpr)}"


def _paid(payment: PaymentSummary, locale: str) -> Paid:
    return Paid(
        text=payment.text,
        amount=amount(payment.amount, locale),
        method=payment.method,
        reference=payment.provider_reference,
        at=None if payment.paid_at is None else _moment(payment.paid_at, locale),
    )
