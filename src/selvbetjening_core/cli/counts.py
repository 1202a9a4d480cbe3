"""``selvbetjening counts``."""

from __future__ import annotations

from contextlib import closing

import click

from selvbetjening_core.cli.commands import config_option
from selvbetjening_core.cli.records import records_or_exit


@click.command()
@config_option
def counts(config: str | None) -> None:
    """Show how many journeys were started and completed. Nothing personal."""
    with closing(records_or_exit(config)) as records:
        click.echo("municipality  solution  version  channel  day  started  completed")
        for code in records.codes:
            with records.store.transaction(code) as work:
                report = work.counts.report()
            for row in report:
                click.echo(
                    f"{code}  {row.solution}  {row.version}  {row.channel}  {row.day}"
                    f"  {row.started}  {row.completed}"
                )
