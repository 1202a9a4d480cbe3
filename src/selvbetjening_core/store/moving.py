"""Moving everything from one database to another, of whichever kind."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from selvbetjening_core.errors import NotMoved
from selvbetjening_core.store.alone import alone
from selvbetjening_core.store.engine import address_of
from selvbetjening_core.store.sqlite import create_sqlite
from selvbetjening_core.store.tables import metadata

Tell = Callable[[str, int, int], None]
"""Told the table, how many of its rows have been copied, and of how many."""

_BATCH = 1000
_HASHES = 2**256


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a hash of all of them.

    The hash is the same in every kind of database, whatever the order of rows.
    """

    rows: int
    hash: str


def move(source: str, target: str, tell: Tell) -> Mapping[str, Content]:
    """Copy everything from the database at ``source`` into the empty one at ``target``.

    Nobody else may be at either of them, from the beginning to the end. The
    target is read again before it is committed, and compared with what was read
    from the source. All or nothing; the source stays as it is. Returns the content
    of each table. Personal data: all there is, as it is sealed.

    :raises NotMoved: one of them is in use, the target is not empty, or does not
        hold the same afterwards
    :raises StoreUnavailable: one of them cannot be used
    :raises ValueError: an address is not one of a database
    """
    if address_of(source) == address_of(target):
        raise NotMoved("it is the same database")
    _must_be_there(source)
    _make_file(target)
    with alone(source, "the source") as old, alone(target, "the target") as new:
        _must_be_empty(new)
        copied = {table.name: _copied(table, old, new, tell) for table in metadata.sorted_tables}
        _must_be_the_same(copied, new)
        new.commit()
    return copied


def _must_be_there(source: str) -> None:
    address = address_of(source)
    if _is_file(address) and not Path(str(address.database)).is_file():
        raise NotMoved("there is no file at the source")


def _make_file(target: str) -> None:
    address = address_of(target)
    if _is_file(address):
        create_sqlite(address)


def _is_file(address: sa.URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _must_be_empty(target: sa.Connection) -> None:
    filled = [table.name for table in metadata.sorted_tables if _count(table, target)]
    if filled:
        raise NotMoved(f"the target is not empty: there are rows in {', '.join(filled)}")


def _count(table: sa.Table, connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _copied(table: sa.Table, old: sa.Connection, new: sa.Connection, tell: Tell) -> Content:
    """Copy one table; what was read from the source."""
    total = _count(table, old)
    content = Content(0, _told(0))
    for batch in _batches(table, old):
        new.execute(sa.insert(table), [dict(row) for row in batch])
        content = _with(content, table, batch)
        tell(table.name, content.rows, total)
    if not total:
        tell(table.name, 0, 0)
    return content


def _must_be_the_same(copied: Mapping[str, Content], target: sa.Connection) -> None:
    for table in metadata.sorted_tables:
        found = Content(0, _told(0))
        for batch in _batches(table, target):
            found = _with(found, table, batch)
        wanted = copied[table.name]
        if found.rows != wanted.rows:
            raise NotMoved(f"{table.name} has {found.rows} rows in the target, not {wanted.rows}")
        if found.hash != wanted.hash:
            raise NotMoved(f"{table.name} does not hold the same in the target")


def _batches(table: sa.Table, connection: sa.Connection) -> Iterator[Sequence[sa.RowMapping]]:
    statement = sa.select(table).execution_options(yield_per=_BATCH)
    with connection.execute(statement) as rows:
        yield from rows.mappings().partitions()


def _with(content: Content, table: sa.Table, batch: Sequence[sa.RowMapping]) -> Content:
    # A sum, so that the order does not count: databases sort texts differently.
    total = int(content.hash, 16) + sum(_hash(table, row) for row in batch)
    return Content(content.rows + len(batch), _told(total))


def _told(number: int) -> str:
    return f"{number % _HASHES:064x}"


def _hash(table: sa.Table, row: sa.RowMapping) -> int:
    values = {column.name: _plain(row[column.name]) for column in table.columns}
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def _plain(value: object) -> object:
    """As JSON knows it. Moments are all in UTC, as the columns bring them."""
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
