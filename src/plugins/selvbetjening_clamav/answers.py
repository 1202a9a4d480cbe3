"""What clamd's answers mean. Only the one clear yes is *clean*."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate

from selvbetjening_clamav.clamd import Answer
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ScanResult, ScanVerdict

TOO_LARGE = "it is too large to be looked through"

_CLEAN = "stream: OK"
_OVER_ITS_LIMIT = "INSTREAM size limit exceeded. ERROR"
_FOUND = re.compile(r"stream: (.+) FOUND", re.DOTALL)
# ExtendedDetectionInfo adds the file's own fingerprint and size: not to be kept.
_OF_THE_FILE = re.compile(r"\([0-9a-f]{32,128}:[0-9]+\)$")
_NAME = re.compile(r"[!-~][ -~]{0,199}")
_WITHOUT_NAME = "something without a proper name"
# clamd's names for what it could not look into, if it is set to tell of it.
_UNSEEN = {
    "Heuristics.Encrypted.": "it is encrypted",
    "Heuristics.Limits.Exceeded": "there is more in it than clamd looks through",
    "Heuristics.Broken.": "it is damaged",
}
_WITH_DATE = re.compile(r"ClamAV [^/]+/[^/]+/([^/]+)")


def verdict_of(answer: Answer) -> ScanVerdict:
    """The verdict that an answer to ``INSTREAM`` comes to.

    :raises Unavailable: it is an error, or no answer that clamd gives
    """
    if answer.text == _OVER_ITS_LIMIT:
        return ScanVerdict(ScanResult.REFUSED, TOO_LARGE)
    if answer.text == _CLEAN and answer.is_to_all:
        return ScanVerdict(ScanResult.CLEAN)
    found = _FOUND.fullmatch(answer.text)
    if found is None:
        # Its words are not repeated: they may be anybody's.
        raise Unavailable("clamd did not say that the file is clean, nor what is in it")
    return _found(_OF_THE_FILE.sub("", found[1]))


def signatures_from(version: str) -> datetime.date | None:
    """The day on which clamd's signatures were made, by its answer to ``VERSION``.

    None: it does not say, because it has none of ClamAV's own.
    """
    told = _WITH_DATE.fullmatch(version)
    # In English whatever language the machine speaks.
    parts = parsedate(told[1]) if told else None
    try:
        return datetime.date(*parts[:3]) if parts else None
    except ValueError:
        return None


def _found(name: str) -> ScanVerdict:
    for beginning, reason in _UNSEEN.items():
        if name.startswith(beginning):
            return ScanVerdict(ScanResult.REFUSED, reason)
    return ScanVerdict(ScanResult.INFECTED, name if _NAME.fullmatch(name) else _WITHOUT_NAME)
