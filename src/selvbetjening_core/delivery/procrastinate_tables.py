"""Procrastinate's tables: in a schema of their own, made anew for every edition of it.

A job holds nothing but the ids of a row of the ledger, and the ledger finds by
itself what has no job. So nothing in here is worth a migration: where the tables
are not those of the package installed, they are dropped and made again.
"""

from __future__ import annotations

import hashlib
from importlib import resources

import psycopg

from selvbetjening_core.errors import StoreUnavailable

QUEUE = "delivery"
LOOK = "selvbetjening.look"
"""The name of the one task. It names no module: whoever runs it may be ``__main__``."""

_CONNECT_SECONDS = 5
_LOCK = 0x5E1F_10B5
# Called by SUBMIT in its own transaction: whatever is wrong with the jobs must
# not cost a citizen the submission. PostgreSQL undoes the failed part alone.
_PLAN = f"""
CREATE FUNCTION selvbetjening_plan(municipality text, delivery_id text, due_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        '{QUEUE}', '{LOOK}', 0, NULL, NULL,
        jsonb_build_object('municipality', municipality, 'delivery_id', delivery_id),
        CASE WHEN due_at > clock_timestamp() THEN due_at END
    )::procrastinate_job_to_defer_v1]);
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'no job was made (%): the sweep finds the delivery', SQLSTATE;
END;
$$;
"""
_EDITION = "CREATE TABLE selvbetjening_edition (name text NOT NULL)"
_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p"
    " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'procrastinate'"
)


def prepare(address: str) -> None:
    """See that the tables are there, and are those of the package installed. Repeatable.

    Several processes may do so at once. Jobs of another edition are dropped:
    the sweep finds what they were about.

    :param address: the database, as libpq wants it
    :raises StoreUnavailable: the database cannot be reached, its user may not
        make a schema in it, or somebody else has one of that name
    """
    script = _script()
    edition = hashlib.sha256(script.encode()).hexdigest()
    try:
        with psycopg.connect(address, connect_timeout=_CONNECT_SECONDS) as connection:
            connection.execute("SET LOCAL lock_timeout = '30s'")
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            if _edition(connection) != edition:
                _make(connection, script, edition)
    except psycopg.Error as error:
        raise _told("made", error) from None


def remove(address: str) -> None:
    """Drop all there is of Procrastinate. Nothing is lost: the ledger is the queue.

    :raises StoreUnavailable: the database cannot be used
    """
    try:
        with psycopg.connect(address, connect_timeout=_CONNECT_SECONDS) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            connection.execute("DROP SCHEMA IF EXISTS procrastinate CASCADE")
    except psycopg.Error as error:
        raise _told("dropped", error) from None


def _script() -> str:
    schema = resources.files("procrastinate").joinpath("sql", "schema.sql")
    return f"{schema.read_text('utf-8')}\n{_PLAN}\n{_EDITION}"


def _edition(connection: psycopg.Connection) -> str:
    """Which edition is there; empty: none.

    :raises StoreUnavailable: there is a schema of that name, and it is not ours
    """
    if not _has(connection, "to_regnamespace('procrastinate')"):
        return ""
    if not _has(connection, "to_regclass('procrastinate.selvbetjening_edition')"):
        raise StoreUnavailable(
            'the database has a schema "procrastinate" that somebody else made: give'
            " selvbetjening a database of its own"
        )
    row = connection.execute("SELECT name FROM procrastinate.selvbetjening_edition").fetchone()
    return "" if row is None else str(row[0])


def _has(connection: psycopg.Connection, what: str) -> bool:
    return connection.execute(f"SELECT {what}").fetchone() != (None,)


def _make(connection: psycopg.Connection, script: str, edition: str) -> None:
    connection.execute("DROP SCHEMA IF EXISTS procrastinate CASCADE")
    connection.execute("CREATE SCHEMA procrastinate")
    connection.execute("SET LOCAL search_path = procrastinate")
    connection.execute(script.encode())
    connection.execute("INSERT INTO selvbetjening_edition VALUES (%s)", (edition,))
    # They are called on connections that look for tables elsewhere.
    for (name,) in connection.execute(_FUNCTIONS).fetchall():
        connection.execute(f"ALTER FUNCTION {name} SET search_path = procrastinate, pg_temp")


def _told(doing: str, error: psycopg.Error) -> StoreUnavailable:
    return StoreUnavailable(
        f"the tables of Procrastinate cannot be {doing} ({type(error).__name__})"
    )
