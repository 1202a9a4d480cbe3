"""Settings of a component: declared by the plugin, filled by a municipality."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that a plugin understands.

    The same declaration gives validation, documentation and help texts.

    :param kind: ``text``, ``number`` (whole), ``yes_no``, ``path`` (relative to
        the installation's folder), ``url``, ``email`` or ``secret``. A secret
        is written as a reference (``env:NAME`` or ``file:PATH``), never plainly.
    :param choices: the only values allowed, for kind ``text``
    """

    name: str
    kind: str
    help: str
    required: bool = True
    default: object = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentContext:
    """What a component is made from.

    ``settings`` holds every declared setting: checked, defaults filled in,
    secrets read, paths absolute. ``now`` is the clock (UTC, aware); a component
    asks no other, so that tests can move it.
    """

    name: str
    municipality_code: str
    settings: Mapping[str, object]
    folder: Path
    now: Callable[[], datetime.datetime]

    def text(self, name: str) -> str:
        """The setting ``name`` as text; empty when it was left out."""
        value = self.settings.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int:
        """The setting ``name`` as a whole number; 0 when it was left out."""
        value = self.settings.get(name)
        return value if isinstance(value, int) else 0
