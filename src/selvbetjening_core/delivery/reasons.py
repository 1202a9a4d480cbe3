"""Why a delivery stands as it does, and what an attempt came to, in a reader's language.

The ledger keeps sentences in English: those of :mod:`selvbetjening_core.delivery.rules`,
put together, as the reason, and what an attempt ended with. Here each is said in the
reader's own words, with times as they are written there; what is none of ours (a
receiver's own answer) is shown as it is, so that nothing is hidden.
"""

from __future__ import annotations

import datetime
import re

from selvbetjening_core.delivery import calls, rules, worker
from selvbetjening_core.delivery.operating import PUT_BACK, REBOUND
from selvbetjening_core.delivery.stops import WORKER_STOPPED
from selvbetjening_core.journey.records import NOT_BEGUN
from selvbetjening_core.texts import Texts, placeholders
from selvbetjening_core.texts.formats import short_time

SENTENCES = {
    "refused": rules.REFUSED,
    "given_up": rules.GIVEN_UP,
    "nobody_knows": rules.NOBODY_KNOWS,
    "tried_again_later": rules.TRIED_AGAIN_LATER,
    "busy": rules.BUSY,
    "ends_workers": rules.ENDS_WORKERS,
    "repeated_later": rules.REPEATED_LATER,
    "asked_later": rules.ASKED_LATER,
    "receipt_awaited": rules.RECEIPT_AWAITED,
    "no_receipt": rules.NO_RECEIPT,
    "not_confirmed": rules.NOT_CONFIRMED,
    "no_component": rules.NO_COMPONENT,
    "no_documents": rules.NO_DOCUMENTS,
    "put_back": PUT_BACK,
    "rebound": REBOUND,
}
"""Each sentence of a reason, by the key of its text: ``staff.reason.KEY``."""

EVIDENCE = {
    "worker_stopped": WORKER_STOPPED,
    "not_begun": NOT_BEGUN,
    "not_found": worker.NOT_FOUND,
    "not_packed": worker.NOT_PACKED,
    "cannot_ask": worker.CANNOT_ASK,
    "not_called": calls.NOT_CALLED,
    "not_asked": calls.NOT_ASKED,
    "no_verdict": calls.NO_VERDICT,
    "no_outcome": calls.NO_OUTCOME,
    "plugin_raised": calls.PLUGIN_RAISED,
}
"""What we say ourselves of an attempt, by the key of its text: ``staff.evidence.KEY``."""


def reason_in_words(reason: str, texts: Texts) -> str:
    """The reason, sentence by sentence."""
    said: list[str] = []
    rest = reason.strip()
    while rest:
        key, values, length = _first(rest)
        if not key:
            said.append(rest)
            break
        said.append(texts.t(f"staff.reason.{key}", **_written(values, texts.locale)))
        rest = rest[length:].strip()
    return " ".join(said)


def evidence_in_words(evidence: str, texts: Texts) -> str:
    """What an attempt ended with; a receiver's own answer as it came."""
    for key, shape in _EVIDENCE_SHAPES.items():
        found = shape.fullmatch(evidence)
        if found:
            return texts.t(f"staff.evidence.{key}", **found.groupdict())
    return evidence


def _first(text: str) -> tuple[str, dict[str, str], int]:
    """The sentence that the text begins with: its key, its values, its length."""
    for key, shape in _SHAPES.items():
        found = shape.match(text)
        if found:
            return key, found.groupdict(), found.end()
    return "", {}, 0


def _written(values: dict[str, str], locale: str) -> dict[str, str]:
    """The values, with a time of the ledger as people write it."""
    return {name: _time(value, locale) for name, value in values.items()}


def _time(value: str, locale: str) -> str:
    try:
        moment = datetime.datetime.strptime(value, rules.TIME)  # noqa: DTZ007 - it says UTC itself
    except ValueError:
        return value
    return short_time(moment.replace(tzinfo=datetime.UTC), locale)


def _shape(sentence: str) -> re.Pattern[str]:
    pattern = re.escape(sentence)
    for name in placeholders(sentence):
        pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>.+?)")
    return re.compile(pattern)


_SHAPES = {key: _shape(sentence) for key, sentence in SENTENCES.items()}
_EVIDENCE_SHAPES = {key: _shape(sentence) for key, sentence in EVIDENCE.items()}
