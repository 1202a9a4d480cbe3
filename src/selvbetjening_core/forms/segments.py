"""A template rendered once with markers, cut into text and slots.

A marker is the number of a slot between two private-use characters. Values are
put between the pieces and never searched, so a value that looks like a marker
is a value like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

START, END = "\ue000", "\ue001"
_MARKER = re.compile(f"{START}([0-9]+){END}")

_BETWEEN = "\0"
"""No text of a form holds it."""

_TEXT_ALONE = {str}

PROBES = ("", "a", "<Æ & \"'>  " * 40)
"""What a template may do with a value beside printing it shows on these: test whether it
is there, change case, cut, or mark it as safe."""


class NotCompilable(Exception):
    """The template does more with a value than print it, or holds a marker itself."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Text before, between and after the slots, and which value each slot takes."""

    texts: tuple[str, ...]
    slots: tuple[int, ...]

    def fill(self, values: Sequence[str]) -> str:
        """The HTML with ``values`` escaped and in place; Markup is taken as it is."""
        escaped = escaped_each(values)
        pieces = [""] * (len(self.texts) + len(self.slots))
        pieces[::2] = self.texts
        pieces[1::2] = [escaped[slot] for slot in self.slots]
        return "".join(pieces)


def compile_template(
    render: Callable[[Sequence[str]], str],
    slots: int,
    probes: Sequence[Sequence[str]] | None = None,
) -> Segments:
    """Render once with markers and cut.

    :param render: the template, as a function of the slots' values
    :param probes: values to try it with; if there are none, :data:`PROBES` in every slot
    :raises NotCompilable: filling the slots gives something else than rendering
    """
    if _has_private_use(render([""] * slots)):
        raise NotCompilable("the template or a text in it has private-use characters")
    html = render([Markup(f"{START}{number}{END}") for number in range(slots)])  # noqa: S704 - a number
    pieces = _MARKER.split(html)
    segments = Segments(tuple(pieces[0::2]), tuple(int(number) for number in pieces[1::2]))
    _check(segments, render, probes or [[probe] * slots for probe in PROBES])
    return segments


def _check(
    segments: Segments,
    render: Callable[[Sequence[str]], str],
    probes: Sequence[Sequence[str]],
) -> None:
    for values in probes:
        if any(_has_private_use(text) for text in segments.texts) or (
            segments.fill(values) != render(values)
        ):
            raise NotCompilable("the template does more with a value than print it")


def _has_private_use(text: str) -> bool:
    return START in text or END in text


def escaped_each(values: Sequence[str]) -> list[str]:
    """Each of ``values`` escaped; Markup is taken as it is.

    As :func:`markupsafe.escape` does it, in one call for all of them.
    """
    plain = [value for value in values if type(value) is str]
    escaped = str(escape(_BETWEEN.join(plain))).split(_BETWEEN)
    if len(escaped) != len(plain):
        # What stands between is in one of them, or there is none.
        return [str(escape(value)) for value in values]
    if len(plain) == len(values):
        return escaped
    following = iter(escaped)
    return [next(following) if type(value) is str else str(escape(value)) for value in values]


def escaped_each_in_utf8(values: Sequence[str]) -> list[bytes]:
    """The same in UTF-8."""
    if set(map(type, values)) == _TEXT_ALONE:
        escaped = str(escape(_BETWEEN.join(values))).encode().split(_BETWEEN.encode())
        if len(escaped) == len(values):
            return escaped
    return [value.encode() for value in escaped_each(values)]
