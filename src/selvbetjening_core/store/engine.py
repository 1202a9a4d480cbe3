"""Opening the database, and bringing its tables up to date.

With its neighbours ``sqlite`` and ``postgresql`` the only module that knows which
database it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.store.sqlite import open_sqlite, wait_for_lock

_MIGRATION_SECONDS = 30
_MIGRATIONS = "selvbetjening_core.store:migrations"
_MIGRATION_LOCK = 0x5E1F_BE7E


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///path/to/file`` or ``postgresql://host/database``.

    See :func:`~selvbetjening_core.store.sqlite.open_sqlite` and
    :func:`~selvbetjening_core.store.postgresql.open_postgresql`.

    :raises ValueError: the address is neither
    :raises NotInstalled: the extra [postgres] is needed
    """
    address = sa.make_url(url)
    match address.get_backend_name():
        case "sqlite":
            return open_sqlite(address)
        case "postgresql":
            return _open_postgresql(address)
    raise ValueError(
        "the database address must be sqlite:///path/to/file or postgresql://user@host/database"
    )


def is_single_writer(engine: sa.Engine) -> bool:
    """Does the database let in one transaction at a time?"""
    return engine.dialect.name == "sqlite"


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables up to ``revision``, whole or not at all. Repeatable."""
    with _patient(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Take the tables back to ``revision``. ``base`` deletes everything."""
    with _patient(engine) as connection:
        command.downgrade(_config(connection), revision)


def _open_postgresql(address: sa.URL) -> sa.Engine:
    try:
        import psycopg as _psycopg  # noqa: PLC0415, F401 - only who uses it needs the extra

        from selvbetjening_core.store.postgresql import open_postgresql  # noqa: PLC0415
    except ModuleNotFoundError:
        raise NotInstalled("A PostgreSQL database", "postgres") from None
    return open_postgresql(address)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    return config


@contextmanager
def _patient(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that waits long: another process may be changing the tables."""
    if not is_single_writer(engine):
        from selvbetjening_core.store.postgresql import wait_for_migration  # noqa: PLC0415

        with engine.begin() as connection:
            wait_for_migration(connection, _MIGRATION_SECONDS, _MIGRATION_LOCK)
            yield connection
        return
    with engine.connect() as connection:
        wait_for_lock(connection, _MIGRATION_SECONDS)
        try:
            with connection.begin():
                yield connection
        finally:
            wait_for_lock(connection)
