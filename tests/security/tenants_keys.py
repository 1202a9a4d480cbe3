"""Sealed values, indexes and MACs, carried from one municipality to the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import sqlalchemy as sa
from tenants_database import Tried
from tenants_rows import HERE, THERE, keys

from selvbetjening_core.store.crypto import Cell, KeyRing, Unreadable
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.testing import cases

_TOKEN = "v1."
_CELL = ("submission", "the-same-row", "answers")


def try_keys(engine: sa.Engine, tried: Tried) -> None:
    """What is stored of both, and what each wall does when the other one is gone."""
    with engine.connect() as connection:
        for table, name, token in _tokens(connection):
            crossed = _opens(keys(), Cell(HERE, table, "the-same-row", name), token)
            tried.note("keys", f"{table}.{name} moved", crossed=crossed)
        for table, name, equal in _indexes(connection):
            tried.note("keys", f"{table}.{name} equal", crossed=equal)
    tried.note("keys", "a value moved, by its key alone", crossed=_moved(_no_place()))
    tried.note("keys", "a value moved, by its place alone", crossed=_moved(_one_key()))
    ring, cpr = keys(), cases.a_person().cpr
    tried.note(
        "keys", "the index of one citizen", crossed=ring.index(HERE, cpr) == ring.index(THERE, cpr)
    )
    macs = {ring.mac(code, "audit", "k1", b"line") for code in (HERE, THERE)}
    tried.note("keys", "the MAC of one line", crossed=len(macs) == 1)


def _tokens(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """One sealed value of theirs from each column that has any."""
    for name, table in metadata.tables.items():
        statement = sa.select(table).where(table.c.municipality == THERE).limit(1)
        for row in connection.execute(statement).mappings():
            for column, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, default=str)
                if _TOKEN in text:
                    begin = text.index(_TOKEN)
                    yield name, column, text[begin:].split('"')[0]


def _indexes(connection: sa.Connection) -> Iterator[tuple[str, str, bool]]:
    """Does a keyed index of one municipality stand in the other?"""
    for name, table in metadata.tables.items():
        for column in (one for one in table.columns if one.name.endswith("_index")):
            found = [
                set(
                    connection.execute(
                        sa.select(column).where(table.c.municipality == code)
                    ).scalars()
                )
                for code in (HERE, THERE)
            ]
            if found[0] and found[1]:
                # Nothing is looked up by an empty index.
                yield name, column.name, bool(found[0] & found[1] - {""})


def _opens(ring: KeyRing, cell: Cell, token: str) -> bool:
    try:
        ring.open(cell, token)
    except Unreadable:
        return False
    return True


def _moved(without: Any) -> bool:
    """Sealed there, does it open here, with one of the two walls taken away?"""
    with without:
        ring = keys()
        token = ring.seal(Cell(THERE, *_CELL), "text")
        # Control: it does open where it was sealed.
        assert ring.open(Cell(THERE, *_CELL), token) == "text"
        return _opens(ring, Cell(HERE, *_CELL), token)


def _no_place() -> Any:
    return mock.patch.object(Cell, "associated_data", return_value=b"anywhere")


def _one_key() -> Any:
    derive: Callable[..., bytes] = KeyRing._derive
    return mock.patch.object(KeyRing, "_derive", lambda ring, _, *rest: derive(ring, "0000", *rest))
