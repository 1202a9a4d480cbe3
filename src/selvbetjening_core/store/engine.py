"""Opening the database, and bringing its tables up to date.

With its neighbours ``sqlite`` and ``postgresql`` the only module that knows which
database it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc

from selvbetjening_core.errors import NotInstalled, StoreUnavailable
from selvbetjening_core.store.faults import told_apart, why_unreachable
from selvbetjening_core.store.postgresql import (
    bypasses_row_security,
    open_postgresql,
    see_everywhere,
    wait_for_migration,
)
from selvbetjening_core.store.sqlite import QuickConnections, open_sqlite, wait_for_lock

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATION_SECONDS = 30
_MIGRATIONS = "selvbetjening_core.store:migrations"
_HEAD = "head"
_IN_ERROR = "INERROR"
_WANTED = "the database address must be sqlite:///path/to/file or postgresql://user@host/database"


class NewerTables(StoreUnavailable):
    """A later version has been here: nobody here knows the form that the tables have."""


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///path/to/file`` or ``postgresql://host/database``.

    See :func:`~selvbetjening_core.store.sqlite.open_sqlite` and
    :func:`~selvbetjening_core.store.postgresql.open_postgresql`.

    :raises ValueError: the address is neither
    :raises NotInstalled: the extra [postgres] is needed
    """
    address = address_of(url)
    match address.get_backend_name():
        case "sqlite":
            return open_sqlite(address)
        case "postgresql":
            return _open_postgresql(address)
    raise ValueError(_WANTED)


def address_of(url: str) -> sa.URL:
    """The parts of an address. :raises ValueError: it is not one; nothing of it is told."""
    try:
        return sa.make_url(url)
    except exc.ArgumentError:
        raise ValueError(_WANTED) from None


def is_single_writer(engine: sa.Engine) -> bool:
    """Does the database let in one transaction at a time?"""
    return engine.dialect.name == "sqlite"


def quick_connections(engine: sa.Engine) -> QuickConnections | None:
    """Connections beside the engine's, closed with them, where the database has a quicker way."""
    if not is_single_writer(engine):
        return None
    found = QuickConnections(Path(str(engine.url.database)))
    sa.event.listen(engine, "engine_disposed", lambda _engine: found.close())
    return found


def has_failed(connection: sa.Connection) -> bool:
    """Has a statement of this transaction failed for good?

    PostgreSQL carries out nothing more then, and answers a commit by taking all of
    it back, which the driver does not call an error.
    """
    driver: Any = connection.connection.driver_connection
    return connection.dialect.name == "postgresql" and (
        driver.info.transaction_status.name == _IN_ERROR
    )


def upgrade_in(connection: sa.Connection, revision: str = _HEAD) -> None:
    """As :func:`upgrade`, in a transaction of the caller's."""
    if revision == _HEAD and _revision_in(connection) == newest_revision():
        return
    # Large, and of no use where the tables are as they should be, as at most starts.
    from alembic import command  # noqa: PLC0415

    with _known_tables():
        command.upgrade(_config(connection), revision)


def revision_of(engine: sa.Engine) -> str:
    """Which form the tables have; empty where there are none.

    :raises StoreUnavailable: the database cannot be used
    """
    with reaching(), engine.connect() as connection:
        return _revision_in(connection)


def is_unguarded(engine: sa.Engine) -> bool:
    """Is the role one that PostgreSQL's row-level security does not hold for?

    :raises StoreUnavailable: the database cannot be used
    """
    if is_single_writer(engine):
        return False
    with reaching(), engine.connect() as connection:
        return bypasses_row_security(connection)


def newest_revision() -> str:
    """Which form of the tables this code needs: that of the last file of changes to them."""
    package, folder = _MIGRATIONS.split(":")
    files = resources.files(package).joinpath(folder, "versions").iterdir()
    return max(one.name[1:5] for one in files if one.name.startswith("v"))


@contextmanager
def reaching() -> Iterator[None]:
    """A failure is StoreUnavailable, with the reason where no server was reached.

    For whoever runs the database: the reason names host and user.
    """
    with told_apart():
        try:
            yield
        except exc.DBAPIError as error:
            reason = why_unreachable(error)
            if reason:
                raise StoreUnavailable(f"the database cannot be reached: {reason}") from None
            raise


def upgrade(engine: sa.Engine, revision: str = _HEAD) -> None:
    """Bring the tables up to ``revision``, whole or not at all. Repeatable.

    :raises StoreUnavailable: the database cannot be used; says why, where no server
        was reached
    """
    with reaching(), _patient(engine) as connection:
        upgrade_in(connection, revision)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Take the tables back to ``revision``. ``base`` deletes everything."""
    from alembic import command  # noqa: PLC0415 - large, and needed at no start

    with reaching(), _patient(engine) as connection, _known_tables():
        command.downgrade(_config(connection), revision)


def _open_postgresql(address: sa.URL) -> sa.Engine:
    try:
        import psycopg as _psycopg  # noqa: PLC0415, F401 - only who uses it needs the extra
    except ImportError:
        raise NotInstalled("A PostgreSQL database", "postgres") from None
    return open_postgresql(address)


def _revision_in(connection: sa.Connection) -> str:
    """Which form the tables have; empty where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found or "")


@contextmanager
def _known_tables() -> Iterator[None]:
    """:raises NewerTables: the tables have a form that this version does not know"""
    from alembic.util import CommandError  # noqa: PLC0415 - see upgrade_in

    try:
        yield
    except CommandError:
        raise NewerTables(
            "the tables have a form that this version does not know: a newer one has been here"
        ) from None


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see upgrade_in

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    return config


@contextmanager
def _patient(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that waits long: another process may be changing the tables."""
    if not is_single_writer(engine):
        with engine.begin() as connection:
            wait_for_migration(connection, _MIGRATION_SECONDS)
            see_everywhere(connection)
            yield connection
        return
    with engine.connect() as connection:
        wait_for_lock(connection, _MIGRATION_SECONDS)
        try:
            with connection.begin():
                yield connection
        finally:
            wait_for_lock(connection)
