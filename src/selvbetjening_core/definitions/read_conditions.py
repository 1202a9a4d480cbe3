"""Reading conditions, each fact and value checked against what is known."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from selvbetjening_core.definitions.conditions import (
    ORDERING,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Operator,
)
from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.facts import FactType, KnownFacts
from selvbetjening_core.definitions.read_dates import DateRuleReader
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed

_GROUPS: Mapping[str, type[AllOf | AnyOf]] = {"all": AllOf, "any": AnyOf}
_TAKE_LISTS = (Operator.IN, Operator.NOT)
_OPERATORS = frozenset(operator.value for operator in Operator)
_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "number": (int,),
    "text": (str,),
    "choice": (str,),
    "choices": (str,),
    "yes_no": (bool,),
    "date": (datetime.date,),
}
_TAKE_RULES = ORDERING | {Operator.EQUALS}


class ConditionReader:
    """Reads the conditions of one solution.

    :param facts: every fact of the solution
    :param date_rules: reads the days that dates are compared with
    """

    def __init__(self, facts: KnownFacts, date_rules: DateRuleReader | None = None) -> None:
        self._facts = facts
        self._date_rules = date_rules or DateRuleReader()

    def read(self, table: Table, key: str, field: str | None) -> Condition | None:
        """The condition under ``key``, or None where there is none.

        :param field: the field whose page it is asked on; None = at the end.
            A fact that only comes later is an error.
        """
        inner = table.table(key)
        return None if inner is None else self._table(inner, field)

    def _table(self, table: Table, field: str | None) -> Condition:
        if not table.data:
            _report_empty(table)
        parts = [part for key in table.data for part in self._entry(table, key, field)]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _entry(self, table: Table, key: str, field: str | None) -> Iterator[Condition]:
        if key in _GROUPS:
            inner = tuple(self._table(one, field) for one in table.tables(key))
            if table.data[key] == []:
                _report_empty(table, key)
            yield _GROUPS[key](inner)
        else:
            yield from self._fact(table, (key,), table.raw(key), field)

    def _fact(
        self, table: Table, keys: tuple[str, ...], value: Any, field: str | None
    ) -> Iterator[Condition]:
        if not isinstance(value, dict) or not value:
            yield from self._compare(table, keys, value, field)
            return
        for key in value:
            if key not in _OPERATORS and not self._is_misspelt_operator(table, keys, key):
                yield from self._fact(table, (*keys, key), value[key], field)
        operations = {key: wanted for key, wanted in value.items() if key in _OPERATORS}
        if operations:
            yield from self._compare(table, keys, operations, field)

    def _is_misspelt_operator(self, table: Table, keys: tuple[str, ...], word: str) -> bool:
        name = ".".join(keys)
        if self._facts.get(name) is None or self._facts.get(f"{name}.{word}") is not None:
            return False
        near = closest(word, _OPERATORS)
        if near:
            table.error(
                "condition-unknown-operator",
                f'"{name}" cannot be compared with "{word}"{near}',
                f"write one of: {listed(operator.value for operator in Operator)}",
                *keys,
                word,
            )
        return bool(near)

    def _compare(
        self, table: Table, keys: tuple[str, ...], value: Any, field: str | None
    ) -> Iterator[Condition]:
        name = ".".join(keys)
        fact = self._known_fact(table, keys, name, field)
        if value in ({}, []):
            _report_empty(table, *keys)
        for operator, wanted in _operations(value):
            if fact is not None and fact.kind == "date" and operator in _TAKE_RULES:
                rule = self._date_rules.read(table, keys, wanted)
                if rule is not None:
                    self._check_rule(table, keys, fact, rule, field)
                    yield Compare(name, operator, rule)
                continue
            if fact is not None:
                self._check_value(table, keys, fact, operator, wanted)
            yield Compare(name, operator, tuple(wanted) if isinstance(wanted, list) else wanted)

    def _check_rule(
        self,
        table: Table,
        keys: tuple[str, ...],
        fact: FactType,
        rule: DateRule,
        field: str | None,
    ) -> None:
        """A date may be compared with another that is answered before it."""
        source = self._known_fact(table, keys, rule.source, field) if rule.source else None
        if source is None or not self._facts.known_before(source.name, field):
            return
        if not self._facts.known_before(source.name, fact.field):
            table.error(
                "condition-on-later-step",
                f'"{fact.name}" is compared with "{source.name}", which is answered after it',
                f'write it the other way round: what must "{source.name}" be?',
                *keys,
            )
        elif source.kind != "date":
            table.error(
                "condition-wrong-type",
                f'"{fact.name}" is a date, and "{source.name}" is {_described(source)}',
                "compare it with a date",
                *keys,
            )

    def _known_fact(
        self, table: Table, keys: tuple[str, ...], name: str, field: str | None
    ) -> FactType | None:
        fact = self._facts.get(name)
        if self._facts.is_doubtful(name):
            return None
        if fact is None:
            table.error(
                "condition-unknown-fact",
                f'the condition asks about "{name}", which nothing here tells'
                f"{closest(name, self._facts.names())}",
                f"ask about one of: {listed(self._facts.names())}",
                *keys,
            )
        elif not self._facts.known_before(name, field):
            table.error(
                "condition-on-later-step",
                f'the condition asks about "{name}", which is only answered later',
                "ask that question earlier, or take the condition out",
                *keys,
            )
        return fact

    def _check_value(
        self,
        table: Table,
        keys: tuple[str, ...],
        fact: FactType,
        operator: Operator,
        wanted: Any,
    ) -> None:
        if operator is Operator.FILLED:
            if not isinstance(wanted, bool):
                table.error(
                    "condition-wrong-type",
                    "filled needs true or false",
                    "write filled = true",
                    *keys,
                )
            return
        if operator in ORDERING and fact.kind != "number":
            table.error(
                "condition-wrong-type",
                f'"{fact.name}" is {_described(fact)}, and {operator.value}'
                " compares numbers and dates",
                "compare it with a value or a list of values",
                *keys,
            )
            return
        if isinstance(wanted, list) and operator not in _TAKE_LISTS:
            table.error(
                "condition-wrong-type",
                f"{operator.value} compares with one value, not with a list",
                "write one value",
                *keys,
            )
            return
        for value in wanted if isinstance(wanted, list) else [wanted]:
            self._check_one(table, keys, fact, value)

    def _check_one(
        self, table: Table, keys: tuple[str, ...], fact: FactType, value: object
    ) -> None:
        if type(value) not in _PYTHON_TYPES.get(fact.kind, ()):
            table.error(
                "condition-wrong-type",
                f'"{fact.name}" is {_described(fact)}, and {_written(value)} is not',
                "compare it with a value of its own type",
                *keys,
            )
        elif fact.options and value not in fact.options:
            table.error(
                "condition-unknown-option",
                f'"{fact.name}" never has the answer "{value}"{closest(str(value), fact.options)}',
                f"its answers are: {listed(fact.options)}",
                *keys,
            )


def _operations(value: Any) -> Iterator[tuple[Operator, Any]]:
    if isinstance(value, dict):
        for word, wanted in value.items():
            yield Operator(word), wanted
    elif isinstance(value, list):
        yield Operator.IN, value
    else:
        yield Operator.EQUALS, value


def _report_empty(table: Table, *keys: str) -> None:
    table.error(
        "condition-empty",
        "the condition asks nothing",
        "write what it asks about, or take it out",
        *keys,
    )


def _written(value: object) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _described(fact: FactType) -> str:
    return {
        "number": "a number",
        "yes_no": "true or false",
        "choice": "one of its options",
        "choices": "some of its options",
        "group": "a group, which can only be asked whether it is filled,",
        "rows": "a number of rows, which can only be asked whether they are filled,",
        "matrix": "a matrix, which can only be asked whether it is filled,",
        "people": "people, who can only be counted or asked whether any are filled,",
        "files": "files, which can only be asked whether any are filled,",
        "text": "a text",
        "date": "a date (2026-01-31, without quotes)",
    }.get(fact.kind, f"an {fact.kind}, which can only be asked whether it is filled,")
