"""Does exactly one dated row apply to every case that can occur?

Every case is tried, today and on every later day on which something begins. Days gone
by are left out: an answer that is new today had no row last year.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from selvbetjening_core.definitions.dated_rows import DatedRow, Row, applying, in_force
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.possible_cases import LARGEST_TABLE, Facts, PossibleCases
from selvbetjening_core.problems import Problems


@dataclass(frozen=True, slots=True)
class Wording:
    """What rows are called in problems.

    :param code: what the codes of their problems begin with
    :param too_large: the code where there are too many cases
    :param row: one of them, such as ``price``
    :param filler: what to do about a hole
    """

    code: str
    too_large: str
    row: str
    filler: str


@dataclass(frozen=True, slots=True)
class Day:
    """The rows in force on one day, for all cases or for some of them.

    :param told: what is said of those cases besides their answers; may be empty
    """

    date: datetime.date
    rows: Sequence[DatedRow]
    told: str = ""


def check_twice(
    rows: Sequence[Row], same: Callable[[Row], Hashable], wording: Wording, problems: Problems
) -> None:
    """Two rows that begin on the same day for the same cases.

    :param same: what is equal for those cases alone
    """
    seen: dict[Hashable, Row] = {}
    for row in rows:
        first = seen.setdefault((row.valid_from, same(row)), row)
        if first is not row:
            problems.error(
                f"{wording.code}-twice",
                row.place,
                f"the row on line {first.place.line} has the same condition and begins on the"
                f" same day, {row.valid_from}",
                "give the new row the day on which it begins, or take one of the two out",
            )


def check_begun(
    rows: Sequence[DatedRow], today: datetime.date, wording: Wording, problems: Problems
) -> None:
    """Rows of which none is valid yet."""
    first = min(rows, key=lambda row: row.valid_from)
    if first.valid_from > today:
        problems.error(
            f"{wording.code}-not-yet-valid",
            first.place,
            f"no {wording.row} is valid before {first.valid_from}",
            "add the rows that are valid today",
        )


def check_size(
    rows: Sequence[DatedRow],
    subject: str,
    cases: PossibleCases,
    wording: Wording,
    problems: Problems,
) -> bool:
    """Are the cases few enough to be tried?

    :param subject: what depends on them, such as ``the prices depend``
    """
    if cases.size() <= LARGEST_TABLE:
        return True
    problems.error(
        wording.too_large,
        rows[0].place,
        f"{subject} on {cases.size()} combinations of answers",
        "use fewer facts in the conditions, so that the table can be checked",
    )
    return False


def days_of_change(
    rows: Sequence[DatedRow], cases: PossibleCases, today: datetime.date
) -> list[datetime.date]:
    """Today, or the first day with a row; and each later day that changes something."""
    days = {row.valid_from for row in rows}
    start = max(today, min(days))
    return sorted({start} | {day for day in days | cases.days() if day > start})


def check_day(
    day: Day,
    cases: Iterable[Facts],
    rows: Sequence[DatedRow],
    wording: Wording,
    problems: Problems,
) -> bool:
    """Whether exactly one row applies to each of ``cases``; the first that is wrong is told."""
    for case in cases:
        found = applying(day.rows, case)
        if not found:
            problems.error(
                f"{wording.code}-hole",
                latest([row for row in rows if row.valid_from <= day.date]).place,
                f"on {day.date} no {wording.row} applies {_told(case, day.told)}",
                wording.filler,
            )
            return False
        if len(found) > 1:
            first, second = found[:2]
            problems.error(
                f"{wording.code}-overlap",
                second.place,
                f"on {day.date} two {wording.row}s apply {_told(case, day.told)}: this row and"
                f" the one on line {first.place.line}",
                "narrow the condition of one of them; or, if the newer is to replace the"
                " older, write the same `when` in both",
            )
            return False
    return True


def check_every_day(
    rows: Sequence[DatedRow],
    cases: PossibleCases,
    today: datetime.date,
    wording: Wording,
    problems: Problems,
) -> None:
    """The same on every day that changes something, for rows that are for all."""
    for date in days_of_change(rows, cases, today):
        day = Day(date, in_force(rows, date))
        if not check_day(day, cases.reachable(date), rows, wording, problems):
            return


def latest(rows: Sequence[Row]) -> Row:
    """The row that begins last."""
    return max(rows, key=lambda row: row.valid_from)


def _told(case: Mapping[str, object], more: str) -> str:
    answers = {name: value for name, value in case.items() if name != TODAY}
    told = [more] if more else []
    told += [f"{name} = {_value(value)}" for name, value in answers.items() if value is not None]
    if told:
        return f"when {', '.join(told)}"
    return "when nothing is answered" if answers else "at all"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
