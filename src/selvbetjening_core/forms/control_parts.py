"""What controls share: limits, ids, and the attributes that come and go."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

TYPED_LIMIT = 10_000
"""No single answer is read beyond this many characters."""

CHECKED = Markup(" checked")
INVALID = Markup(' aria-invalid="true"')
NOTHING = Markup("")

Given = Mapping[str, str]
"""The first value of each input name."""


def field_id(name: str) -> str:
    """The id of a field's first control; hint and error add ``-hint`` and ``-error``."""
    return f"field-{name}"


def option_id(first: str, number: int) -> str:
    """The id of the option ``number``, counted from 1; the first has the field's own."""
    return first if number == 1 else f"{first}-{number}"
