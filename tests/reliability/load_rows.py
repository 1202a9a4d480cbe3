"""Many rows at once, made by the database itself."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from selvbetjening_core.store.tables import metadata


def copy_row(
    connection: sa.Connection, table: str, where: str, made: Mapping[str, str], numbers: range
) -> None:
    """Copies of one row, one for each number.

    :param where: what finds the row; the first that it finds is meant
    :param made: by column, in SQL, what is not copied but made of the number ``n``
    """
    copy_rows(connection, table, f"{where} LIMIT 1", made, numbers)


def copy_rows(
    connection: sa.Connection, table: str, where: str, made: Mapping[str, str], numbers: range
) -> None:
    """As :func:`copy_row`, of each row that is found; ``one`` is that row in ``made``."""
    columns = [column.name for column in metadata.tables[table].columns]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(made.get(name, f'one."{name}"') for name in columns)
    one = f"(SELECT * FROM {table} WHERE {where}) AS one"  # noqa: S608 - our own words
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) SELECT {values}"  # noqa: S608
        f" FROM {_numbers(connection, numbers)}, {one}"
    )


def _numbers(connection: sa.Connection, numbers: range) -> str:
    if connection.dialect.name == "postgresql":
        return f"generate_series({numbers.start}, {numbers.stop - 1}) AS numbers(n)"
    counted = (
        f"SELECT {numbers.start} AS n UNION ALL SELECT n + 1 FROM c"  # noqa: S608
        f" WHERE n + 1 < {numbers.stop}"
    )
    return f"(WITH RECURSIVE c AS ({counted}) SELECT n FROM c) AS numbers"  # noqa: S608
