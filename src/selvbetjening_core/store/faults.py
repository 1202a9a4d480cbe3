"""Telling apart what the database cannot do and what we did wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from selvbetjening_core.errors import StoreUnavailable

_OUR_MISTAKES = (exc.IntegrityError, exc.ProgrammingError, exc.DataError)
_OUR_MISTAKES_IN_SQLITE = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)
# PostgreSQL's codes for: no such table, no such column, no right to it. It calls
# them mistakes in the statement; they are a database that is not as we left it.
_ANOTHER_DATABASE = ("42P01", "42703", "42501")
_CONNECTING = ("connection failed", "connection timeout")


def name_of(error: Exception) -> str:
    """The driver's name for an error: its own message may hold anything."""
    driver = getattr(error, "orig", None) or error
    return str(getattr(driver, "sqlite_errorname", "") or type(driver).__name__)


def why_unreachable(error: Exception) -> str:
    """The driver's words on why no server was reached; empty if that is not what is wrong.

    They name host, user and database, and no password. Not for strangers.
    """
    text = str(getattr(error, "orig", None) or "")
    return text.splitlines()[0] if text.startswith(_CONNECTING) else ""


@contextmanager
def told_apart() -> Iterator[None]:
    """What the database cannot do is StoreUnavailable; what we did wrong stays what it is."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, _OUR_MISTAKES_IN_SQLITE):
            raise
        raise StoreUnavailable(f"the database cannot be used ({name_of(error)})") from None
    except (exc.DBAPIError, exc.TimeoutError) as error:
        if isinstance(error, _OUR_MISTAKES) and not _is_another_database(error):
            raise
        raise StoreUnavailable(f"the database cannot be used ({name_of(error)})") from None


def _is_another_database(error: exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _ANOTHER_DATABASE
