"""Item ``tenants``: two municipalities with the same citizen, and every way between them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
import suite
import tenants_web
from postgres import Postgres
from tenants_agreement import try_agreement
from tenants_database import Tried, try_all
from tenants_faults import FAULTS, planted, spoil, without_filter
from tenants_files import try_files
from tenants_keys import try_keys
from tenants_rows import fill, keys
from tenants_wall import address_of_stranger, try_tables
from tenants_watch import unnamed
from town import Town

from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore

__all__ = ["ABOUT", "FAULTS", "run"]

ABOUT = (
    "Two municipalities in one database, with the same citizen, receipt number and keys. From"
    " one of them every way is tried to what is the other's: addresses, cookies, forms, hosts,"
    " messages, jobs, search, export, sealed values, indexes, files, retention and the erase"
    " list. Then, on PostgreSQL, once more with the condition of every statement taken away, and"
    " on a connection of a role that owns no table: the database alone."
)
_LEAST = 40


def run(options: suite.Options) -> suite.Result:
    """All ways; they take seconds, so a small run is a whole one."""
    tried, alone = Tried(), Tried()
    statements: list[str] = []
    with planted(options.fault):
        _over_http(tried, statements)
        with tempfile.TemporaryDirectory(prefix="tenants-") as folder:
            _in_sqlite(Path(folder), tried, statements)
            try_files(Path(folder), tried)
        with _postgres() as postgres:
            _in_postgresql(postgres, tried, statements)
            _at_the_wall(postgres, options.fault, alone)
    missed = [f"crossed: {one}" for one in (*tried.crossed, *alone.crossed)]
    missed += [f"not even the owner: {one}" for one in tried.controls]
    missed += [f"a statement without municipality: {one}" for one in statements]
    missed += [f"{tried.attempts} attempts are too few"] if tried.attempts < _LEAST else []
    figures = {
        "attempts": tried.attempts,
        "crossed": len(tried.crossed),
        "attempts at row-level security alone": alone.attempts,
        "crossed it": len(alone.crossed),
        "statements without municipality": len(statements),
    }
    return suite.Result(figures, missed)


def _over_http(tried: Tried, statements: list[str]) -> None:
    with Town() as town:
        site = tenants_web.Site(town)
        with unnamed(statements):
            site.try_all(tried)
    try_agreement(tried)


def _in_sqlite(folder: Path, tried: Tried, statements: list[str]) -> None:
    engine = open_engine(f"sqlite:///{folder}/rows.sqlite")
    with _filled(engine) as store:
        try_keys(engine, tried)
        with unnamed(statements):
            try_all("sqlite", store, engine, tried)


def _in_postgresql(postgres: Postgres, tried: Tried, statements: list[str]) -> None:
    """As the server's administrator, whom no policy stops: our own conditions alone."""
    engine = open_engine(postgres.new_database())
    with _filled(engine) as store, unnamed(statements):
        try_all("postgresql", store, engine, tried)


def _at_the_wall(postgres: Postgres, fault: str, alone: Tried) -> None:
    """The database alone: without a word of ours, and with our conditions taken away."""
    url = postgres.new_database()
    address = url if fault == "role-bypasses" else postgres.owned_by_plain_role(url)
    engine = open_engine(address)
    with _filled(engine) as store:
        spoil(fault, engine)
        try_tables(address_of_stranger(url), alone)
        try_tables(address, alone)
        with without_filter():
            try_all("the database alone", store, engine, alone)


@contextlib.contextmanager
def _filled(engine: sa.Engine) -> Iterator[SqlStore]:
    upgrade(engine)
    store = SqlStore(engine, keys())
    try:
        fill(store)
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def _postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    try:
        postgres.start()
        yield postgres
    finally:
        postgres.remove()
