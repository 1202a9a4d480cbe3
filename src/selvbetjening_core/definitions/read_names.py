"""Names that a definition gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selvbetjening_core.files import Table
from selvbetjening_core.files.table import listed

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_name(table: Table, name: str, what: str, reserved: Sequence[str] = ()) -> None:
    """A name is short, lower case, without spaces or Danish letters, and free."""
    if not NAME.fullmatch(name):
        table.error(
            "bad-name",
            f'"{name}" cannot be the name of a {what}',
            "use a-z, 0-9 and _, beginning with a letter, 40 characters at most",
        )
    elif name in reserved:
        table.error(
            "reserved-name",
            f'"{name}" cannot be the name of a {what}: the word has another use',
            f"choose another name (not one of: {listed(reserved)})",
        )
