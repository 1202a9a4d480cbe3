"""On which steps is it needed what the register of persons answered?

It is sealed personal data of a whole family, so a page that says nothing of it does not
open it. What is needed can be seen in the definition: a kind says that it asks the
register, and a key or a condition names the fact it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from selvbetjening_core.definitions.conditions import Condition, comparisons
from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.decision_tables import DecisionTable
from selvbetjening_core.definitions.given import keys_of
from selvbetjening_core.definitions.model import Field, Solution
from selvbetjening_core.interfaces import IFieldKind

_NAMING = ("fact", "terms", "date_rule", "table")
"""Kinds of keys that name facts."""


def steps_that_tell_of_people(
    solution: Solution, kinds: Mapping[str, IFieldKind]
) -> frozenset[str]:
    """The names of the steps whose page depends on the register's answer.

    All of them where a condition or something derived does: what is shown, and which
    steps there are, then depends on it everywhere.
    """
    fields = tuple(field for step in solution.steps for field in step.fields)
    people = {field.name for field in fields if _asks_register(field, kinds)}
    everywhere = {name for step in solution.steps for name in _in_condition(step.visible)}
    for field in _with_parts(fields):
        everywhere |= set(_in_conditions(field))
        if field.can_be_given or kinds[field.kind].declaration.derives:
            everywhere |= set(_in_keys(field, kinds))
    if _is_about(people, everywhere):
        return frozenset(step.name for step in solution.steps)
    return frozenset(
        step.name
        for step in solution.steps
        if any(_asks_register(one, kinds) for one in _with_parts(step.fields))
        or _is_about(people, (n for one in _with_parts(step.fields) for n in _in_keys(one, kinds)))
    )


def _asks_register(field: Field, kinds: Mapping[str, IFieldKind]) -> bool:
    return kinds[field.kind].declaration.asks_register


def _with_parts(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from field.parts


def _is_about(people: set[str], facts: Iterable[str]) -> bool:
    return any(name.partition(".")[0] in people for name in facts)


def _in_conditions(field: Field) -> Iterator[str]:
    own = (field.visible, field.required_when, field.read_only_when)
    for condition in (*own, *(option.when for option in field.options)):
        yield from _in_condition(condition)


def _in_condition(condition: Condition | None) -> Iterator[str]:
    for one in comparisons(condition):
        yield one.fact
        if isinstance(one.value, DateRule):
            yield one.value.source


def _in_keys(field: Field, kinds: Mapping[str, IFieldKind]) -> Iterator[str]:
    for key in keys_of(kinds[field.kind].declaration):
        if key.kind in _NAMING:
            yield from _in_setting(field.settings.get(key.name))


def _in_setting(setting: object) -> Iterator[str]:
    for one in setting if isinstance(setting, tuple) else (setting,):
        if isinstance(one, DateRule):
            yield one.source
        elif isinstance(one, DecisionTable):
            yield from one.facts()
        elif isinstance(one, str):
            yield one
