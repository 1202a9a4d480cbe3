"""Which sets of options an answer with several options can be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from selvbetjening_core.definitions.model import Field

OTHER = "…"
"""Stands for options that no condition asks about."""


def possible_sets(
    field: Field, asked_about: Sequence[object], limit: int
) -> tuple[tuple[str, ...], ...]:
    """Every set of the options ``asked_about`` that an answer can have among it.

    An answer that has none of them has another option. No more than ``limit``
    sets are made: there are twice as many for each option more.
    """
    return tuple(itertools.islice(_sets(field, asked_about), limit))


def _sets(field: Field, asked_about: Sequence[object]) -> Iterator[tuple[str, ...]]:
    none = field.settings.get("none_of_these")
    together = [one.value for one in field.options if one.value != none]
    told_apart = [value for value in together if value in asked_about]
    others = len(together) - len(told_apart)
    least, most = _limits(field, len(together))
    if others >= least or (none is not None and none not in asked_about):
        yield (OTHER,)
    if isinstance(none, str) and none in asked_about:
        yield (none,)
    for size in range(max(1, least - others), min(most, len(told_apart)) + 1):
        yield from itertools.combinations(told_apart, size)


def _limits(field: Field, options: int) -> tuple[int, int]:
    least, most = field.settings.get("at_least"), field.settings.get("at_most")
    return (least if isinstance(least, int) else 1, most if isinstance(most, int) else options)
