"""Kinds that derive their value: fixed, computed.

They take no answer, so nothing that a browser sends can set them: the value is
derived anew from the facts every time it is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.decision_tables import table_of
from selvbetjening_core.definitions.model import Field, Text
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.common import deform_widget, schema_node, text_setting
from selvbetjening_core.forms.types import PlainText
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.texts.formats import kroner
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

LARGEST_RESULT = 10**15
"""A result stays within this distance from 0, however large the answers."""


def _check_fixed(field: Field) -> Iterator[KeyProblem]:
    if ("value" in field.settings) == ("parameter" in field.settings):
        yield KeyProblem(
            "value",
            "a fixed field has one value, from one place",
            "write either value or parameter",
        )


@implementer(IFieldKind)
class FixedKind:
    """A value that the definition or the municipality sets. Stored as it is set."""

    declaration = KindDeclaration(
        name="fixed",
        help="A value that the definition sets, or a parameter of the municipality. The citizen "
        "cannot change it; it is part of the case, and stands on the summary and the receipt.",
        keys=(
            KeyDeclaration("value", "value", "The value: a text, a whole number, true or false."),
            KeyDeclaration("parameter", "parameter", "The parameter whose value it is."),
            KeyDeclaration("text", "translated", "What is shown in place of the value itself."),
            KeyDeclaration(
                "shown", "yes_no", "Whether it is shown on its step; false if left out."
            ),
        ),
        offers={"": "given"},
        takes_answer=False,
        derives=True,
        errors=(),
        check=_check_fixed,
        paper=PaperSpace.NOTHING,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A read-only text, or nothing.

        :raises NeedsFacts: it is shown, and there are no facts yet
        """
        if request.field.settings.get("shown") is not True:
            return _read_only(request, "fields/unseen")
        if request.facts is None:
            raise NeedsFacts("the text may be a parameter")
        value = _fixed_value(request.field, request.facts)
        text = self.text(TextRequest(request.field, value, request.locale, request.facts))
        return _read_only(request, "fields/fact", text)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The value."""
        value = _fixed_value(request.field, request.facts)
        return {} if value is None else {"": value}

    def text(self, request: TextRequest) -> str:
        """The text that the definition gives for it, else the value in words."""
        given = request.field.settings.get("text")
        if isinstance(given, Text):
            return given.in_language(request.locale)
        if isinstance(request.value, bool):
            return texts_for(request.locale).t("common.yes" if request.value else "common.no")
        return "" if request.value is None else str(request.value)


_ARITHMETIC = ("operation", "of", "shown_as")


def _check_computed(field: Field) -> Iterator[KeyProblem]:
    if "table" not in field.settings:
        yield from _check_arithmetic(field)
        return
    for key in _ARITHMETIC:
        if key in field.settings:
            yield KeyProblem(
                key,
                f'the value is decided by a table, so there is nothing for "{key}" to say',
                f'take out either "{key}" or "table"',
            )


def _check_arithmetic(field: Field) -> Iterator[KeyProblem]:
    for key in ("operation", "of"):
        if key not in field.settings:
            yield KeyProblem(
                key,
                f'"{key}" is missing, so it is not said how the value is computed',
                "write operation and of; or table, to have it decided by a decision table",
            )
            return
    operation, terms = text_setting(field, "operation"), _terms(field)
    if operation == "difference" and len(terms) != 2:
        yield KeyProblem(
            "of",
            f"a difference is of two terms, and here are {len(terms)}",
            "name the term to take from, then the one to take away",
        )
    if operation == "product" and len(terms) < 2:
        yield KeyProblem("of", "a product is of two terms or more", "add a term")


@implementer(IFieldKind)
class ComputedKind:
    """A value computed from earlier answers, by arithmetic or by a decision table.

    In arithmetic what is not answered, or not asked, counts as 0; yes counts as 1
    and no as 0. Whole numbers throughout: nothing is rounded. Stored is a number; of
    a decision table its outcome: a whole number (of an amount the øre), yes or no, or
    an option.
    """

    declaration = KindDeclaration(
        name="computed",
        help="A value computed from answers above it, shown and never asked for: a whole number "
        "by operation and of, where what is not answered counts as 0, yes as 1 and no as 0; "
        "or by table what a decision table decides.",
        keys=(
            KeyDeclaration(
                "operation",
                "text",
                "How it is computed.",
                choices=("sum", "difference", "product"),
            ),
            KeyDeclaration(
                "of",
                "terms",
                'The numbers to compute with, such as ["seats", "parameter.rate", 2]; a '
                "difference takes the second from the first.",
                fact_types=("number", "yes_no"),
            ),
            KeyDeclaration(
                "shown_as",
                "text",
                "How it is shown: as a number, if left out, or as kroner, when it is a number of "
                'øre, as from of = ["rent.ore", "heating.ore"].',
                choices=("number", "kroner"),
            ),
            KeyDeclaration(
                "table",
                "table",
                "The decision table that decides it, in place of operation and of.",
            ),
        ),
        offers={"": "given"},
        takes_answer=False,
        derives=True,
        errors=(),
        check=_check_computed,
        paper=PaperSpace.NOTHING,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A read-only text, and the law that a table's outcome follows from.

        :raises NeedsFacts: there are no facts yet
        """
        if request.facts is None:
            raise NeedsFacts("the value depends on the answers")
        t = texts_for(request.locale).t
        field, table = request.field, table_of(request.field)
        row = table.decided(request.facts, request.today) if table else None
        if row is None and (table or not _is_begun(field, request.facts)):
            return _read_only(request, "fields/fact", t("field.computed.later"))
        value = row.outcome if row else _result(field, request.facts)
        source = t("field.computed.law", law=row.law) if row and row.law else ""
        return _read_only(request, "fields/fact", _written(field, value, request.locale), source)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The value; nothing while a table cannot decide it."""
        table = table_of(request.field)
        if table is None:
            return {"": _result(request.field, request.facts)}
        row = table.decided(request.facts, request.today)
        return {} if row is None else {"": row.outcome}

    def text(self, request: TextRequest) -> str:
        """The value in words: digits, kroner, yes or no, or the option's text."""
        return _written(request.field, request.value, request.locale)


