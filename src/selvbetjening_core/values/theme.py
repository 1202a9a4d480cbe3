"""What a theme makes of a municipality's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """One municipality's own part of a theme.

    :param values: what the theme's page templates are given as ``look``
    :param files: static files of this municipality alone, by name (its logo, a
        style sheet with its colours); they go before the theme's own
    :param warnings: what the municipality should know, for ``selvbetjening check``
    """

    values: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
