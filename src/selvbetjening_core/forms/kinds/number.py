"""The kind ``number``: a whole number."""

from __future__ import annotations

from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.forms.kinds.common import (
    UNIT,
    WIDTH,
    WRITTEN_ERRORS,
    ValueItself,
    as_text,
    error_code,
    number_setting,
    one_line,
    schema_node,
)
from selvbetjening_core.forms.types import WholeNumber
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import (
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    TextRequest,
)


@implementer(IFieldKind)
class NumberKind(ValueItself):
    """A whole number, perhaps within limits."""

    declaration = KindDeclaration(
        name="number",
        help="A whole number written in digits.",
        keys=(
            KeyDeclaration("min", "number", "The smallest number that is accepted."),
            KeyDeclaration("max", "number", "The greatest number that is accepted."),
            WIDTH,
            UNIT,
        ),
        offers={"": "number"},
        errors=(*WRITTEN_ERRORS, "not_a_number", "too_small", "too_great"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A short input with the keyboard for digits."""
        widget = one_line(request, template="fields/number", inputmode="numeric", width="short")
        least = number_setting(request.field, "min")
        most = number_setting(request.field, "max")

        def within(node: Any, value: int) -> None:
            if least is not None and value < least:
                raise colander.Invalid(node, error_code("too_small", min=least))
            if most is not None and value > most:
                raise colander.Invalid(node, error_code("too_great", max=most))

        return schema_node(request, WholeNumber(), widget, within)

    def text(self, request: TextRequest) -> str:
        """The number in digits, without separators: it may be a year."""
        return as_text(request)
