"""``selvbetjening retention``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.looking import acting_user
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.composition.compose import Plan
    from selvbetjening_core.store.store import SqlStore
    from selvbetjening_core.upkeep.retention import Cleaning, Removed


@click.command()
@click.option("--municipality", "-m", help="Only this kommunekode, such as 0773.")
@click.option("--now", "is_now", is_flag=True, help="Remove it, and do not wait for the night.")
@config_option
def retention(config: str | None, municipality: str | None, *, is_now: bool) -> None:
    """Show what is kept too long, or remove it with --now.

    A line for each municipality that anything is kept of, those too that the files
    do not name any more. The application removes it every night by itself.
    """
    plan = plan_or_exit(config)
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.opening import open_store  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    try:
        with closing(open_store(plan)) as store:
            for code, cleaning in _each(plan, store, municipality):
                _show(code, cleaning.remove(by=acting_user()) if is_now else cleaning.look())
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))
    click.echo("Removed." if is_now else "Nothing was removed. To remove it now: --now")


def _each(plan: Plan, store: SqlStore, only: str | None) -> Iterator[tuple[str, Cleaning]]:
    from selvbetjening_core.upkeep.erase_list import EraseList  # noqa: PLC0415 - see above
    from selvbetjening_core.upkeep.retention import Cleaning  # noqa: PLC0415

    settings = plan.installation.retention
    for code in _codes(plan, store, only):
        file = plan.municipalities.get(code)
        offered = [one.solution for one in file.solutions.values()] if file else []
        erase_list = EraseList(settings.erase_list)
        yield code, Cleaning(store, code, offered, settings, erase_list)


def _codes(plan: Plan, store: SqlStore, only: str | None) -> Sequence[str]:
    codes = sorted({*plan.municipalities, *store.municipalities()} - {"0000"})
    if only is None:
        return codes
    if only not in codes:
        fail(f'There is no municipality "{only}" here. There are: {", ".join(codes)}.')
    return [only]


def _show(code: str, removed: Removed) -> None:
    click.echo(f"{code}: {removed}")
