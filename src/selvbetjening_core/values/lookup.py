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


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was found for one field of a page that was sent. Personal data.

    :param matches: the best first; what the citizen chose or had before is among them
    :param is_away: nobody could be asked, so that what was typed counts as it is
    :param is_settled: it is what was kept before, so that there is nothing to choose
    """

    matches: tuple[LookupMatch, ...] = ()
    is_away: bool = False
    is_settled: bool = False
