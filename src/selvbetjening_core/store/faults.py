"""Telling apart what the database cannot do and what we did wrong."""

from __future__ import annotations

import sqlite3
from typing import TypeGuard

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


class told_apart:  # noqa: N801 - used like a function of contextlib, at every page
    """What the database cannot do is StoreUnavailable; what we did wrong stays what it is."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """:raises StoreUnavailable: the database cannot be used"""
        if error is not None and _is_of_database(error):
            raise StoreUnavailable(f"the database cannot be used ({name_of(error)})") from None


def _is_of_database(error: BaseException) -> TypeGuard[Exception]:
    if isinstance(error, sqlite3.Error):
        return not isinstance(error, _OUR_MISTAKES_IN_SQLITE)
    if isinstance(error, exc.DBAPIError):
        return not isinstance(error, _OUR_MISTAKES) or _is_another_database(error)
    return isinstance(error, exc.TimeoutError)


def _is_another_database(error: exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _ANOTHER_DATABASE
