"""Reading date rules, as they are written in definitions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from selvbetjening_core.definitions.danish_holidays import DayOff
from selvbetjening_core.definitions.dates import TODAY, DateRule, Move, Snap, Unit
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed

LARGEST: Mapping[Unit, int] = {
    Unit.DAYS: 36_525,
    Unit.WEEKS: 5_218,
    Unit.MONTHS: 1_200,
    Unit.YEARS: 150,
    Unit.WORKDAYS: 366,
}
"""How far one step may go, so that a slip of the keyboard is found."""

MOVE_PATTERN = re.compile(r"([+-]) ?([0-9]{1,6}) ([a-z]+)", re.ASCII)
BASE_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)
_SHAPE = 'write a date (2026-01-31), "today", the name of a date, or a list: ["today", "+ 30 days"]'
_UNITS = {form: unit for unit in Unit for form in (unit.value, unit.value.removesuffix("s"))}


class DateRuleReader:
    """Reads date rules. What is wrong is reported as ``bad-date-rule``.

    Whether the date a rule begins with exists is for others to check.

    :param days_off: days the solution declares to be no workdays
    """

    def __init__(self, days_off: frozenset[DayOff] = frozenset()) -> None:
        self._days_off = days_off

    def read(self, table: Table, keys: Sequence[str], value: object) -> DateRule | None:
        """The rule ``value``, which stands under ``keys`` in ``table``; None if it is none."""
        parts = value if isinstance(value, list) else [value]
        if not parts:
            _report(table, keys, "the date rule is empty", _SHAPE)
            return None
        base = _base(table, keys, parts[0])
        steps = [_step(table, keys, part) for part in parts[1:]]
        if base is None or None in steps:
            return None
        return DateRule(base, tuple(one for one in steps if one is not None), self._days_off)


def _base(table: Table, keys: Sequence[str], value: object) -> datetime.date | str | None:
    if type(value) is datetime.date:
        return value
    if isinstance(value, str) and BASE_PATTERN.fullmatch(value) and value not in set(Snap):
        return value
    if isinstance(value, str) and (MOVE_PATTERN.fullmatch(value) or value in set(Snap)):
        _report(table, keys, f'"{value}" does not say from what day', f'write ["{TODAY}", …] first')
    else:
        _report(table, keys, f"{_written(value)} is no day", _SHAPE)
    return None


def _step(table: Table, keys: Sequence[str], value: object) -> Move | Snap | None:
    if isinstance(value, str) and value in set(Snap):
        return Snap(value)
    match = MOVE_PATTERN.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[3] not in _UNITS:
        near = closest(value, Snap) if isinstance(value, str) else ""
        unit = closest(match[3], _UNITS) if match else ""
        _report(
            table,
            keys,
            f"{_written(value)} is no step from one day to another{unit or near}",
            f'write "+ 30 days" (or {listed(list(Unit)[1:])}; - goes back), or one of:'
            f" {listed(Snap)}",
        )
        return None
    unit_meant, count = _UNITS[match[3]], int(match[2])
    if not 1 <= count <= LARGEST[unit_meant]:
        _report(
            table,
            keys,
            f"{_written(value)} goes too far, or nowhere",
            f"write 1 to {LARGEST[unit_meant]} {unit_meant}",
        )
        return None
    return Move(count if match[1] == "+" else -count, unit_meant)


def read_days_off(table: Table) -> frozenset[DayOff]:
    """The key ``days_off``: days that are no workdays, beside weekends and holidays."""
    found: set[DayOff] = set()
    for word in table.text_list("days_off", required=False):
        if word in set(DayOff):
            found.add(DayOff(word))
            continue
        table.error(
            "unknown-day-off",
            f'"{word}" is not a day that is known here{closest(word, DayOff)}',
            f"write some of: {listed(DayOff)} (weekends and holidays need not be written)",
            "days_off",
            table.position("days_off", word),
        )
    return frozenset(found)


def _report(table: Table, keys: Sequence[str], message: str, advice: str) -> None:
    table.error("bad-date-rule", message, advice, *keys)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list in a list"
    return f'"{value}"' if isinstance(value, str) else str(value)
