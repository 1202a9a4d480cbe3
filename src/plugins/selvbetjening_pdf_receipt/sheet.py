"""From a case, or a form on paper, to what the template sees, and to the attached data."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from selvbetjening_core.receipts import content_of, language, receipt_data, words
from selvbetjening_core.values import CaseSnapshot, PaperForm
from selvbetjening_pdf_receipt.letters import Letters
from selvbetjening_pdf_receipt.typesetter import LettersMissing, Sheet, Typesetter

_REGIONS = {"da": "DK", "en": "GB"}
_ROUNDS = 4


def make_pdf(typesetter: Typesetter, case: CaseSnapshot, marks: dict[str, str]) -> bytes:
    """The PDF of a case.

    :param marks: what the template sees beside the case: ``seal``, ``check_code``, ``logo``
    :raises BadTemplate: it is not a matter of letters
    """

    def sheet(letters: Letters) -> Sheet:
        return _receipt_sheet(typesetter, case, marks, letters)

    return _shown(typesetter, asdict(content_of(case)), sheet)


def make_paper(typesetter: Typesetter, form: PaperForm, logo: str) -> bytes:
    """The PDF of a form on paper.

    :param logo: the name of its file; empty: the authority's name stands there
    :raises BadTemplate: it is not a matter of letters
    """

    def sheet(letters: Letters) -> Sheet:
        return _paper_sheet(typesetter, form, logo, letters)

    return _shown(typesetter, asdict(form), sheet)


def _shown(
    typesetter: Typesetter, texts: Mapping[str, Any], sheet: Callable[[Letters], Sheet]
) -> bytes:
    """The typesetter alone knows what its fonts can show.

    It says what it misses, and that is escaped; then it is asked again. In the
    end all but the letters of Western Europe is escaped, which every font has.
    """
    hidden: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        try:
            return typesetter.pdf(sheet(Letters(hidden)))
        except LettersMissing as error:
            found = hidden | _to_hide(error.texts, hidden)
            if found == hidden:
                break
            hidden = found
    return typesetter.pdf(sheet(Letters(_all_rare(texts))))


def _receipt_sheet(
    typesetter: Typesetter, case: CaseSnapshot, marks: dict[str, str], letters: Letters
) -> Sheet:
    locale = language(case.locale)
    shown = letters.of(asdict(content_of(case)))
    t = words(locale)
    receipt = {
        "language": locale,
        "region": _region(locale),
        "fonts": typesetter.families,
        "title": f"{t['receipt']} {shown['number']}: {shown['title']}",
        "authority": shown["authority"],
        "keywords": [marks["seal"]],
        "t": t,
        "case": shown,
        "attached": f"kvittering-{case.receipt_number}.json",
        "escaped": letters.escaped,
        "logo": None,
        **marks,
    }
    return Sheet(receipt, _attached(case), int(case.received_at.timestamp()))


def _paper_sheet(typesetter: Typesetter, form: PaperForm, logo: str, letters: Letters) -> Sheet:
    which = {"solution": form.solution, "version": form.version, "sha256": form.sha256}
    day = datetime.datetime.combine(form.printed_on, datetime.time(), datetime.UTC)
    shown = letters.of({**asdict(form), "printed_on": form.printed_on.isoformat()})
    data = {
        "language": form.locale,
        "region": _region(form.locale),
        "fonts": typesetter.families,
        "title": f"{form.words['form']}: {shown['title']}",
        "authority": shown["authority"],
        "keywords": [form.solution, form.version],
        "form": shown,
        "attached": f"{form.solution}.json",
        "logo": logo or None,
    }
    return Sheet(data, json.dumps(which, indent=1, sort_keys=True), int(day.timestamp()))


def _region(locale: str) -> str:
    return _REGIONS.get(locale, "DK")


def _attached(case: CaseSnapshot) -> str:
    return json.dumps(receipt_data(case), indent=1, sort_keys=True)


def _to_hide(texts: frozenset[str], hidden: frozenset[str]) -> frozenset[str]:
    """Of a letter with marks the marks alone, unless that was not enough."""
    marks = {char for text in texts for char in text[1:]} - hidden
    return frozenset(_rare(marks) or _rare({char for text in texts for char in text}))


def _all_rare(texts: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(_rare(set(json.dumps(texts, ensure_ascii=False, default=str))))


def _rare(chars: set[str]) -> set[str]:
    return {char for char in chars if ord(char) > 0xFF}
