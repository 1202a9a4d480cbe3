"""``selvbetjening backup`` and ``selvbetjening restore``."""

from __future__ import annotations

import datetime
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.looking import acting_user
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.composition.compose import Plan
    from selvbetjening_core.store.backup import Manifest
    from selvbetjening_core.store.restored import Settled

_ANOTHER = "--yes-from-another-installation"


@click.command()
@click.argument("folder", metavar="TO", type=click.Path(path_type=Path))
@config_option
def backup(folder: Path, config: str | None) -> None:
    """Copy the database into the new folder TO, while citizens are served.

    For the embedded database; PostgreSQL has tools of its own. Beside the copy
    stand the files that citizens sent along, and a manifest with its hash and how
    many rows each table has. The keys are not in it: keep them apart. Neither is
    the erase list.
    """
    plan = _plan(config)
    is_new_place = not folder.parent.exists()
    try:
        from selvbetjening_core.restoring import back_up_store  # noqa: PLC0415 - see _plan

        manifest = back_up_store(plan, folder, _now(), by=acting_user())
    except ConfigurationError as error:
        _refuse(error)
    except SelvbetjeningError as error:
        fail(str(error))
    if is_new_place:
        click.echo(
            f"made the folder {folder.parent}, which was not there:"
            " a disk that is not mounted looks like that"
        )
    rows = manifest.rows
    click.echo(
        f"made {folder}: {rows['submission']} submissions, {rows['draft']} drafts,"
        f" {rows['delivery']} deliveries"
    )
    click.echo("The keys are not in it. Keep them apart from it: without them nobody can read it.")


@click.command()
@click.argument("folder", metavar="FROM", type=click.Path(path_type=Path))
@click.option(
    _ANOTHER,
    "even_so",
    is_flag=True,
    help="Put it back although it was made with other keys than the ones here.",
)
@config_option
def restore(folder: Path, config: str | None, *, even_so: bool) -> None:
    """Put the backup in the folder FROM in the place of the database. Stop everything first.

    The old database is kept beside it. What waited to be delivered when the
    backup was made may have been delivered since: it is found out before
    anything is sent again. What was erased since is erased again.
    """
    plan = _plan(config)
    try:
        from selvbetjening_core.restoring import restore_backup  # noqa: PLC0415 - see _plan

        restored = restore_backup(plan, folder, _now(), even_so=even_so, by=acting_user())
    except ConfigurationError as error:
        _refuse(error)
    except SelvbetjeningError as error:
        hint = f"\nIf it is right all the same: {_ANOTHER}" if error.code == "other-keys" else ""
        fail(f"{error}{hint}")
    _tell(folder, restored.manifest, restored.aside)
    tell_settled(restored.settled, restored.erased_again)


def tell_settled(settled: Settled, erased_again: int) -> None:
    """Say what was put in doubt, and what a person has to do about it."""
    click.echo(
        f"{settled.in_doubt} deliveries may have been made since; each is found out as its"
        " component declares, before anything is sent again."
    )
    if settled.parked:
        click.echo(
            f"{settled.parked} parked deliveries may have been made since: look in the receiving"
            " system before you have one tried again."
        )
    if settled.payments:
        click.echo(
            f"{settled.payments} payments were under way: compare them with the provider's list."
            " Nothing is done about them by machine."
        )
    click.echo(f"{erased_again} records that had been erased were erased again.")
    click.echo("Everybody is logged out.")


def _tell(folder: Path, manifest: Manifest, aside: Path | None) -> None:
    made = datetime.datetime.fromisoformat(manifest.made_at)
    click.echo(f"put back {folder}, made {made:%Y-%m-%d %H:%M} UTC")
    if aside is not None:
        click.echo(f"the database before it: {aside}")
    click.echo(
        "What was accepted after the backup was made is not in it. The receivers have what was"
        " delivered; citizens have their receipts."
    )


def _plan(config: str | None) -> Plan:
    try:
        # Only what keeps submissions needs the extra.
        importlib.import_module("selvbetjening_core.restoring")
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    return plan_or_exit(config)


def _refuse(error: ConfigurationError) -> None:
    print_problems(error.problems)
    raise SystemExit(1) from None


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)
