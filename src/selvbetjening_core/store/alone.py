"""Being the only one at a database: for what must not change meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import sqlalchemy as sa

from selvbetjening_core.errors import NotMoved, StoreUnavailable
from selvbetjening_core.store.engine import address_of, open_engine, reaching, upgrade_in
from selvbetjening_core.store.postgresql import (
    others_at,
    see_everywhere,
    shut_out,
    wait_for_migration,
)
from selvbetjening_core.store.sqlite import open_sqlite_alone
from selvbetjening_core.store.tables import metadata

_WAIT_SECONDS = 5
_LEAVING_SECONDS = 2
_STOP_FIRST = "stop every serve and worker, and whatever else looks into it"


@contextmanager
def alone(url: str, name: str) -> Iterator[sa.Connection]:
    """A connection to a database that nobody else is at, nor can change.

    Its tables are of the newest form. What the caller does not commit is taken
    back, with that.

    :param name: what to call the database where it is refused
    :raises NotMoved: somebody else is at it
    :raises StoreUnavailable: it cannot be used
    """
    address = address_of(url)
    connect = _alone_at_file if address.get_backend_name() == "sqlite" else _alone_at_server
    with reaching(), connect(address, name) as connection:
        yield connection


@contextmanager
def _alone_at_file(address: sa.URL, name: str) -> Iterator[sa.Connection]:
    with closing(_begun(address, name)) as connection:
        upgrade_in(connection)
        yield connection


def _begun(address: sa.URL, name: str) -> sa.Connection:
    try:
        with reaching(), ExitStack() as opened:
            connection = opened.enter_context(open_sqlite_alone(address).connect())
            connection.begin()
            opened.pop_all()
            return connection
    except StoreUnavailable as error:
        if "SQLITE_BUSY" in str(error):
            raise NotMoved(f"{name} is in use: {_STOP_FIRST}") from None
        raise


@contextmanager
def _alone_at_server(address: sa.URL, name: str) -> Iterator[sa.Connection]:
    engine = open_engine(address.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            wait_for_migration(connection, _WAIT_SECONDS)
            others = _others_who_stay(connection)
            if others:
                raise NotMoved(f"{name} is in use, by {others} other connections: {_STOP_FIRST}")
            see_everywhere(connection)
            upgrade_in(connection)
            shut_out(connection, metadata.sorted_tables)
            yield connection
    finally:
        engine.dispose()


def _others_who_stay(connection: sa.Connection) -> int:
    """Whoever has just hung up is still there for a moment: a server ends in its own time."""
    until = time.monotonic() + _LEAVING_SECONDS
    while (others := others_at(connection)) and time.monotonic() < until:
        time.sleep(0.05)
    return others
