"""The kind ``date``: day, month and year, in that order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    deform_widget,
    error_code,
    schema_node,
    value_itself,
)
from selvbetjening_core.forms.types import CalendarDate
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts.formats import day
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    TextRequest,
)


@implementer(IFieldKind)
class DateKind:
    """A date, written in three inputs. Stored as ISO text."""

    declaration = KindDeclaration(
        name="date",
        help="A date, asked for as day, month and year.",
        keys=(
            KeyDeclaration("min", "date", "The earliest date that is accepted."),
            KeyDeclaration("max", "date", "The latest date that is accepted."),
        ),
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "date_incomplete", "not_a_date", "too_early", "too_late"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Three inputs."""
        earliest, latest = (_date_setting(request.field, name) for name in ("min", "max"))

        def within(node: Any, value: str) -> None:
            chosen = datetime.date.fromisoformat(value)
            if earliest and chosen < earliest:
                limit = day(earliest, request.locale)
                raise colander.Invalid(node, error_code("too_early", min=limit))
            if latest and chosen > latest:
                limit = day(latest, request.locale)
                raise colander.Invalid(node, error_code("too_late", max=limit))

        widget = deform_widget("DatePartsWidget", template="fields/date", assume_y2k=False)
        return schema_node(request, CalendarDate(), widget, within)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The date as ISO text."""
        return value_itself(request)

    def text(self, request: TextRequest) -> str:
        """The date in words."""
        if not isinstance(request.value, str):
            return ""
        return day(datetime.date.fromisoformat(request.value), request.locale)


def _date_setting(field: Field, name: str) -> datetime.date | None:
    value = field.settings.get(name)
    if isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(value) if isinstance(value, str) else None
