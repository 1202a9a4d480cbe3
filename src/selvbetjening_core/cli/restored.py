"""``selvbetjening database restored``."""

from __future__ import annotations

import click

from selvbetjening_core.cli.backup import tell_settled
from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.looking import acting_user
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError


@click.command()
@click.option(
    "--even-if-in-use",
    "even_so",
    is_flag=True,
    help="Although others are connected: somebody made sure that they are not selvbetjening.",
)
@config_option
def restored(config: str | None, *, even_so: bool) -> None:
    """Settle a database that pg_restore has put back. Run it before anything else.

    What waited to be delivered when the backup was made may have been delivered
    since: it is found out before anything is sent again. What was erased since
    is erased again, and everybody is logged out. "restore" does it by itself.
    """
    plan = plan_or_exit(config)
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.restoring import settle_store  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    try:
        settled, erased_again = settle_store(plan, even_so=even_so, by=acting_user())
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))
    tell_settled(settled, erased_again)
