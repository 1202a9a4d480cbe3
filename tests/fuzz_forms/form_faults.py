"""The faults of the suite ``fuzz-forms``, planted in this process alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from town import quiet

from selvbetjening_core.forms import compiled, parse, types
from selvbetjening_core.forms.kinds import choice

FAULTS: Mapping[str, str] = {
    "number-raises": "a number is made of whatever was typed, and that may fail",
    "options-unchecked": "the server takes any answer for one of the options",
    "control-characters": "a text may hold any character",
    "stock-sentences": "an error is told in the words of a library",
    "body-raises": "a body in a wrong encoding is an error of the program",
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
    return mock.patch.object(types, "_is_control", return_value=False)


def _stock_sentences() -> Any:
    return mock.patch.object(compiled, "invalid_message", return_value="Invalid date")


def _body_raises() -> Any:
    def text(encoded: bytes) -> str:
        try:
            return encoded.decode("ascii")
        except UnicodeDecodeError:
            raise RuntimeError("planted") from None

    return mock.patch.object(parse, "_text", text)


_PATCHES: Mapping[str, Callable[[], Any]] = {
    "number-raises": _number_raises,
    "options-unchecked": _options_unchecked,
    "control-characters": _control_characters,
    "stock-sentences": _stock_sentences,
    "body-raises": _body_raises,
}
