"""Sections of a step: a heading, and the fields below it up to the next one."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence

from selvbetjening_core.definitions.conditions import AllOf, Condition
from selvbetjening_core.definitions.model import SECTION, Field
from selvbetjening_core.files import Table


def shown_with_section(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields of a step, those of a section that has a condition shown only with it."""
    condition: Condition | None = None
    for field in fields:
        if field.kind == SECTION:
            condition = field.visible
            yield field
        else:
            yield dataclasses.replace(field, visible=_both(condition, field.visible))


def check_sections(tables: Sequence[tuple[str, Table]]) -> None:
    """Report each section that heads nothing.

    :param tables: the fields of a step as they are written, by name
    """
    kinds = [inner.data.get("kind") for _, inner in tables]
    pairs = itertools.pairwise((*kinds, SECTION))
    for (name, inner), (kind, after) in zip(tables, pairs, strict=True):
        if kind == after == SECTION:
            inner.error(
                "empty-section",
                f'nothing stands in the section "{name}"',
                "put its fields below it, before the next section, or take it out",
            )


def _both(section: Condition | None, own: Condition | None) -> Condition | None:
    if section is None or own is None:
        return section or own
    return AllOf((section, own))
