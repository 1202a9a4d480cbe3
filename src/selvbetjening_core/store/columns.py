"""Column types that keep their promise in every database."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa


class Sealed(sa.Text):
    """One token made by :mod:`selvbetjening_core.store.crypto`."""


class SealedMap(sa.JSON):
    """Tokens by field name."""


class UtcDateTime(sa.TypeDecorator[datetime.datetime]):
    """A moment in time. Takes and returns aware values, and stores UTC.

    SQLite would silently drop a time zone, so a naive value is an error.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: Any
    ) -> datetime.datetime | None:
        """To UTC. :raises ValueError: the value has no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(datetime.UTC)

    def process_result_value(
        self, value: datetime.datetime | None, dialect: Any
    ) -> datetime.datetime | None:
        """To an aware value in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=datetime.UTC)
        return value.astimezone(datetime.UTC)
