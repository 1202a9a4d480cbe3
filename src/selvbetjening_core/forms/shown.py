"""The finished HTML of a field that is the same for everybody, from a kept answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import colander

from selvbetjening_core.forms.controls import ChoiceControl, ShownControl, TextControl
from selvbetjening_core.forms.makers import Ready, RequiredWhen, ShownAlike, ViewMaker
from selvbetjening_core.forms.types import CalendarDate, Chosen, PlainText
from selvbetjening_core.forms.views import Compiled, FieldView

HtmlOf = Callable[[object, Mapping[str, object]], str]
"""The HTML that shows an answer as it is kept (None: there is none), for what is known."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The finished HTML of a field with one slot: the text as it was typed.

    :param begun: what stands before the text, ``ended`` what comes after
    :param text_of: the text of an answer as it is kept, not yet escaped
    """

    begun: str
    ended: str
    text_of: Callable[[object], str]


MOST_OPTIONS = 12
"""With more, the HTML of each choice would take too much memory to keep."""

# Types that write a text as it is: nobody need ask them how.
_WRITES_TEXT_AS_IT_IS = (PlainText, Chosen, CalendarDate)


def html_of(maker: ViewMaker, more: str) -> HtmlOf | None:
    """The quick way to ``view.html(view.typed_from(answer), None) + more``.

    None where what is shown depends on who asks, beside whether it is required.
    """
    if isinstance(maker, RequiredWhen):
        return _required_when(maker, more)
    if not isinstance(maker, Ready | ShownAlike):
        return None
    return _html_of(maker.ready, more)


def slot_of(maker: ViewMaker, more: str) -> Slot | None:
    """The same as a slot, for a control with one; None: it has others, or another way."""
    if not isinstance(maker, Ready | ShownAlike):
        return None
    view = maker.ready
    if type(view) is not Compiled or type(view.drawn.control) is not TextControl:
        return None
    *before, last = view.plain.texts
    if len(before) != 1:
        return None
    return Slot(before[0], last + more, _text_of(view))


def reader_of(maker: ViewMaker) -> FieldView | None:
    """The view that reads the field, if it is the same for everybody."""
    if not isinstance(maker, Ready):
        return None
    # What is drawn reads in the same way, and asks nobody else.
    return maker.ready.drawn if type(maker.ready) is Compiled else maker.ready


def _required_when(maker: RequiredWhen, more: str) -> HtmlOf | None:
    required, optional = html_of(maker.required, more), html_of(maker.optional, more)
    if required is None or optional is None:
        return None
    holds = maker.condition.holds
    return lambda answer, facts: (required if holds(facts) else optional)(answer, facts)


def _html_of(view: FieldView, more: str) -> HtmlOf:
    if type(view) is Compiled:
        control = view.drawn.control
        if type(control) is ShownControl:
            html = view.html((), None) + more
            return lambda _answer, _facts: html
        if type(control) is ChoiceControl and len(control.options) <= MOST_OPTIONS:
            return _chosen(view, control, more)
    return lambda answer, _facts: view.html(view.typed_from(answer), None) + more


def _chosen(view: Compiled, control: ChoiceControl, more: str) -> HtmlOf:
    """Of a control with few options: the HTML of each, finished."""
    finished = {value: view.html((value,), None) + more for value, _, _ in control.options}
    without = view.html(("",), None) + more
    text_of = _text_of(view)
    return lambda answer, _facts: finished.get(text_of(answer), without)


def _text_of(view: FieldView) -> Callable[[object], str]:
    """What would be typed, for a control of one input."""
    typed_from = view.typed_from
    if not (isinstance(view, Compiled) and type(view.drawn.node) is colander.SchemaNode):
        return lambda answer: typed_from(answer)[0]
    node, without = view.drawn.node, typed_from(None)[0]
    serialize = node.typ.serialize
    is_text = type(node.typ) in _WRITES_TEXT_AS_IT_IS

    def text_of(answer: object) -> str:
        if is_text and type(answer) is str:
            return answer
        if answer is None:
            return without
        try:
            written = serialize(node, answer)
        except colander.Invalid:
            return without
        return written if isinstance(written, str) else without

    return text_of
