"""From a case to what the template sees, and to the attached data."""

from __future__ import annotations

import json
from dataclasses import asdict

from selvbetjening_core.receipts import content_of, language, receipt_data, words
from selvbetjening_core.values import CaseSnapshot
from selvbetjening_pdf_receipt.letters import Letters
from selvbetjening_pdf_receipt.typesetter import LettersMissing, Sheet, Typesetter

_REGIONS = {"da": "DK", "en": "GB"}
_ROUNDS = 4


def make_pdf(typesetter: Typesetter, case: CaseSnapshot, marks: dict[str, str]) -> bytes:
    """The PDF of a case. The typesetter alone knows what its fonts can show.

    It says what it misses, and that is escaped; then it is asked again. In the
    end all but the letters of Western Europe is escaped, which every font has.

    :param marks: what the template sees beside the case: ``seal``, ``check_code``, ``logo``
    :raises BadTemplate: it is not a matter of letters
    """
    hidden: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        try:
            return typesetter.pdf(_sheet(typesetter, case, marks, hidden))
        except LettersMissing as error:
            found = hidden | _to_hide(error.texts, hidden)
            if found == hidden:
                break
            hidden = found
    return typesetter.pdf(_sheet(typesetter, case, marks, _all_rare(case)))


def _sheet(
    typesetter: Typesetter, case: CaseSnapshot, marks: dict[str, str], hidden: frozenset[str]
) -> Sheet:
    letters = Letters(hidden)
    locale = language(case.locale)
    shown = letters.of(asdict(content_of(case)))
    t = words(locale)
    receipt = {
        "language": locale,
        "region": _REGIONS.get(locale, "DK"),
        "fonts": typesetter.families,
        "title": f"{t['receipt']} {shown['number']}: {shown['title']}",
        "t": t,
        "case": shown,
        "attached": f"kvittering-{case.receipt_number}.json",
        "escaped": letters.escaped,
        "logo": None,
        **marks,
    }
    return Sheet(receipt, _attached(case), int(case.received_at.timestamp()))


def _attached(case: CaseSnapshot) -> str:
    return json.dumps(receipt_data(case), indent=1, sort_keys=True)


def _to_hide(texts: frozenset[str], hidden: frozenset[str]) -> frozenset[str]:
    """Of a letter with marks the marks alone, unless that was not enough."""
    marks = {char for text in texts for char in text[1:]} - hidden
    return frozenset(_rare(marks) or _rare({char for text in texts for char in text}))


def _all_rare(case: CaseSnapshot) -> frozenset[str]:
    return frozenset(_rare(set(json.dumps(asdict(content_of(case)), ensure_ascii=False))))


def _rare(chars: set[str]) -> set[str]:
    return {char for char in chars if ord(char) > 0xFF}
