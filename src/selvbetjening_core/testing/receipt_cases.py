"""Cases, answers and documents that the kit for receipts shows to a component."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selvbetjening_core.testing import cases
from selvbetjening_core.testing.documents import words_of
from selvbetjening_core.values import Answer, AnswerGroup, CaseSnapshot

_FLIPS = 400
_ENDS = 40
_HUGE = 5_000_000

HIDDEN_NAME = "Hemmeligt Navn"
WEIRD = {
    "markup": "</dd><script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": '{{ case }} {% raw %} #import "@preview/x": * #read("/etc/passwd") $x$',
    "letters from right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "marks that turn text around": "a\u202egnp.exe\u202c \u2067x\u2069",
    "an emoji": "\U0001f469\u200d\U0001f467 \U0001f3f4\u200d\u2620\ufe0f",
    "control characters": "a\x00b\x07c\x1b[31md\x7f",
    "half a character": "a\ud800b",
    "many marks on a letter": "e" + "\u0301" * 300,
    "very much": "Æblegrød " * 1_200,
    "one very long word": "æ" * 5_000,
    "line breaks of every kind": "a\nb\r\nc\rd\u2028e\x85f\x0bg",
    "formulas": "=cmd|' /C calc'!A0",
    "a PDF's own words": "endstream endobj trailer %%EOF << /JS (x) >> ) ( \\",
}
"""Answers that a citizen, or somebody worse, may give."""


def in_english(case: CaseSnapshot) -> CaseSnapshot:
    """The case as an English speaker sent it."""
    texts = {"after": "You get it by post.", "correct": "Call us.", "privacy": "We use it."}
    paid = replace(case.payment, text="Fee for a new card", method="Card")
    groups = (
        AnswerGroup(
            "reason",
            "Why do you need a new card?",
            (
                Answer("cause", "Reason", "It is lost", "lost"),
                Answer("remark", "Remark", 'Bread & "butter" <100 %>', ""),
            ),
        ),
    )
    return replace(
        case, locale="en", title="Order a new card", texts=texts, payment=paid, groups=groups
    )


def with_answer(case: CaseSnapshot, text: str) -> CaseSnapshot:
    """The case with one more answer, and one after it."""
    answers = (
        Answer("weird", "Et svar", text, text),
        Answer("after", "Det næste", "Svaret bagefter", ""),
    )
    return replace(case, groups=(*case.groups, AnswerGroup("weird", "Og mere", answers)))


def must_tell(case: CaseSnapshot) -> Iterator[tuple[str, str]]:
    """What every receipt shows of a case, and the text it shows."""
    yield "its number", case.receipt_number
    yield "the authority", case.authority
    yield "the solution", case.title
    for role, person in zip(("who acted", "for whom"), case.parties.persons(), strict=False):
        yield role, person.name
    yield "the year", str(case.received_at.year)
    yield "the amount", "225"
    yield "what the payment was for", case.payment.text
    yield "what happens now", case.texts["after"]
    for group in case.groups:
        yield f'the heading "{group.title}"', words_of(group.title)


def changes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The document changed in every way there is, and how in words."""
    size = len(content)
    places = {*range(min(_ENDS, size)), *range(max(0, size - _ENDS), size)}
    places |= set(range(0, size, max(1, size // _FLIPS)))
    for place in sorted(places):
        for mask in (0x01, 0x20, 0x80):
            changed = bytes((content[place] ^ mask,))
            yield f"with a bit of byte {place} flipped", _put(content, place, changed)
    for place in (1, size // 3, size // 2, size - 1):
        yield f"without byte {place}", content[:place] + content[place + 1 :]
        yield f"with a byte more at {place}", content[:place] + b" " + content[place:]
        yield f"cut at {place}", content[:place]
    for more in (b"\n", b" ", b"\x00", b"<!-- x -->", b"%%EOF\n"):
        yield "with something after its end", content + more
    yield "with something before its beginning", b"\n" + content
    yield "twice over", content * 2
    half = size // 2
    yield "with its halves exchanged", content[half:] + content[:half]


def _put(content: bytes, place: int, byte: bytes) -> bytes:
    return content[:place] + byte + content[place + 1 :]


def nonsense(own: bytes) -> Iterator[tuple[str, bytes]]:
    """What is no receipt of anybody's, and what it is."""
    yield "an empty document", b""
    yield "one byte", b"\xff"
    yield "an HTML page", b"<!doctype html><html><body>Kvittering</body></html>"
    yield "the beginning of a PDF", cases.PDF
    yield "very many zeros", b"0" * _HUGE
    yield "very many bytes", bytes(range(256)) * (_HUGE // 256)
    yield "its own receipt over and over", own * (_HUGE // len(own))
    yield "its own receipt backwards", own[::-1]
