"""``selvbetjening deliveries export``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from selvbetjening_core.cli.deliveries_shown import reason_of
from selvbetjening_core.cli.looking import note_look
from selvbetjening_core.cli.office import Office, meant, office, office_options
from selvbetjening_core.delivery.listing import Listing, Which
from selvbetjening_core.delivery.listing import export as exported
from selvbetjening_core.journey.records import ListedDelivery

_HEAD = (
    "municipality",
    "delivery",
    "receipt",
    "solution",
    "destination",
    "receiver",
    "state",
    "attempts",
    "accepted",
    "changed",
    "receivers_number",
    "reason",
)
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command()
@click.option("--parked", is_flag=True, help="Only what is parked.")
@click.option("--receiver", default="", metavar="COMPONENT", help="Only of this receiver.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="A file; else the terminal.")
@office_options
def export(
    receiver: str, output: str | None, config: str | None, municipality: str | None, *, parked: bool
) -> None:
    """Write all that has not arrived as CSV, a line each."""
    wanted = Listing(Which.PARKED if parked else Which.ALL, receiver)
    with office(*meant(config, municipality)) as here:
        if output is None:
            _write_csv(sys.stdout, _exported(here, wanted))
            return
        with Path(output).open("w", encoding="utf-8", newline="") as file:
            count = _write_csv(file, _exported(here, wanted))
    click.echo(f"{count} deliveries are in {output}.")


def _exported(here: Office, wanted: Listing) -> Iterator[tuple[str, ListedDelivery]]:
    for code, file in here.files.items():
        count = 0
        for one in exported(here.records.store, file, wanted):
            count += 1
            yield code, one
        with here.records.store.transaction(code) as work:
            note_look(work, "exported", "deliveries", detail=f"{count} deliveries: {wanted.which}")


def _write_csv(file: TextIO, rows: Iterator[tuple[str, ListedDelivery]]) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_HEAD)
    count = 0
    for code, row in rows:
        one = row.delivery
        cells = (
            code,
            one.id,
            row.receipt_number,
            row.solution,
            one.destination,
            one.component,
            one.state,
            str(one.attempts),
            one.created_at.isoformat(),
            one.changed_at.isoformat(),
            one.remote_reference,
            reason_of(one),
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
        count += 1
    return count
