"""What a process writes about itself, with everything masked that looks like a CPR number.

The second wall: no line of our own holds one. But a plugin's, a library's or an
exception's may, its class may have one in its name, and a vendor may print.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

MASK = "******-****"
_DAY = "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = "(?:0[1-9]|1[0-2])"
_BETWEEN = r"(?:\s?[-\u2010-\u2015]\s?|[ ./_+]|%2D|%20)?"
# Digits of a code for another sign are no part of the number behind it.
_CODED = r"(?<=%[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\x[0-9a-f]{2})"
# Like a date, and no part of a longer number: ids and times are left readable, as are
# seconds with a fraction, which is how a log's own lines tell the time.
_LIKE_CPR = re.compile(
    rf"(?:(?<![0-9])|{_CODED}){_DAY}[-. /]?{_MONTH}[-. /]?[0-9]{{2}}{_BETWEEN}[0-9]{{4}}"
    r"(?![0-9])(?!\.[0-9])",
    re.IGNORECASE,
)
_DOES_NOT_FIT = "a line whose values do not fit it"
_TRACES = logging.Formatter()


def masked(text: str) -> str:
    """``text`` with a mask in place of whatever looks like a CPR number, however it is parted."""
    return _LIKE_CPR.sub(MASK, text)


def kind_of(error: BaseException) -> str:
    """The name of its class, for a log or a page. Never its message, which may hold anything."""
    return masked(type(error).__name__)


def mask_logs() -> None:
    """Mask every line of every log of this process from now on, whoever writes or formats it.

    Exceptions go along as masked text. An embedding site calls it, if it wants its own
    logs masked, too; ``selvbetjening serve``, ``worker`` and all other commands do.
    Repeatable.
    """
    make = logging.getLogRecordFactory()
    if not isinstance(make, _MaskingFactory):
        logging.setLogRecordFactory(_MaskingFactory(make))


def mask_streams(*, out: bool) -> None:
    """Mask what is printed, uncaught exceptions too: on the error stream, and if asked on both.

    Repeatable.

    :param out: the output stream as well. For processes that serve: what a command
        prints is its answer.
    """
    if not isinstance(sys.stderr, _MaskedStream):
        sys.stderr = _MaskedStream(sys.stderr)
    if out and not isinstance(sys.stdout, _MaskedStream):
        sys.stdout = _MaskedStream(sys.stdout)


class _MaskingFactory:
    """Makes the records of all logs. What they are made of is masked before anybody sees it."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, *args: Any, **values: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make(*args, **values)
        # A record that is made for its shape alone has no name.
        record.name = masked(record.name or "")
        record.msg, record.args = masked(_message(record)), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = masked(_TRACES.formatException(record.exc_info))
        record.exc_info = None
        if record.stack_info:
            record.stack_info = masked(record.stack_info)
        return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a log never stops what it tells about
        return _DOES_NOT_FIT


class _MaskedStream:
    """A text stream that masks each piece it is given."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it, masked; the length of what was given."""
        self._stream.write(masked(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
