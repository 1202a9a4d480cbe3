"""Is there exactly one price for every case that can occur, in every channel?"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from selvbetjening_core.definitions.check_rows import (
    Fault,
    check_begun,
    check_size,
    check_twice,
    days_of_change,
    first_fault,
    latest,
    report_hole,
    report_overlap,
)
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import PriceRow, Solution
from selvbetjening_core.definitions.possible_cases import PossibleCases
from selvbetjening_core.definitions.prices import rows_on
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import Channel

OLD_AFTER_DAYS = 365


def check_prices(
    solution: Solution, facts: KnownFacts, today: datetime.date, problems: Problems
) -> None:
    """Report holes, overlaps, and rows that are old or not yet valid."""
    rows = solution.prices
    if not rows:
        return
    check_begun(rows, today, "price", "price-not-yet-valid", problems)
    _check_old(rows, today, problems)
    check_twice(rows, lambda row: (row.when, row.channel), "price-twice", problems)
    _check_half_changed(rows, problems)
    cases = PossibleCases(solution, facts, [row.when for row in rows])
    if check_size(rows[0], "the prices depend", cases, "price-table-too-large", problems):
        _check_cases(rows, cases, today, problems)


def _check_cases(
    rows: Sequence[PriceRow], cases: PossibleCases, today: datetime.date, problems: Problems
) -> None:
    for day in days_of_change(rows, cases, today):
        reachable = list(cases.reachable(day))
        for channel in _channels(rows):
            told = f"the channel is {channel}" if any(row.channel for row in rows) else ""
            fault = first_fault(rows_on(rows, day, channel), reachable, day, told)
            if fault is not None:
                _report(fault, rows, problems)
                return


def _report(fault: Fault, rows: Sequence[PriceRow], problems: Problems) -> None:
    if fault.found:
        report_overlap(fault, "prices", "price-overlap", problems)
        return
    advice = 'add a row for it (amount = "0.00" when it is free)'
    report_hole(fault, rows, "price", advice, "price-hole", problems)


def _check_old(rows: Sequence[PriceRow], today: datetime.date, problems: Problems) -> None:
    newest = latest(rows)
    if (today - newest.valid_from).days > OLD_AFTER_DAYS:
        problems.warning(
            "price-old",
            newest.place,
            f"the newest price is from {newest.valid_from}, over 12 months ago",
            "find out whether it still holds; add a row with a new valid_from if not",
        )


def _check_half_changed(rows: Sequence[PriceRow], problems: Problems) -> None:
    """A fee that stands in several rows, and was changed in some of them only.

    They are taken for one fee where they began on the same day with the same
    amount. It may be meant so: nobody is stopped.
    """
    followers = {id(row): _follower(row, rows) for row in rows}
    for row in rows:
        follower = followers[id(row)]
        if follower is None or row.amount.ore in (0, follower.amount.ore):
            continue
        for other in rows:
            is_same_fee = (other.valid_from, other.amount) == (row.valid_from, row.amount)
            if is_same_fee and followers[id(other)] is None and other.when != row.when:
                problems.warning(
                    "price-half-changed",
                    other.place,
                    f"from {follower.valid_from} the fee that was {row.amount} is"
                    f" {follower.amount} on line {follower.place.line}, and here it stays",
                    "add a row with the new fee for this condition, too, if they are to follow"
                    " each other",
                )


def _follower(row: PriceRow, rows: Sequence[PriceRow]) -> PriceRow | None:
    """The row that replaces ``row``, if one does."""
    later = [
        other
        for other in rows
        if (other.when, other.channel) == (row.when, row.channel)
        and other.valid_from > row.valid_from
    ]
    return min(later, key=lambda other: other.valid_from, default=None)


def _channels(rows: Sequence[PriceRow]) -> list[Channel]:
    """Those that rows name, and one of the rest, which are all alike."""
    named = {row.channel for row in rows}
    rest = [channel for channel in Channel if channel not in named]
    return [channel for channel in Channel if channel in named] + rest[:1]
