"""Equal work: no stack has a figure that shows or accepts anything else than the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answering.page import Content, Shown, content
from answering.stack import Stack
from answering.step import ERRORS, FIELDS, RIGHT, TITLE, WRONG, Asked

_REDIRECTS = (302, 303)
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Checked:
    """What a stack showed and accepted.

    :param accepted: the status of the answer to what is right
    :param refused: what the page showed when something was wrong
    :param saved: what the next page showed
    :param forged: the status of the answer to another site's form; 0: it has no protection
    """

    empty: Content
    accepted: int
    saved: Content
    refused: Content
    still: Content
    forged: int


def checked(stack: Stack) -> Checked:
    """Walk through the step once."""

    def read(body: bytes) -> Content:
        return content(body, stack.marks, stack.names)

    empty = read(stack.get().body)
    accepted = stack.post(stack.form(), RIGHT).status
    saved = read(stack.get().body)
    refused = read(stack.post(stack.form(), WRONG).body)
    forged = stack.forge(stack.form(), RIGHT).status if stack.token else 0
    return Checked(empty, accepted, saved, refused, read(stack.get().body), forged)


def differences(found: Checked, frame: tuple[str, ...]) -> list[str]:
    """What a stack does otherwise than the step says; empty: its work is equal.

    :param frame: the texts that are to stand around the form
    """
    wrong = [
        *_differences("the empty step", found.empty, expected(_NOTHING, _NOTHING)),
        *_differences("the saved step", found.saved, expected(RIGHT, _NOTHING)),
        *_differences("the refused step", found.refused, expected(WRONG, ERRORS)),
    ]
    if found.accepted not in _REDIRECTS:
        wrong.append(f"right answers are answered with {found.accepted}")
    if found.forged in _REDIRECTS or found.forged >= 500:
        wrong.append(f"a forged form is answered with {found.forged}")
    if found.empty.frame != frame:
        wrong.append("the texts around the form are others")
    return wrong


def expected(values: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Shown]:
    """The fields as a page shows them with these values and errors."""
    return {
        asked.name: _shown(asked, values.get(asked.name, ""), errors.get(asked.name, ""))
        for asked in FIELDS
    }


def _shown(asked: Asked, value: str, error: str) -> Shown:
    options = tuple((key, label, key == value) for key, label in asked.options)
    shown = "" if options else "\n".join(value.splitlines())
    return Shown(asked.label_text, asked.hint, shown, error, options)


def _differences(where: str, found: Content, wanted: Mapping[str, Shown]) -> list[str]:
    wrong = [] if found.title == TITLE else [f"{where} is called {found.title!r}"]
    if list(found.fields) != list(wanted):
        wrong.append(f"{where} has the fields {', '.join(found.fields)}")
    return wrong + [
        f"{where}: {name} is {found.fields[name]}, not {shown}"
        for name, shown in wanted.items()
        if name in found.fields and found.fields[name] != shown
    ]
