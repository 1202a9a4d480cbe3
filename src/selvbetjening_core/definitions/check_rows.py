"""Does exactly one dated row apply to every case that can occur?

Every case is tried, today and on every later day on which something begins. Days gone
by are left out: an answer that is new today had no row last year.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from selvbetjening_core.definitions.dated_rows import DatedRow, Row, applying
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.possible_cases import LARGEST_TABLE, Facts, PossibleCases
from selvbetjening_core.problems import Problems


@dataclass(frozen=True, slots=True)
class Fault:
    """A case in which not exactly one row applies on a day.

    :param found: the rows that do; none, or several
    :param told: what is to be said of the case beside its answers; may be empty
    """

    day: datetime.date
    case: Facts
    found: tuple[DatedRow, ...]
    told: str = ""


def check_twice(
    rows: Sequence[Row], same: Callable[[Row], Hashable], code: str, problems: Problems
) -> None:
    """Report two rows that begin on the same day for the same cases.

    :param same: what is equal for those cases alone
    """
    seen: dict[Hashable, Row] = {}
    for row in rows:
        first = seen.setdefault((row.valid_from, same(row)), row)
        if first is not row:
            problems.error(
                code,
                row.place,
                f"the row on line {first.place.line} has the same condition and begins on the"
                f" same day, {row.valid_from}",
                "give the new row the day on which it begins, or take one of the two out",
            )


def check_begun(
    rows: Sequence[DatedRow], today: datetime.date, word: str, code: str, problems: Problems
) -> None:
    """Report rows of which none is valid yet.

    :param word: what one of them is called
    """
    first = min(rows, key=lambda row: row.valid_from)
    if first.valid_from > today:
        problems.error(
            code,
            first.place,
            f"no {word} is valid before {first.valid_from}",
            "add the rows that are valid today",
        )


def check_size(
    row: DatedRow, subject: str, cases: PossibleCases, code: str, problems: Problems
) -> bool:
    """Whether the cases are few enough to be tried; reported where they are not.

    :param row: where to report it
    :param subject: what depends on them, such as ``the prices depend``
    """
    size = cases.size()
    if size > LARGEST_TABLE:
        problems.error(
            code,
            row.place,
            f"{subject} on {size} combinations of answers",
            "use fewer facts in the conditions, so that the table can be checked",
        )
    return size <= LARGEST_TABLE


def days_of_change(
    rows: Sequence[DatedRow], cases: PossibleCases, today: datetime.date
) -> list[datetime.date]:
    """Today, or the first day with a row; and each later day that changes something."""
    days = {row.valid_from for row in rows}
    start = max(today, min(days))
    return sorted({start} | {day for day in days | cases.days() if day > start})


def first_fault(
    rows: Sequence[DatedRow], cases: Iterable[Facts], day: datetime.date, told: str = ""
) -> Fault | None:
    """The first of ``cases`` in which not exactly one of ``rows`` applies.

    :param rows: those in force on ``day``
    :param told: as in :class:`Fault`
    """
    for case in cases:
        found = applying(rows, case)
        if len(found) != 1:
            return Fault(day, case, found, told)
    return None


def report_hole(
    fault: Fault, rows: Sequence[DatedRow], word: str, advice: str, code: str, problems: Problems
) -> None:
    """No row applies.

    :param rows: all rows there are; told is the place of the newest that had begun
    :param word: what a row is called
    """
    begun = [row for row in rows if row.valid_from <= fault.day]
    problems.error(
        code,
        latest(begun).place,
        f"on {fault.day} no {word} applies {_told(fault)}",
        advice,
    )


def report_overlap(fault: Fault, word: str, code: str, problems: Problems) -> None:
    """Several rows apply.

    :param word: what rows are called
    """
    first, second = fault.found[:2]
    problems.error(
        code,
        second.place,
        f"on {fault.day} two {word} apply {_told(fault)}: this row and the one on line"
        f" {first.place.line}",
        "narrow the condition of one of them; or, if the newer is to replace the older, write"
        " the same `when` in both",
    )


def latest(rows: Sequence[Row]) -> Row:
    """The row that begins last."""
    return max(rows, key=lambda row: row.valid_from)


def _told(fault: Fault) -> str:
    answers = {name: value for name, value in fault.case.items() if name != TODAY}
    told = [fault.told] if fault.told else []
    told += [f"{name} = {_value(value)}" for name, value in answers.items() if value is not None]
    if told:
        return f"when {', '.join(told)}"
    return "when nothing is answered" if answers else "at all"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