def _written(field: Field, value: object, locale: str) -> str:
    table = table_of(field)
    if isinstance(value, bool):
        return texts_for(locale).t("common.yes" if value else "common.no")
    if isinstance(value, str):
        options = table.options if table else ()
        labels = (one.label.in_language(locale) for one in options if one.value == value)
        return next(labels, value)
    if not isinstance(value, int):
        return ""
    kind = table.kind if table else text_setting(field, "shown_as")
    return kroner(value, locale) if kind in ("amount", "kroner") else str(value)


def _fixed_value(field: Field, facts: Mapping[str, object]) -> object:
    parameter = text_setting(field, "parameter")
    return facts.get(f"parameter.{parameter}") if parameter else field.settings.get("value")


def _terms(field: Field) -> tuple[object, ...]:
    terms = field.settings.get("of")
    return terms if isinstance(terms, tuple) else ()


def _is_begun(field: Field, facts: Mapping[str, object]) -> bool:
    """Whether any of the answers it rests on is there, if it rests on any."""
    names = [term for term in _terms(field) if isinstance(term, str)]
    answers = [name for name in names if not name.startswith("parameter.")]
    return not answers or any(name in facts for name in answers)


def _result(field: Field, facts: Mapping[str, object]) -> int:
    numbers = [_number(term, facts) for term in _terms(field)]
    operation = text_setting(field, "operation")
    if operation == "product":
        found = math.prod(numbers)
    elif operation == "difference":
        found = numbers[0] - sum(numbers[1:])
    else:
        found = sum(numbers)
    return max(-LARGEST_RESULT, min(LARGEST_RESULT, found))


def _number(term: object, facts: Mapping[str, object]) -> int:
    value = facts.get(term) if isinstance(term, str) else term
    return int(value) if isinstance(value, int) else 0


def _read_only(request: NodeRequest, template: str, text: str = "", source: str = "") -> Any:
    widget = deform_widget(
        "TextInputWidget",
        template=template,
        readonly=True,
        lines=(text,) if text else (),
        source_text=source,
    )
    return schema_node(request, PlainText(), widget)
