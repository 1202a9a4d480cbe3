"""Kinds that take several choices: choices, matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field, Option
from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    deform_widget,
    error_code,
    number_setting,
    schema_node,
    text_setting,
)
from selvbetjening_core.forms.types import ChosenInRows, ChosenSeveral
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)


def _check_choices(field: Field) -> Iterator[KeyProblem]:
    least, most = number_setting(field, "at_least"), number_setting(field, "at_most")
    together = [one for one in field.options if one.value != _none_of_these(field)]
    for key, limit in (("at_least", least), ("at_most", most)):
        if limit is not None and limit > len(together):
            yield KeyProblem(
                key,
                f"{key} is {limit}, and only {len(together)} options can be chosen together",
                f"write a number up to {len(together)}, or add options",
            )
    always = [one for one in together if one.when is None]
    if least is not None and len(always) < least <= len(together):
        yield KeyProblem(
            "at_least",
            f"at_least is {least}, and only {len(always)} options are always offered",
            f"write a number up to {len(always)}, or take the condition off an option",
        )
    if least is not None and most is not None and least > most:
        yield KeyProblem(
            "at_least",
            f"at_least is {least} and at_most is {most}: no answer is both",
            "write an at_least that is not above at_most",
        )


@implementer(IFieldKind)
class ChoicesKind:
    """Several of the options that the definition lists.

    Stored as a list of the options' values, in the definition's order.
    """

    declaration = KindDeclaration(
        name="choices",
        help="One or more answers out of a list of options, shown as check boxes. A condition "
        'asks whether an option is among the chosen: aids = "cane".',
        keys=(
            KeyDeclaration("at_least", "number", "How many must be chosen, if any are.", minimum=1),
            KeyDeclaration("at_most", "number", "How many may be chosen.", minimum=1),
            KeyDeclaration(
                "none_of_these",
                "option",
                "The option that says none of the others; it can only be chosen alone.",
            ),
        ),
        offers={"": "choices", "count": "number"},
        errors=(
            *COMMON_ERRORS,
            "not_an_option",
            "no_longer_offered",
            "too_few",
            "too_many",
            "none_and_others",
        ),
        takes_options=True,
        check=_check_choices,
        paper=PaperSpace.SOME_OF,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Check boxes."""
        widget = deform_widget(
            "CheckboxChoiceWidget",
            template="fields/choices",
            values=_shown(request.field.options, request.locale),
        )
        return schema_node(request, ChosenSeveral(), widget, _allowed_together(request))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The chosen values, and how many; none of these is none."""
        if not isinstance(request.value, list):
            return {}
        chosen = tuple(request.value)
        none = _none_of_these(request.field)
        return {"": chosen, "count": sum(value != none for value in chosen)}

    def text(self, request: TextRequest) -> str:
        """The chosen options' labels, one a line."""
        chosen = request.value if isinstance(request.value, list) else []
        return "\n".join(
            option.label.in_language(request.locale)
            for option in request.field.options
            if option.value in chosen
        )


def _check_matrix(field: Field) -> Iterator[KeyProblem]:
    hinted = [option.value for option in field.options if option.hint]
    if hinted:
        yield KeyProblem(
            "options",
            f'the option "{hinted[0]}" has a hint, for which a matrix has no room',
            "say it in the field's hint, or in the hint of a row",
        )


@implementer(IFieldKind)
class MatrixKind:
    """The same choice for each of several rows.

    Stored as an object from a row's value to the chosen option's.
    """

    declaration = KindDeclaration(
        name="matrix",
        help="The same options for each of several rows, shown as a table. The rows are listed "
        "in rows, with their texts in row, as options are. A condition asks about one row: "
        'needs.cleaning = "often".',
        offers={"": "matrix"},
        errors=(*COMMON_ERRORS, "not_an_option", "no_longer_offered", "row_missing"),
        takes_options=True,
        takes_rows=True,
        check=_check_matrix,
        paper=PaperSpace.TABLE,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Radio buttons in a table."""
        field, locale = request.field, request.locale
        widget = deform_widget(
            "RadioChoiceWidget",
            template="fields/matrix",
            values=_shown(field.options, locale),
            rows_of_matrix=_shown(field.rows, locale),
        )
        return schema_node(request, ChosenInRows(), widget, _answered_in_rows(request))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The whole, and each row's chosen value under the row's name."""
        if not isinstance(request.value, Mapping):
            return {}
        return {"": request.value, **request.value}

    def text(self, request: TextRequest) -> str:
        """Each row with the chosen option's label, one a line."""
        chosen = request.value if isinstance(request.value, Mapping) else {}
        labels = {o.value: o.label.in_language(request.locale) for o in request.field.options}
        return "\n".join(
            f"{row.label.in_language(request.locale)}: {labels[chosen[row.value]]}"
            for row in request.field.rows
            if chosen.get(row.value) in labels
        )


def _none_of_these(field: Field) -> str:
    return text_setting(field, "none_of_these")


def _shown(options: Sequence[Option], locale: str) -> tuple[tuple[str, str, str], ...]:
    """Value, label and hint of each."""
    return tuple(
        (o.value, o.label.in_language(locale), o.hint.in_language(locale) if o.hint else "")
        for o in options
    )


def _allowed_together(request: NodeRequest) -> Any:
    field = request.field
    order = tuple(option.value for option in field.options)
    labels = {option.value: option.label.in_language(request.locale) for option in field.options}
    none = _none_of_these(field)
    least, most = number_setting(field, "at_least"), number_setting(field, "at_most")

    def check(node: Any, chosen: list[str]) -> None:
        if chosen != [value for value in order if value in chosen]:
            raise colander.Invalid(node, "not_an_option")
        if chosen == [none]:
            return
        if none in chosen:
            raise colander.Invalid(node, error_code("none_and_others", none=labels[none]))
        if least is not None and len(chosen) < least:
            raise colander.Invalid(node, error_code("too_few", min=least))
        if most is not None and len(chosen) > most:
            raise colander.Invalid(node, error_code("too_many", max=most))

    return check


def _answered_in_rows(request: NodeRequest) -> Any:
    field = request.field
    values = {option.value for option in field.options}
    rows = {row.value: row.label.in_language(request.locale) for row in field.rows}

    def check(node: Any, chosen: Mapping[str, str]) -> None:
        if not (chosen.keys() <= rows.keys() and values.issuperset(chosen.values())):
            raise colander.Invalid(node, "not_an_option")
        missing = [label for row, label in rows.items() if row not in chosen]
        if field.required and missing:
            raise colander.Invalid(node, error_code("row_missing", row=missing[0]))

    return check
