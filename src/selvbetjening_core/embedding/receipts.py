"""Receipts for a form of the site's own, in the site's own transaction."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.roles import RECEIPT
from selvbetjening_core.composition.stack import Composition, build
from selvbetjening_core.embedding.plan import plan_of
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    AssuranceLevel,
    Basis,
    CaseSnapshot,
    Channel,
    Contact,
    CprNumber,
    Document,
    Money,
    Parties,
    PaymentSummary,
    Person,
    Verdict,
)
from selvbetjening_core.values.case_json import case_from_json, case_to_json

# Without I, L, O and U, as in the numbers of the application's own receipts.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What a form of the site's own took in. Personal data.

    :param form: the form's name in the site, one word
    :param reference: the site's own key of what it stored; form and reference together
        are never used twice
    :param title: the form's title, as the citizen saw it
    :param received_at: when the site stored it (UTC, aware)
    :param name: of the citizen the site has logged in
    :param cpr: the citizen's CPR number; the receipt shows the date of birth alone
    :param level: how sure the site's login is: ``low``, ``substantial`` or ``high``
    :param vouched_by: the site's name, which the receipt gives as the source of the login
    :param answers: by heading, and under it by question, as the citizen saw them
    :param texts: ``after``, ``correct`` and ``privacy``, as in a solution
    """

    form: str
    reference: str
    title: str
    received_at: datetime.datetime
    name: str
    cpr: str
    level: str
    vouched_by: str
    answers: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    version: str = "1"
    kle: str = ""
    locale: str = "da"


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt. Personal data.

    :param case: what it was made from, as JSON text for the site to store; holds the
        CPR number in the clear
    """

    number: str
    document: Document
    case: str


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """Issues and checks the receipts of one municipality. Writes nothing anywhere.

    Number and document follow from what is passed in: in the site's own transaction they
    are committed with it or not at all, and a second call gives the same again. Safe to
    share between threads.
    """

    component: IReceipt
    municipality_code: str
    authority: str
    contact: Contact

    def issue(self, own: OwnCase) -> Issued:
        """The receipt of a case of the site's own: the same case, the same receipt.

        :raises ValueError: the CPR number or the level is none
        """
        return self._issued(self._case(own))

    def again(self, case: str) -> Issued:
        """The receipt once more, from the JSON text that the site stored."""
        return self._issued(case_from_json(json.loads(case)))

    def verify(self, document: Document) -> Verdict:
        """Whether the document is a receipt of this municipality, and nobody has changed it."""
        return self.component.verify(document)

    def _issued(self, case: CaseSnapshot) -> Issued:
        stored = json.dumps(case_to_json(case), ensure_ascii=False)
        return Issued(case.receipt_number, self.component.issue(case), stored)

    def _case(self, own: OwnCase) -> CaseSnapshot:
        name = f"{self.municipality_code}/{own.form}/{own.reference}"
        return CaseSnapshot(
            submission_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"selvbetjening:{name}")),
            receipt_number=_number(own.received_at.year, name),
            solution=own.form,
            definition_version=own.version,
            title=own.title,
            municipality_code=self.municipality_code,
            authority=self.authority,
            contact=self.contact,
            kle=own.kle,
            locale=own.locale,
            received_at=own.received_at,
            parties=_parties(own),
            groups=tuple(_group(*group) for group in enumerate(own.answers.items(), start=1)),
            payment=PaymentSummary(Money(0), ""),
            texts=dict(own.texts),
        )


def receipts(installation: str | Path, municipality: str) -> ReceiptDesk:
    """The receipts of one municipality, for a site that mounts nothing.

    Makes the components; opens no database.

    :param installation: the path of its ``selvbetjening.toml``
    :param municipality: the kommunekode
    :raises ConfigurationError: something is wrong; its notes name every mistake
    :raises KeyError: there is no such municipality here
    """
    return desk_in(build(plan_of(installation), _now), municipality)


def desk_in(composition: Composition, code: str) -> ReceiptDesk:
    """The desk of one municipality that has been put together.

    :raises KeyError: there is no such municipality
    :raises ComponentMissing: it has no component for receipts
    """
    municipality = composition.municipalities.get(code)
    if municipality is None:
        there = ", ".join(composition.municipalities)
        raise KeyError(f'no municipality "{code}" here; there is: {there}')
    component = municipality.component(IReceipt, RECEIPT, "")
    file = municipality.file
    return ReceiptDesk(component, file.code, file.name, file.contact)


def _parties(own: OwnCase) -> Parties:
    level = AssuranceLevel.named(own.level)
    if level is None:
        raise ValueError(f"the level is low, substantial or high, not {own.level!r}")
    citizen = Person(CprNumber(own.cpr), own.name, protected=False, address=None)
    return Parties(citizen, citizen, Basis.SELF, level, Channel.SELF_SERVICE, own.vouched_by)


def _group(number: int, told: tuple[str, Mapping[str, str]]) -> AnswerGroup:
    title, answers = told
    return AnswerGroup(
        step=f"part{number}",
        title=title,
        answers=tuple(
            Answer(f"answer{number}_{at}", label, text, text)
            for at, (label, text) in enumerate(answers.items(), start=1)
        ),
    )


def _number(year: int, name: str) -> str:
    """A number that can be read aloud, and that nothing can be read from."""
    digest = int.from_bytes(hashlib.sha256(f"receipt:{name}".encode()).digest()[:5])
    letters = [_ALPHABET[digest >> 5 * place & 31] for place in range(8)]
    return f"{year}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)
