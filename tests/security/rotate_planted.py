"""Faults in the change of a key, planted in the process that this file becomes.

``python rotate_planted.py FAULT serve ...`` is ``selvbetjening serve ...`` with that fault.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from selvbetjening_core.cli.main import main
from selvbetjening_core.store import key_change, rotating, rotation
from selvbetjening_core.store.crypto import KeyRing


def wrong_cell() -> None:
    """Sealed anew for a place that it does not stand in."""
    anew = rotation.SqlSealed._anew

    def elsewhere(self, table, row, field, token):
        made = anew(self, table, row, field, token)
        return made if made == token else self._scope.seal(table, "elsewhere", field, "{}")

    rotation.SqlSealed._anew = elsewhere


def table_forgotten() -> None:
    """A table that came later is not gone through, neither sealed anew nor counted."""
    found = tuple(name for name in rotation.sealed_tables() if name != "component_value")
    rotating.sealed_tables = lambda: found


def old_key_dropped() -> None:
    """The new key takes the place of the old one at once."""
    put = key_change._put

    def putting(path, keys):
        left = {name: key for name, key in keys.keys.items() if name in (keys.current, keys.index)}
        put(path, replace(keys, keys=left))

    key_change._put = putting


def never_looks() -> None:
    """A running process keeps the keys it began with."""
    KeyRing.look = lambda _: None
    KeyRing._read_if_changed = lambda *_: None


PLANTS = {
    "wrong-cell": wrong_cell,
    "table-forgotten": table_forgotten,
    "old-key-dropped": old_key_dropped,
    "never-looks": never_looks,
}

if __name__ == "__main__":
    PLANTS[sys.argv.pop(1)]()
    main()
