"""Finding a submission by what a citizen has in hand: a receipt number or an enquiry code."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from selvbetjening_core.journey.doubts import IN_DOUBT, SETTLED
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import SubmissionHead

LONGEST = 40


class Standing(enum.StrEnum):
    """What is known of a number or code."""

    FOUND = "found"
    NOT_SENT = "not_sent"
    """A code of something that was tried to send, and did not arrive."""
    MAYBE = "maybe"
    """A code of something that nobody can tell of yet whether it arrived."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``submissions`` are those of a number or code."""

    standing: Standing
    submissions: Sequence[SubmissionHead] = ()


def find(work: UnitOfWork, written: str) -> Found:
    """What is known of a receipt number or enquiry code, however it was typed."""
    typed = "".join(written.split())
    word = typed.upper()
    if not word or len(word) > LONGEST:
        return Found(Standing.NONE)
    by_number = work.submissions.by_receipt_number
    head = by_number(word) or by_number(typed)
    heads = [head] if head else work.submissions.by_enquiry_code(as_code(word))
    if heads:
        return Found(Standing.FOUND, heads)
    events = [line.event for line in work.audit.about(as_code(word))]
    if SETTLED in events:
        return Found(Standing.NOT_SENT)
    return Found(Standing.MAYBE if IN_DOUBT in events else Standing.NONE)


def as_code(word: str) -> str:
    """An enquiry code as it is kept, however it was read aloud and typed."""
    letters = word.replace("-", "").translate(str.maketrans("OIL", "011"))
    return f"{letters[:5]}-{letters[5:]}"
