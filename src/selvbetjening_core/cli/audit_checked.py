"""``selvbetjening audit verify`` and ``head``: the chain over the audit log."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selvbetjening_core.cli.commands import fail
from selvbetjening_core.cli.office import Office, office, office_options
from selvbetjening_core.errors import SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.journey.audit import ChainHead
    from selvbetjening_core.store.audit_check import Verified


@click.command()
@click.option(
    "--head",
    "heads",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that heads were exported to; else the one that [audit] heads names.",
)
@office_options
def verify(heads: Path | None, config: str | None, municipality: str | None) -> None:
    """Say whether the log is as it was written: nothing edited, deleted, put in or swapped.

    What was cut off at the end shows by an exported head alone. Exit code 1: something
    is wrong. Changes nothing, and keeps nobody waiting.
    """
    from selvbetjening_core.store.audit_check import verify as verified  # noqa: PLC0415 - needs [store]

    wrong = 0
    with office(config, municipality) as here:
        known = _heads(here, heads)
        for code in _codes(here, municipality):
            begun = time.perf_counter()
            with here.records.store.transaction(code) as work:
                now = work.now()
            mine = None if known is None else known.get(code, [])
            found = verified(here.records.store, code, now, mine)
            _tell(code, found, time.perf_counter() - begun)
            wrong += len(found.findings)
    raise SystemExit(1 if wrong else 0)


@click.command()
@office_options
def head(config: str | None, municipality: str | None) -> None:
    """Print the head of each chain, and add it to the file that [audit] heads names.

    Keep what is printed where nobody who can write in the database can write.
    """
    from selvbetjening_core.upkeep.audit_heads import export_head  # noqa: PLC0415 - needs [store]
    from selvbetjening_core.upkeep.audit_tasks import told_head  # noqa: PLC0415

    with office(config, municipality) as here:
        for code in _codes(here, municipality):
            found = told_head(here.records.store, code)
            if found is None:
                continue
            try:
                export_head(found, here.records.heads)
            except SelvbetjeningError as error:
                fail(str(error))
            click.echo(str(found))


def _codes(here: Office, only: str | None) -> Sequence[str]:
    """Those that anything is kept of, too, and the files do not name any more."""
    if only is not None:
        return [only]
    return sorted({*here.files, *here.records.store.municipalities()} - {"0000"})


def _heads(here: Office, file: Path | None) -> Mapping[str, Sequence[ChainHead]] | None:
    from selvbetjening_core.upkeep.audit_heads import read_heads  # noqa: PLC0415 - needs [store]

    if file is None:
        file = here.records.heads
        if file is None:
            return None
        if not file.exists():
            return {}
    try:
        return read_heads(file)
    except SelvbetjeningError as error:
        fail(str(error))


def _tell(code: str, found: Verified, seconds: float) -> None:
    rate = f"{round(found.lines / seconds):,} lines/s" if found.lines else "no lines"
    state = f"{len(found.findings)} findings" if found.findings else "as it was written"
    click.echo(f"{code}: {state}; {found.lines} lines in the chain, {rate}")
    if found.waiting:
        click.echo(f"  {found.waiting} more wait for the chain, each with its MAC")
    if found.as_found:
        click.echo(f"  {found.as_found} are from before there was a chain: sealed as found then")
    if found.retired:
        click.echo(f"  what is up to position {found.retired} was removed by retention")
    if found.heads:
        click.echo(f"  compared with {found.heads} exported heads")
    for note in found.notes:
        click.echo(f"  note: {note}")
    for one in found.findings:
        place = f" at position {one.position}" if one.position else ""
        line = f", line {one.line}" if one.line else ""
        click.echo(f"  {one.kind}{place}{line}: {one.text}")
