"""``selvbetjening sbom``."""

from __future__ import annotations

from pathlib import Path

import click

from selvbetjening_core.cli.commands import fail, needs_extra
from selvbetjening_core.supply.parts import installed_parts


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file instead of showing it.",
)
def sbom(out: Path | None) -> None:
    """List every part that is installed, as CycloneDX 1.6 (software bill of materials).

    The distributions that Python sees here with version, licence and what they need,
    the plugins each brings, and what plugins took from npm when they were built.
    A hash is told where it was written down at installation or in a lock file.
    """
    try:
        # An extra, for this command alone.
        from selvbetjening_core.supply.bill import bill_of_materials  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Listing parts as CycloneDX", "supply", error)
    parts = installed_parts()
    text = bill_of_materials(parts)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.")
    click.echo(f"Written: {out} ({len(parts)} parts)")
