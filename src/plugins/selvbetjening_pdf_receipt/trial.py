"""A made-up case, to try a municipality's own template before a citizen does."""

from __future__ import annotations

import datetime
from dataclasses import replace

from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    AssuranceLevel,
    Basis,
    CaseSnapshot,
    Channel,
    Contact,
    CprNumber,
    Money,
    Parties,
    PaymentSummary,
    Person,
)

_AT = datetime.datetime(2026, 1, 2, 12, 0, tzinfo=datetime.UTC)
_SOMEBODY = Person(CprNumber("0101010101"), "Prøve Prøvesen", None)
_ANSWERS = (
    *(
        Answer(f"field{line}", f"Spørgsmål {line}", "Et svar\ni to linjer " * line, "")
        for line in range(1, 15)
    ),
    Answer("fact", "Fra et register", "Et svar", "", "Et register", _AT),
)


def trial_cases() -> tuple[CaseSnapshot, ...]:
    """A case with everything, in Danish and in English, and one with next to nothing."""
    return _FULL, replace(_FULL, locale="en"), _BARE


_FULL = CaseSnapshot(
    submission_id="00000000-0000-4000-8000-000000000000",
    receipt_number="PRØV-0000-00",
    solution="proeve",
    definition_version="1",
    title="Prøve af kvitteringen",
    municipality_code="0000",
    authority="Prøve Kommune",
    contact=Contact("12 34 56 78", "post@kommune.example", "Kl. 10-14", "Vej 1\n1000 By"),
    kle="00",
    locale="da",
    received_at=_AT,
    parties=Parties(
        _SOMEBODY, _SOMEBODY, Basis.SELF, AssuranceLevel.SUBSTANTIAL, Channel.SELF_SERVICE
    ),
    groups=tuple(
        AnswerGroup(f"step{number}", f"Trin {number}", _ANSWERS) for number in range(1, 4)
    ),
    payment=PaymentSummary(Money(12345), "Gebyr", "Betalingskort", "1234", _AT),
    texts=dict.fromkeys(("after", "correct", "privacy"), "En tekst. " * 40),
)
_BARE = replace(
    _FULL,
    groups=(),
    contact=Contact("", "", "", ""),
    kle="",
    payment=PaymentSummary(Money(0), ""),
    texts={},
)
