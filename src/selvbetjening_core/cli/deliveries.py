"""``selvbetjening deliveries``: what has not arrived, and what a person does about it."""

from __future__ import annotations

import click

from selvbetjening_core.cli.commands import LazyGroup, config_option
from selvbetjening_core.cli.deliveries_shown import print_overview
from selvbetjening_core.cli.office import municipality_option, office

_ACTS = "selvbetjening_core.cli.deliveries_acts"
_SHOWN = "selvbetjening_core.cli.deliveries_shown"


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    commands_by_name={
        "list": (f"{_SHOWN}:list_", "Show what has not arrived; the same without a command."),
        "show": (f"{_SHOWN}:show", "Show one delivery, its attempts, and what was done about it."),
        "find": (f"{_SHOWN}:find", "Find a submission by receipt number or enquiry code."),
        "export": (
            "selvbetjening_core.cli.deliveries_csv:export",
            "Write all that has not arrived as CSV.",
        ),
        "retry": (f"{_ACTS}:retry", "Have a delivery tried now."),
        "rebind": (f"{_ACTS}:rebind", "Send a delivery to another receiver."),
        "waive": (f"{_ACTS}:waive", "Give a delivery up, for good."),
        "pause": (f"{_ACTS}:pause", "Send nothing to a receiver until it is resumed."),
        "resume": (f"{_ACTS}:resume", "Let a receiver that is paused or rests go on."),
    },
)
@municipality_option
@config_option
@click.pass_context
def deliveries(context: click.Context, config: str | None, municipality: str | None) -> None:
    """Show what has not arrived, and get it on its way.

    Numbers by municipality and receiver; then every delivery that is parked, or
    late. No personal data. What a person does is written down, with who did it.
    """
    context.obj = (config, municipality)
    if context.invoked_subcommand is None:
        with office(config, municipality) as here:
            print_overview(here)
