"""Kinds that are answered by choosing: choice, yes_no, consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    ValueItself,
    deform_widget,
    schema_node,
)
from selvbetjening_core.forms.types import Chosen, Ticked, YesNo
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import KindDeclaration, NodeRequest, PaperSpace, TextRequest


@implementer(IFieldKind)
class ChoiceKind(ValueItself):
    """One of the options that the definition lists."""

    declaration = KindDeclaration(
        name="choice",
        help="One answer out of a list of options, shown as radio buttons.",
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "not_an_option", "no_longer_offered"),
        takes_options=True,
        paper=PaperSpace.ONE_OF,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Radio buttons."""
        options = request.field.options
        values = tuple((o.value, o.label.in_language(request.locale)) for o in options)
        hints = {o.value: o.hint.in_language(request.locale) for o in options if o.hint}
        widget = radio_widget(values, hints)
        return schema_node(request, Chosen(), widget, one_of(o.value for o in options))

    def text(self, request: TextRequest) -> str:
        """The chosen option's label."""
        labels = (o.label for o in request.field.options if o.value == request.value)
        return next((label.in_language(request.locale) for label in labels), "")


@implementer(IFieldKind)
class YesNoKind(ValueItself):
    """A question answered by yes or no. Stored as true or false."""

    declaration = KindDeclaration(
        name="yes_no",
        help="A question that is answered by yes or no.",
        offers={"": "yes_no"},
        errors=(*COMMON_ERRORS, "not_an_option"),
        paper=PaperSpace.ONE_OF,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Two radio buttons."""
        t = texts_for(request.locale).t
        widget = radio_widget((("yes", t("common.yes")), ("no", t("common.no"))))
        return schema_node(request, YesNo(), widget)

    def text(self, request: TextRequest) -> str:
        """Yes or no in words."""
        if not isinstance(request.value, bool):
            return ""
        return texts_for(request.locale).t("common.yes" if request.value else "common.no")


@implementer(IFieldKind)
class ConsentKind(ValueItself):
    """A declaration that the citizen confirms. The label is the declaration."""

    declaration = KindDeclaration(
        name="consent",
        help="A declaration the citizen confirms with a tick. The label is the whole text.",
        offers={"": "yes_no"},
        errors=(*COMMON_ERRORS, "not_an_option"),
        paper=PaperSpace.TICK,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A check box."""
        return schema_node(
            request, Ticked(), deform_widget("CheckboxWidget", template="fields/checkbox")
        )

    def text(self, request: TextRequest) -> str:
        """Yes in words when it was confirmed."""
        return texts_for(request.locale).t("common.yes") if request.value is True else ""


def radio_widget(
    values: tuple[tuple[str, str], ...], hints: Mapping[str, str] | None = None, empty: str = ""
) -> Any:
    """Radio buttons for (value, label) pairs; ``empty`` is told if there are none."""
    return deform_widget(
        "RadioChoiceWidget", template="fields/choice", values=values, hints=hints or {}, empty=empty
    )


def one_of(allowed: Any) -> Any:
    """A validator: one of ``allowed``. Code ``not_an_option``."""
    options = frozenset(allowed)

    def check(node: Any, value: str) -> None:
        if value not in options:
            raise colander.Invalid(node, "not_an_option")

    return check
