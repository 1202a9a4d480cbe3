"""The faults of the suite ``fuzz-forms``, planted in this process alone."""

from __future__ import annotations

import contextlib
import re
from binascii import a2b_qp
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from town import quiet

from selvbetjening_core.forms import compiled, composed, parse, types
from selvbetjening_core.forms.kinds import choice
from selvbetjening_core.forms.sent_rows import RowNames
from selvbetjening_core.journey import uploads
from selvbetjening_core.web import step_page
from selvbetjening_core.web.limits import multipart
from selvbetjening_core.web.views import steps

FAULTS: Mapping[str, str] = {
    "number-raises": "a number is made of whatever was typed, and that may fail",
    "options-unchecked": "the server takes any answer for one of the options",
    "control-characters": "a text may hold any character",
    "stock-sentences": "an error is told in the words of a library",
    "body-raises": "a body in a wrong encoding is an error of the program",
    "row-number-raises": "whatever looks like the number of a row is made a number",
    "rows-unlimited": "a field takes as many rows as are sent",
    "button-raises": "a button's argument is made a number, whatever it is",
    "button-saves": "a button that keeps what is typed saves it, too",
    "part-raises": "a part in a wrong encoding is an error of the program",
    "file-name-unchecked": "a file is called what it was sent as",
    "refused-file-stays": "a file that is refused stays on the disk",
}


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        if fault:
            stack.enter_context(quiet())
            stack.enter_context(_PATCHES[fault]())
        yield


def _number_raises() -> Any:
    return mock.patch.object(types, "_DIGITS", re.compile(r"(?s).*"))


def _options_unchecked() -> Any:
    return mock.patch.object(choice, "one_of", return_value=None)


def _control_characters() -> Any:
    return mock.patch.object(types, "_REFUSED", re.compile("(?!)"))


def _stock_sentences() -> Any:
    return mock.patch.object(compiled, "invalid_message", return_value="Invalid date")


def _body_raises() -> Any:
    def read(written: bytes) -> bytes:
        sent = a2b_qp(written)
        _decoded(sent, "utf-8")
        return sent

    return mock.patch.object(parse, "a2b_qp", read)


def _part_raises() -> Any:
    return mock.patch.object(multipart, "_text", _decoded)


def _decoded(encoded: bytes, charset: str = "ascii") -> str:
    try:
        return encoded.decode(charset)
    except UnicodeDecodeError:
        raise RuntimeError("planted") from None


def _row_number_raises() -> Any:
    def number_of(self: RowNames, name: str) -> int:
        if not name.startswith(f"{self.name}."):
            return 0
        digits = name[len(self.name) + 1 :].partition(".")[0]
        return int(digits) if digits.isdigit() else 0

    return mock.patch.object(RowNames, "number_of", number_of)


def _rows_unlimited() -> Any:
    return mock.patch.object(composed.Composed, "_most", 10_000)


def _button_raises() -> Any:
    return mock.patch.object(composed, "_numbers", return_value=_Everything())


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


@contextlib.contextmanager
def _button_saves() -> Iterator[None]:
    with (
        mock.patch.object(step_page, "BUTTON", "another"),
        mock.patch.object(steps, "BUTTON", "another"),
    ):
        yield


def _file_name_unchecked() -> Any:
    return mock.patch.object(uploads, "checked_name", lambda sent: sent)


def _refused_file_stays() -> Any:
    return mock.patch.object(uploads, "discard", return_value=None)


_PATCHES: Mapping[str, Callable[[], Any]] = {
    "number-raises": _number_raises,
    "options-unchecked": _options_unchecked,
    "control-characters": _control_characters,
    "stock-sentences": _stock_sentences,
    "body-raises": _body_raises,
    "row-number-raises": _row_number_raises,
    "rows-unlimited": _rows_unlimited,
    "button-raises": _button_raises,
    "button-saves": _button_saves,
    "part-raises": _part_raises,
    "file-name-unchecked": _file_name_unchecked,
    "refused-file-stays": _refused_file_stays,
}
