"""A submitted case, as the citizen saw it, and the documents made from it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.values.identity import WITHOUT_LOGIN, AssuranceLevel, Basis, Channel
from selvbetjening_core.values.money import Money
from selvbetjening_core.values.person import Person
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class AnswerPerson(Personal):
    """A person that an answer names: who it is, and on what basis the actor named them.

    ``key`` is what stands for the person in the answer's ``value``. Personal data.
    """

    key: str
    basis: Basis
    person: Person


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Personal):
    """One answer: the label as shown, the text as shown, and the data.

    ``value`` is JSON data (text, whole number, true/false, list, object, None).
    ``source`` names the register the value came from, empty when the citizen
    gave it; ``retrieved_at`` says when. ``concept`` is the id of what was asked
    about, the same in every solution that asks it; empty where none is given.
    ``concepts`` are those of the parts of a field that uses a group, by their names.
    ``persons`` are those that ``value`` names by their keys. Personal data.
    """

    field: str
    label: str
    text: str
    value: object
    source: str = ""
    retrieved_at: datetime.datetime | None = None
    concept: str = ""
    concepts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    persons: tuple[AnswerPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one step, under its title as shown."""

    step: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who acted, for whom, on what basis, how sure, through which channel.

    ``vouched_by`` names the site that vouched for the login, and is empty where an
    identity provider stood for it. Immutable in every submission, receipt and
    parcel. Of a guest nobody knows who it is: ``actor``, ``principal`` and ``level`` are
    None, all three or none of them. Personal data.
    """

    actor: Person | None
    principal: Person | None
    basis: Basis
    level: AssuranceLevel | None
    channel: Channel
    vouched_by: str = ""

    @property
    def level_word(self) -> str:
        """``low``, ``substantial``, ``high``; ``none`` where nobody logged in."""
        return WITHOUT_LOGIN if self.level is None else self.level.name.lower()

    def persons(self) -> tuple[Person, ...]:
        """Who is known, the actor first; nobody where nobody logged in."""
        return tuple(one for one in (self.actor, self.principal) if one is not None)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the authority."""

    phone: str
    email: str
    hours: str
    address: str


@dataclass(frozen=True, slots=True)
class PaymentSummary:
    """The price as accepted, and how it was paid (empty for what was free)."""

    amount: Money
    text: str
    method: str = ""
    provider_reference: str = ""
    paid_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CaseSnapshot(Personal):
    """Everything a receipt or a parcel may tell, frozen when accepted.

    It carries the labels and texts as shown, so that it can be shown again for
    as long as it is kept, whatever happens to the definition. ``texts`` holds
    the solution's own texts for receipts (``after``, ``correct`` …) in the
    citizen's language. Times are in UTC. Personal data throughout.
    """

    submission_id: str
    receipt_number: str
    solution: str
    definition_version: str
    title: str
    municipality_code: str
    authority: str
    contact: Contact
    kle: str
    locale: str
    received_at: datetime.datetime
    parties: Parties
    groups: tuple[AnswerGroup, ...]
    payment: PaymentSummary
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Document(Personal):
    """A finished document. ``name`` holds no personal data."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with the reasons in words a person understands."""

    ok: bool
    reasons: tuple[str, ...] = ()
