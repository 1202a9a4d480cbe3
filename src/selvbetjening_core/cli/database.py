"""``selvbetjening database``: where everything is kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.restored import restored
from selvbetjening_core.composition.secrets import is_reference
from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.files.shapes import has_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selvbetjening_core.composition.compose import Plan
    from selvbetjening_core.store.moving import Content

_AFTERWARDS = """
Everything is in the new database: rows were counted and compared, table by table.
Now write in {file}, under [store]:

    database = "{to}"

run `selvbetjening database check`, and start serve and worker again. The keys stay
as they are. The old database is as it was; it holds the same personal data. Delete
it, and its backups in time, once the new one has proved itself. Never start from
it again: what was delivered since would be delivered once more.
"""


@click.group()
def database() -> None:
    """Look at the database, or move everything to another one."""


database.add_command(restored)


@database.command()
@config_option
def check(config: str | None) -> None:
    """Say whether the database can be used, and whether its tables are up to date.

    Changes nothing. Exit code 0 if both; 1 if serve or worker would first bring the
    tables up to date, which they do by themselves; 2 if it cannot be used.
    """
    plan = _plan(config)
    try:
        from selvbetjening_core.opening import (  # noqa: PLC0415 - as in _plan
            UNGUARDED,
            look_at_store,
        )

        found = look_at_store(plan)
    except (SelvbetjeningError, LookupError, ValueError) as error:
        fail(str(error))
    click.echo(f"{found.kind}: can be used")
    if found.is_unguarded:
        click.echo(f"warning: {UNGUARDED}")
    if found.revision == found.newest:
        click.echo(f"its tables are up to date ({found.newest})")
        return
    has = found.revision or "none yet"
    click.echo(f"its tables: {has}; this version needs {found.newest}, and makes them at its start")
    raise SystemExit(1)


@database.command()
@click.option(
    "--to",
    required=True,
    metavar="ADDRESS",
    help="The new database, as it would stand in [store]: env:NAME, file:PATH, or its address.",
)
@config_option
def move(to: str, config: str | None) -> None:
    """Copy everything from the database in [store] to another, empty one.

    From SQLite to PostgreSQL, back, or to another of the same kind. Stop every
    serve and worker first: nobody else may be at either of the two. Afterwards both
    are compared, row by row. All or nothing; the old one stays as it is.
    """
    if has_password(to):
        fail(
            "A password on the command line is seen by everybody on this machine, and stays in"
            " the shell's history: change it.\nKeep the address elsewhere: --to env:NAME"
        )
    plan = _plan(config)
    try:
        from selvbetjening_core.opening import address_of, store_address  # noqa: PLC0415
        from selvbetjening_core.store.moving import move as move_all  # noqa: PLC0415

        target = address_of(to, plan.installation.folder)
        moved = move_all(store_address(plan), target, _tell_progress)
    except (SelvbetjeningError, LookupError, ValueError) as error:
        fail(f"Nothing was moved: {error}")
    _tell(moved)
    kept = to if is_reference(to) or "://" in to else target
    click.echo(_AFTERWARDS.format(file=plan.installation.place.file.name, to=kept), nl=False)


def _tell(moved: Mapping[str, Content]) -> None:
    for name, content in moved.items():
        if content.rows:
            click.echo(f"{name}: {content.rows:,} rows, sha256 {content.hash[:16]}")
    rows = sum(content.rows for content in moved.values())
    click.echo(f"{rows:,} rows in {len(moved)} tables")


def _tell_progress(table: str, done: int, total: int) -> None:
    """On a terminal, one line that changes."""
    if sys.stderr.isatty():
        click.echo(f"\r{table}: {done:,} of {total:,}\033[K", err=True, nl=False)


def _plan(config: str | None) -> Plan:
    try:
        # Only what keeps submissions needs the extra.
        import selvbetjening_core.opening  # noqa: PLC0415, F401
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    return plan_or_exit(config)
