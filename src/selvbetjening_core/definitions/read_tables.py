"""Reading decision tables: first what they decide, then their rows.

A row's condition may only look back, from the first field that the table decides. So
the rows are read when every field is known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.decision_tables import (
    OUTCOME_TYPES,
    Awaited,
    DecisionTable,
    TableRow,
    table_of,
)
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.definitions.possible_cases import may_be_unknown
from selvbetjening_core.definitions.read_amounts import read_amount
from selvbetjening_core.definitions.read_conditions import ConditionReader
from selvbetjening_core.definitions.read_keys import LARGEST_TERM
from selvbetjening_core.definitions.read_names import check_name
from selvbetjening_core.definitions.read_options import read_options
from selvbetjening_core.definitions.read_texts import Languages
from selvbetjening_core.files import Table
from selvbetjening_core.values import KindDeclaration


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A decision table as read, its rows not yet."""

    decides: DecisionTable
    written: Table


def read_tables(tables: Table | None, languages: Languages) -> dict[str, ReadTable]:
    """The decision tables under ``[table]``, by name, without their rows."""
    found = {}
    for name, inner in tables.named_tables() if tables else ():
        check_name(inner, name, "table")
        kind = inner.choice("kind", tuple(OUTCOME_TYPES), code="unknown-table-kind")
        is_choice = kind == "choice"
        options = read_options(inner, languages, conditional=False) if is_choice else ()
        found[name] = ReadTable(DecisionTable(name, kind, inner.place(), tuple(options)), inner)
    if tables:
        tables.finish("each decision table is a table: [table.name]")
    return found


def with_tables(
    steps: tuple[Step, ...],
    read: Mapping[str, ReadTable],
    kinds: Mapping[str, KindDeclaration],
    facts: KnownFacts,
    conditions: ConditionReader,
) -> tuple[Step, ...]:
    """``steps`` with the rows of the tables that decide their fields; an unused one is told.

    :param kinds: every field kind, by name
    """
    first: dict[str, str] = {}
    for field in (field for step in steps for field in step.fields):
        table = table_of(field)
        if table is not None:
            first.setdefault(table.name, field.name)
    asked = _Asked(steps, kinds, facts)
    finished = {
        name: _finished(one, first.get(name), asked, conditions) for name, one in read.items()
    }
    return tuple(
        dataclasses.replace(step, fields=tuple(_with_table(one, finished) for one in step.fields))
        for step in steps
    )


def _with_table(field: Field, finished: Mapping[str, DecisionTable]) -> Field:
    table = table_of(field)
    if table is None:
        return field
    settings = {
        key: finished[table.name] if one is table else one for key, one in field.settings.items()
    }
    return dataclasses.replace(field, settings=settings)


def _finished(
    read: ReadTable,
    field: str | None,
    asked: _Asked,
    conditions: ConditionReader,
) -> DecisionTable:
    """The table with its rows, which may ask about what comes before ``field``."""
    written = read.written
    rows = tuple(_rows(read, field, conditions))
    if not written.data.get("row") and not written.is_misspelt("row"):
        written.error(
            "table-without-rows",
            "the table decides nothing",
            f"add [[table.{read.decides.name}.row]] with valid_from and outcome",
        )
    written.finish("a decision table has kind, rows, and for a choice options and option")
    if field is None:
        written.problems.warning(
            "table-unused",
            written.place(),
            f'no field is decided by the table "{read.decides.name}"',
            f'use it (kind = "computed", table = "{read.decides.name}"), or take it out',
        )
    table = dataclasses.replace(read.decides, rows=rows)
    return dataclasses.replace(table, awaited=tuple(asked.awaited(table)))


def _rows(read: ReadTable, field: str | None, conditions: ConditionReader) -> Iterator[TableRow]:
    for row in read.written.tables("row"):
        when = conditions.read(row, "when", field)
        valid_from = row.date("valid_from")
        outcome = _outcome(row, read.decides)
        law = row.text("law", required=False)
        row.finish()
        if valid_from is not None and outcome is not None:
            yield TableRow(valid_from, when, outcome, row.place(), law)


def _outcome(row: Table, table: DecisionTable) -> str | int | bool | None:
    """The outcome as the table's kind has it; None where it is missing or another."""
    if table.kind == "amount":
        amount = read_amount(row, "outcome")
        return amount.ore if amount else None
    if table.kind == "choice":
        options = [option.value for option in table.options]
        return row.choice("outcome", options, code="unknown-outcome") or None
    wanted: Mapping[str, type] = {"yes_no": bool, "number": int}
    found = row.raw("outcome")
    if table.kind == "yes_no":
        row.yes_no("outcome")
    elif table.kind == "number":
        row.number("outcome", minimum=-LARGEST_TERM, maximum=LARGEST_TERM)
    return found if type(found) is wanted.get(table.kind) else None  # type: ignore[return-value]


class _Asked:
    """What is asked of the citizen on the steps of a solution."""

    def __init__(
        self, steps: Iterable[Step], kinds: Mapping[str, KindDeclaration], facts: KnownFacts
    ) -> None:
        self._fields = {field.name: (step, field) for step in steps for field in step.fields}
        self._kinds = kinds
        self._facts = facts

    def awaited(self, table: DecisionTable) -> Iterator[Awaited]:
        """What ``table`` rests on and the citizen has to answer."""
        for name in self._rests_on(table.facts()):
            fact, asked = self._facts.get(name), self._asking(name)
            if fact is None or asked is None or may_be_unknown(fact):
                continue
            step, field = asked
            if field.required or field.required_when is not None:
                yield Awaited(name, _given(step.visible, field.visible, field.required_when))

    def _rests_on(self, names: Iterable[str]) -> Iterator[str]:
        """The facts, and those that they are computed from: a sum is there from the start."""
        todo, seen = list(names), set[str]()
        while todo:
            name = todo.pop(0)
            if name not in seen:
                seen.add(name)
                yield name
                asked = self._asking(name)
                todo.extend(self._terms(asked[1]) if asked else ())

    def _asking(self, name: str) -> tuple[Step, Field] | None:
        fact = self._facts.get(name)
        return self._fields.get(fact.field) if fact else None

    def _terms(self, field: Field) -> Iterator[str]:
        for key in self._kinds[field.kind].keys:
            setting = field.settings.get(key.name)
            if key.kind == "terms" and isinstance(setting, tuple):
                yield from (one for one in setting if isinstance(one, str))


def _given(*conditions: Condition | None) -> tuple[Condition, ...]:
    return tuple(one for one in conditions if one is not None)
