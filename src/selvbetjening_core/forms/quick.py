"""Reading a field of one input in one call, where what it takes is the same for everybody.

It gives what :meth:`~selvbetjening_core.forms.views.Drawn.value` gives, by the node's own
type and validator. What is spared is what colander does around them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import colander

from selvbetjening_core.forms.control_parts import TYPED_LIMIT
from selvbetjening_core.forms.controls import ChoiceControl, TextControl
from selvbetjening_core.forms.views import Drawn, FieldView

_CUT: dict[type, Callable[[str], str]] = {TextControl: str.strip, ChoiceControl: str}
"""What a control leaves of what was typed in its one input."""


@dataclass(frozen=True, slots=True)
class QuickReader:
    """What reads a field.

    :param field: its name
    :param input: the name of its one input
    :param value: JSON data, or None, from what was typed; raises colander.Invalid
    """

    field: str
    input: str
    value: Callable[[str], object]


def quick_reader(field: str, view: FieldView | None) -> QuickReader | None:
    """The quick way of a view to read; None: it has another node or control."""
    if type(view) is not Drawn or type(view.control) not in _CUT or not _is_simple(view.node):
        return None
    return QuickReader(field, view.control.inputs[0], _value_of(view, _CUT[type(view.control)]))


def _is_simple(node: colander.SchemaNode) -> bool:
    """Is it colander's own node, and what it asks of others a function each?"""
    asked = (node.preparer, node.validator)
    return (
        type(node) is colander.SchemaNode
        and all(one is None or callable(one) for one in asked)
        and not any(isinstance(one, colander.deferred) for one in (*asked, node.missing))
    )


def _value_of(view: Drawn, cut: Callable[[str], str]) -> Callable[[str], object]:
    node, properly = view.node, view.value
    deserialize, prepare, check = node.typ.deserialize, node.preparer, node.validator

    def value_of(text: str) -> object:
        cstruct = cut(text)
        if not cstruct or len(text) > TYPED_LIMIT:
            return properly((text,))
        value: Any = deserialize(node, cstruct)
        if prepare is not None:
            value = prepare(value)
        if value is colander.null:
            return properly((text,))
        if check is not None:
            check(node, value)
        return value

    return value_of
