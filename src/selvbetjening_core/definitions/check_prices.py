"""Is there exactly one price for every case that can occur?

Every combination of the facts that the conditions ask about is tried, today and
on every later day on which a row comes into force. Combinations that no citizen
can reach, because a question is not shown, are left out; so are days gone by: an
answer that is new today had no price last year.

A date is tried on the days that the conditions compare it with, and on the days
before and after them, counted from each of those days as today.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from selvbetjening_core.definitions.conditions import Compare, comparisons
from selvbetjening_core.definitions.dates import TODAY, DateRule, add_days, day_in
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field, PriceRow, Solution
from selvbetjening_core.definitions.possible_sets import possible_sets
from selvbetjening_core.definitions.prices import applying, rows_on
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import Channel

LARGEST_TABLE = 50_000
OLD_AFTER_DAYS = 365

Facts = dict[str, object]


def check_prices(
    solution: Solution, facts: KnownFacts, today: datetime.date, problems: Problems
) -> None:
    """Report holes, overlaps, and rows that are old or not yet valid."""
    if not solution.prices:
        return
    _check_dates(solution, today, problems)
    _check_twice(solution.prices, problems)
    _check_half_changed(solution.prices, problems)
    domains = _Domains(solution, facts)
    if domains.size() > LARGEST_TABLE:
        problems.error(
            "price-table-too-large",
            solution.prices[0].place,
            f"the prices depend on {domains.size()} combinations of answers",
            "use fewer facts in the conditions, so that the table can be checked",
        )
        return
    for day in _days(solution.prices, today):
        cases = list(domains.reachable(day))
        for channel in _channels(solution.prices):
            if not _check_day(solution.prices, cases, day, channel, problems):
                return


def _check_twice(rows: Sequence[PriceRow], problems: Problems) -> None:
    """Two rows that begin on the same day, for the same case and channel."""
    seen: dict[object, PriceRow] = {}
    for row in rows:
        first = seen.setdefault((row.when, row.valid_from, row.channel), row)
        if first is not row:
            problems.error(
                "price-twice",
                row.place,
                f"the row on line {first.place.line} has the same condition and begins on the"
                f" same day, {row.valid_from}",
                "give the new row the day on which it begins, or take one of the two out",
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


def _days(rows: Sequence[PriceRow], today: datetime.date) -> list[datetime.date]:
    """Today, or the first day with a price; and each later day that changes something."""
    days = {row.valid_from for row in rows}
    start = max(today, min(days))
    return sorted({start} | {day for day in days if day > start})


def _channels(rows: Sequence[PriceRow]) -> list[Channel]:
    """Those that rows name, and one of the rest, which are all alike."""
    named = {row.channel for row in rows}
    rest = [channel for channel in Channel if channel not in named]
    return [channel for channel in Channel if channel in named] + rest[:1]


def _check_day(
    rows: Sequence[PriceRow],
    cases: Sequence[Facts],
    day: datetime.date,
    channel: Channel,
    problems: Problems,
) -> bool:
    in_force = rows_on(rows, day, channel)
    for case in cases:
        found = applying(in_force, case)
        if not found:
            problems.error(
                "price-hole",
                _latest([row for row in rows if row.valid_from <= day]).place,
                f"on {day} no price applies {_told(case, channel, rows)}",
                'add a row for it (amount = "0.00" when it is free)',
            )
            return False
        if len(found) > 1:
            first, second = found[:2]
            problems.error(
                "price-overlap",
                second.place,
                f"on {day} two prices apply {_told(case, channel, rows)}: this row and the"
                f" one on line {first.place.line}",
                "narrow the condition of one of them; or, if the newer is to replace the"
                " older, write the same `when` in both",
            )
            return False
    return True


def _check_dates(solution: Solution, today: datetime.date, problems: Problems) -> None:
    first = min(solution.prices, key=lambda row: row.valid_from)
    newest = _latest(solution.prices)
    if first.valid_from > today:
        problems.error(
            "price-not-yet-valid",
            first.place,
            f"no price is valid before {first.valid_from}",
            "add the rows that are valid today",
        )
    if (today - newest.valid_from).days > OLD_AFTER_DAYS:
        problems.warning(
            "price-old",
            newest.place,
            f"the newest price is from {newest.valid_from}, over 12 months ago",
            "find out whether it still holds; add a row with a new valid_from if not",
        )


def _latest(rows: Sequence[PriceRow]) -> PriceRow:
    return max(rows, key=lambda row: row.valid_from)


def _told(case: Facts, channel: Channel, rows: Sequence[PriceRow]) -> str:
    answers = {name: value for name, value in case.items() if name != TODAY}
    told = [f"{name} = {_value(value)}" for name, value in answers.items() if value is not None]
    if any(row.channel for row in rows):
        told.insert(0, f"the channel is {channel}")
    if told:
        return f"when {', '.join(told)}"
    return "when nothing is answered" if answers else "at all"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Domains:
    """The values each fact can take, as far as the conditions can tell apart."""

    def __init__(self, solution: Solution, facts: KnownFacts) -> None:
        self._solution = solution
        self._facts = facts
        asked = [one for row in solution.prices for one in comparisons(row.when)]
        self._asked = self._with_visibility(asked)
        self._values = {
            name: self._limits_of(name) if self._is_date(name) else self._values_of(name)
            for name in self._in_page_order()
        }

    def size(self) -> int:
        """How many combinations there are."""
        size = 1
        for name, values in self._values.items():
            size *= max(1, 3 * len(values)) if self._is_date(name) else len(values)
        return size

    def reachable(self, today: datetime.date) -> Iterator[Facts]:
        """Every combination that some citizen can reach ``today``."""
        yield from self._extend({TODAY: today}, list(self._values))

    def _extend(self, case: Facts, names: list[str]) -> Iterator[Facts]:
        if not names:
            yield case
            return
        name, *rest = names
        for value in self._possible(name, case):
            yield from self._extend({**case, name: value}, rest)

    def _possible(self, name: str, case: Facts) -> Sequence[object]:
        field = self._field_of(name)
        values = self._dates(name, case) if self._is_date(name) else self._values[name]
        if field is None:
            return values
        if not self._is_shown(field, case):
            return (None,)
        return values if _is_certain(field, name) else (*values, None)

    def _is_date(self, name: str) -> bool:
        fact = self._facts.get(name)
        return fact is not None and fact.kind == "date"

    def _dates(self, name: str, case: Facts) -> Sequence[object]:
        """The days around each limit, in ``case``; the day itself where there is no limit."""
        limits = (_limit(value, case) for value in self._values[name])
        days = {add_days(limit, step) for limit in limits if limit for step in (-1, 0, 1)}
        return sorted(days) or [case[TODAY]]

    def _is_shown(self, field: Field, case: Facts) -> bool:
        step = self._solution.step(field.step)
        conditions = (field.visible, step.visible if step else None)
        return all(one is None or one.holds(case) for one in conditions)

    def _field_of(self, name: str) -> Field | None:
        fact = self._facts.get(name)
        return next((f for f in self._solution.fields() if fact and f.name == fact.field), None)

    def _with_visibility(self, asked: list[Compare]) -> list[Compare]:
        """The comparisons, and those that decide whether their facts are shown."""
        todo, done = list(asked), []
        seen: set[str] = set()
        while todo:
            one = todo.pop()
            done.append(one)
            for field in map(self._field_of, _facts_in(one)):
                if field is not None and field.name not in seen:
                    seen.add(field.name)
                    step = self._solution.step(field.step)
                    todo.extend(comparisons(field.visible))
                    todo.extend(comparisons(step.visible if step else None))
        return done

    def _in_page_order(self) -> list[str]:
        asked = {name for one in self._asked for name in _facts_in(one)}
        return [name for name in self._facts.names() if name in asked]

    def _values_of(self, name: str) -> tuple[object, ...]:
        fact = self._facts.get(name)
        kind = fact.kind if fact else ""
        mentioned = _mentioned(self._asked, name)
        if fact and kind == "choice":
            return fact.options
        if kind == "choices":
            field = self._field_of(name)
            return possible_sets(field, mentioned, LARGEST_TABLE + 1) if field else ()
        if kind == "yes_no":
            return (True, False)
        if kind == "number":
            numbers = {one for one in mentioned if type(one) is int} or {0}
            return tuple(sorted({n + step for n in numbers for step in (-1, 0, 1)}))
        if kind in ("address", "matrix", "group", "rows", "people"):
            # Somebody in the register may have none.
            return ("…", None)
        return (*(one for one in mentioned if isinstance(one, str)), "…")

    def _limits_of(self, name: str) -> tuple[object, ...]:
        """What a date is compared with, and whatever those are that are compared with it.

        It becomes days only when today and earlier dates are known.
        """
        linked = {one.fact: None for one in self._asked if name in _facts_in(one)}
        return tuple(value for fact in linked for value in _mentioned(self._asked, fact))


def _is_certain(field: Field, fact: str) -> bool:
    """Is ``fact`` always told where ``field``, which tells it, is shown?"""
    name = fact.removeprefix(f"{field.name}.").partition(".")[0]
    part = next((one for one in field.parts if one.name == name), None)
    return field.required and (part is None or (part.required and part.visible is None))


def _facts_in(one: Compare) -> tuple[str, ...]:
    """The facts a comparison asks about."""
    source = one.value.source if isinstance(one.value, DateRule) else ""
    return (one.fact, source) if source else (one.fact,)


def _limit(value: object, case: Facts) -> datetime.date | None:
    """A day that a date is compared with; None where it begins with one not answered yet."""
    return value.day(case) if isinstance(value, DateRule) else day_in({"": value}, "")


def _mentioned(asked: Sequence[Compare], name: str) -> tuple[object, ...]:
    values: Mapping[object, None] = {
        value: None
        for one in asked
        if one.fact == name
        for value in (one.value if isinstance(one.value, tuple) else (one.value,))
    }
    return tuple(values)
