"""What a process writes about itself, with everything masked that looks like a CPR number.

The second wall: no line of our own holds one. But a plugin's, a library's or an
exception's may, its class may have one in its name, and a vendor may print.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from selvbetjening_core.masking import masked, masked_values

_DOES_NOT_FIT = "a line whose values do not fit it"
_NOT_SHOWN = "a value that cannot be shown"
_TRACES = logging.Formatter()
_MARK = "masks_extra"


def kind_of(error: BaseException) -> str:
    """The name of its class, for a log or a page. Never its message, which may hold anything."""
    return masked(type(error).__name__)


def mask_logs() -> None:
    """Mask every line of every log of this process from now on, whoever writes or formats it.

    The message, its arguments, and what is said with ``extra``; exceptions go along as
    masked text. A formatter finds the arguments masked, each by itself; where they show a
    number only together, it finds the finished message and none. An embedding site calls
    it, if it wants its own logs masked, too; ``selvbetjening serve``, ``worker`` and all
    other commands do. Repeatable.
    """
    make = logging.getLogRecordFactory()
    if not isinstance(make, _MaskingFactory):
        logging.setLogRecordFactory(_MaskingFactory(make))
    # What is said with ``extra`` is added after the factory.
    if not hasattr(logging.Logger.makeRecord, _MARK):
        logging.Logger.makeRecord = _masking_extra(  # type: ignore[method-assign]
            logging.Logger.makeRecord
        )


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
        _mask_message(record)
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = masked(_TRACES.formatException(record.exc_info))
        record.exc_info = None
        if record.stack_info:
            record.stack_info = masked(record.stack_info)
        return record


def _mask_message(record: logging.LogRecord) -> None:
    """Its words and its arguments each by itself; or, where that is not enough, as one text."""
    before = _message(record)
    text = masked(before)
    try:
        words, values = masked_values(record.msg), masked_values(record.args)
    except Exception:  # noqa: BLE001 - a log never stops what it tells about
        words, values = text, ()
    is_same = words is record.msg and values is record.args
    record.msg, record.args = words, values
    told = before if is_same else _message(record)
    if told != text or told == _DOES_NOT_FIT:
        record.msg, record.args = text, ()


def _masking_extra(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    """``Logger.makeRecord``, with what is said with ``extra`` masked."""

    @functools.wraps(make)
    def make_record(  # noqa: PLR0913, PLR0917 - logging's signature
        logger: logging.Logger,
        name: str,
        level: int,
        fn: str,
        lno: int,
        msg: object,
        args: Any,
        exc_info: Any,
        func: str | None = None,
        extra: Mapping[str, object] | None = None,
        sinfo: str | None = None,
    ) -> logging.LogRecord:
        shown = extra and {key: _shown(value, key) for key, value in extra.items()}
        return make(logger, name, level, fn, lno, msg, args, exc_info, func, shown, sinfo)

    setattr(make_record, _MARK, True)
    return make_record


def _shown(value: object, name: str) -> object:
    try:
        return masked_values(value, name)
    except Exception:  # noqa: BLE001 - as above
        return _NOT_SHOWN


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
