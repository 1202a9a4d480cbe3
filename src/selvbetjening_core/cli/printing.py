"""Tables and ages, as commands print them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import click


def age_in_words(age: datetime.timedelta) -> str:
    """The two greatest units: ``3 d 4 h``, ``2 h 5 min``, ``0 min``."""
    minutes = max(int(age.total_seconds()), 0) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def moment(at: datetime.datetime) -> str:
    """A moment, in UTC: ``2026-11-22 14:05``."""
    return f"{at:%Y-%m-%d %H:%M}"


def print_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one runs on."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    for line in (head, *lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """What is told of one thing: a name and a value on each line."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name.ljust(width)}  {value}".rstrip())
