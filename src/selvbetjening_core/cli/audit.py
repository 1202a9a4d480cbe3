"""``selvbetjening audit``: who saw or changed what, and whether the log is as it was written."""

from __future__ import annotations

import click

from selvbetjening_core.cli.commands import LazyGroup

_SHOWN = "selvbetjening_core.cli.audit_shown"
_CHECKED = "selvbetjening_core.cli.audit_checked"


@click.group(
    cls=LazyGroup,
    commands_by_name={
        "show": (f"{_SHOWN}:show", "Show lines of the audit log, or write them as CSV."),
        "about": (f"{_SHOWN}:about", "Show who has seen or changed what about a citizen."),
        "verify": (f"{_CHECKED}:verify", "Say whether the log is as it was written."),
        "head": (f"{_CHECKED}:head", "Export the heads of the chains."),
    },
)
def audit() -> None:
    """Show who saw or changed what, and verify that nobody has falsified it."""
