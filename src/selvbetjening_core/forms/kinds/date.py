"""The kind ``date``: day, month and year, in that order."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.dates import TODAY, DateRule, empty_window, whole_years
from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    deform_widget,
    error_code,
    schema_node,
)
from selvbetjening_core.forms.types import CalendarDate
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts.formats import day
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

_DATE = ("date",)


def _check(field: Field) -> Iterator[KeyProblem]:
    earliest, latest = _limits(field)
    empty = empty_window(earliest, latest) if earliest and latest else None
    if empty is not None:
        yield KeyProblem(
            "latest",
            f"no date can be answered: the earliest would be {empty[0]}, the latest {empty[1]}",
            "write a latest that never comes before the earliest",
        )


@implementer(IFieldKind)
class DateKind:
    """A date, written in three inputs. Stored as ISO text.

    Its limits may depend on the day, and on dates answered before. Where such
    a date has no answer, the limit falls away.
    """

    declaration = KindDeclaration(
        name="date",
        help="A date, asked for as day, month and year.",
        keys=(
            KeyDeclaration(
                "earliest", "date_rule", "The earliest date that is accepted.", fact_types=_DATE
            ),
            KeyDeclaration(
                "latest", "date_rule", "The latest date that is accepted.", fact_types=_DATE
            ),
            KeyDeclaration(
                "age_on",
                "date_rule",
                "The day on which the fact age is counted, in whole years from the date that is"
                " answered; today if left out.",
                fact_types=_DATE,
            ),
        ),
        check=_check,
        offers={"": "date", "age": "number"},
        errors=(*COMMON_ERRORS, "date_incomplete", "not_a_date", "too_early", "too_late"),
        paper=PaperSpace.DATE,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Three inputs.

        :raises NeedsFacts: a limit depends on the day or on another answer, and
            there are no facts yet
        """
        limits = [rule for rule in _limits(request.field) if rule is not None]
        if request.facts is None and not all(rule.is_fixed for rule in limits):
            raise NeedsFacts("the limits depend on the day or on another answer", shown_alike=True)
        earliest, latest = _window(request.field, request.facts or {}, request.today)

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
        """The date, and the years since then.

        Nothing for a date that is outside its limits by now: an earlier answer
        was changed, or a day went by. It is asked for again. So is what an
        earlier definition accepted and is no date.
        """
        try:
            chosen = datetime.date.fromisoformat(str(request.value))
        except ValueError:
            return {}
        earliest, latest = _window(request.field, request.facts, request.today)
        if (earliest and chosen < earliest) or (latest and chosen > latest):
            return {}
        counted_on = _rule(request.field, "age_on") or DateRule(TODAY)
        until = counted_on.day(_known(request.facts, request.today))
        age = {} if until is None else {"age": whole_years(chosen, until)}
        return {"": chosen, **age}

    def text(self, request: TextRequest) -> str:
        """The date in words."""
        if not isinstance(request.value, str):
            return ""
        return day(datetime.date.fromisoformat(request.value), request.locale)


def _window(
    field: Field, facts: Mapping[str, object], today: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last day accepted; None where there is no limit."""
    known = _known(facts, today)
    earliest, latest = (rule.day(known) if rule else None for rule in _limits(field))
    return earliest, latest


def _known(facts: Mapping[str, object], today: datetime.date) -> Mapping[str, object]:
    """``facts`` with today; the same mapping where they have it, as they mostly do."""
    return facts if facts.get(TODAY) == today else {**facts, TODAY: today}


def _limits(field: Field) -> tuple[DateRule | None, DateRule | None]:
    return _rule(field, "earliest"), _rule(field, "latest")


def _rule(field: Field, name: str) -> DateRule | None:
    value = field.settings.get(name)
    return value if isinstance(value, DateRule) else None
