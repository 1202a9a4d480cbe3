"""Reading groups: questions that belong together, reused by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field, Group
from selvbetjening_core.files import Table


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """A group as read, its conditions not yet.

    :param facts: what its own fields tell, under their names in the group
    """

    group: Group
    table: Table
    facts: KnownFacts


@dataclass(frozen=True, slots=True)
class FinishedGroups:
    """Groups with their conditions.

    :param scopes: by the name of a group the facts that are known in it
    """

    groups: tuple[Group, ...] = ()
    scopes: Mapping[str, KnownFacts] = dataclasses.field(default_factory=dict)

    def with_parts(self, field: Field) -> Field:
        """``field`` with the fields of the group that it uses."""
        for group in self.groups:
            if group.name == field.group:
                return dataclasses.replace(field, parts=group.fields)
        return field


def scopes_of(
    read: Mapping[str, ReadGroup], fields: Iterable[Field], facts: KnownFacts
) -> dict[str, KnownFacts]:
    """The facts that are known in each group; an unused one is reported.

    A group's conditions mean the same wherever it is used, so they may ask about
    its own fields, and about what is known before the first place that uses it.
    """
    first: dict[str, str] = {}
    for field in fields:
        if field.group:
            first.setdefault(field.group, field.name)
    for name, one in read.items():
        if name not in first:
            one.table.problems.warning(
                "group-unused",
                one.table.place(),
                f'no field uses the group "{name}"',
                f'use it (kind = "group" or "repeat", group = "{name}"), or take it out',
            )
    return {name: facts.inside(one.facts, first.get(name)) for name, one in read.items()}
