"""``selvbetjening catalogue``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from selvbetjening_core.cli.catalogue_data import catalogue_as_data
from selvbetjening_core.cli.catalogue_markdown import as_markdown
from selvbetjening_core.cli.catalogue_page import as_page
from selvbetjening_core.cli.commands import config_option, fail, plan_or_exit, today
from selvbetjening_core.composition.catalogue import make_catalogue
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.composition.processing import records_of


def _as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


_FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "json": _as_json,
    "markdown": as_markdown,
    "page": as_page,
}


@click.command()
@config_option
@click.option(
    "--format",
    "output",
    type=click.Choice(list(_FORMATS)),
    default="markdown",
    help="For a program, for a wiki, or a page in Danish that needs nothing but itself.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file instead of showing it.",
)
def catalogue(config: str | None, output: str, out: Path | None) -> None:
    """Make the service catalogue (servicekatalog) of the installation.

    Every plugin and component that is installed: contract and version, function,
    the personal data it reads and holds, owner, licence, settings, and the
    municipalities and solutions that use it. At the end, for each municipality,
    the record of processing (databeskyttelsesforordningen, article 30), and what
    the municipality itself has to add to it.

    No secret and no value of a setting is in it.
    """
    # What an empty text becomes; a "." as such is refused already, being a folder.
    if out == Path():
        fail("--out needs the name of a file, such as servicekatalog.html.")
    plan = plan_or_exit(config, or_demo=True)
    made = make_catalogue(plan, installed_plugins())
    data = catalogue_as_data(made, records_of(plan, made, today()), today())
    text = _FORMATS[output](data)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.")
    click.echo(f"Written: {out}")
