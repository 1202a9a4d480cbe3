"""Looking things up: addresses, number plates, entries of a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LookupQuery:
    """What the citizen has typed so far. Personal data.

    :param limit: how many matches are wanted at most
    """

    text: str
    limit: int
    locale: str


@dataclass(frozen=True, slots=True)
class LookupMatch:
    """One thing that was found.

    ``key`` is the register's own lasting id; ``text`` is what the citizen
    chooses by; ``data`` are JSON values that a form may fill in from it.
    """

    key: str
    text: str
    data: Mapping[str, object] = field(default_factory=dict)
