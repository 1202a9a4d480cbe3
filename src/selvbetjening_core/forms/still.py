"""A step whose fields look the same whoever asks: all but the answers is joined beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from selvbetjening_core.forms.segments import escaped_each
from selvbetjening_core.forms.shown import HtmlOf, Slot

Looks = Sequence[tuple[str, HtmlOf, Slot | None]]
"""Of each field its name, its HTML from a kept answer, and the same as a slot if it has one."""

_NOTHING_KNOWN: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class StillStep:
    """The fields' HTML, with a gap for each answer.

    :param pieces: text and gap by turns
    :param texts: the fields whose gap takes one text: where the gap is among the pieces,
        and how the answer is typed
    :param finished: those that have their HTML finished for each answer
    """

    pieces: tuple[str, ...]
    texts: tuple[tuple[str, Callable[[object], str]], ...]
    places: tuple[int, ...]
    finished: tuple[tuple[int, str, HtmlOf], ...]

    def html(self, answers: Mapping[str, object]) -> str:
        """The HTML that shows these answers. Personal data."""
        pieces, get = list(self.pieces), answers.get
        escaped = escaped_each([text_of(get(name)) for name, text_of in self.texts])
        if self.finished:
            for place, text in zip(self.places, escaped, strict=True):
                pieces[place] = text
            for place, name, html_of in self.finished:
                pieces[place] = html_of(get(name), _NOTHING_KNOWN)
        else:
            pieces[1::2] = escaped
        return "".join(pieces)


def still_step(looks: Looks) -> StillStep:
    """The step of these fields, which have a line break between them."""
    pieces, texts, places, finished = [""], [], [], []
    for name, html_of, slot in looks:
        if len(pieces) > 1:
            pieces[-1] += "\n"
        begun, ended = ("", "") if slot is None else (slot.begun, slot.ended)
        pieces[-1] += begun
        if slot is None:
            finished.append((len(pieces), name, html_of))
        else:
            texts.append((name, slot.text_of))
            places.append(len(pieces))
        pieces += ["", ended]
    return StillStep(tuple(pieces), tuple(texts), tuple(places), tuple(finished))
