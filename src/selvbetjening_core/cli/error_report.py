"""``selvbetjening report``: an error, told to a vendor."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TextIO

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit


@click.command()
@click.argument("code")
@click.option(
    "--log",
    "logs",
    type=click.File(encoding="utf-8", errors="replace", lazy=True),
    multiple=True,
    required=True,
    help="A file with the log of serve or worker; - is the standard input. May be repeated.",
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="Where to write it. [default: report-CODE.json]"
)
@click.option("--yes", is_flag=True, help="Write it without asking.")
@config_option
def report(
    code: str, logs: tuple[TextIO, ...], to: Path | None, config: str | None, *, yes: bool
) -> None:
    """Make an error report for a vendor: CODE is what the page about the error shows.

    Versions, plugin sets, where it was (route, solution, step), the class of the error
    and the lines of code that led to it. Nothing about anybody: neither messages of
    errors nor lines of the log are in it. All of it is shown before it is written.
    """
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.error_report import (  # noqa: PLC0415
            CODE,
            find_error,
            make_report,
        )
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    if not CODE.fullmatch(code):
        fail("That is no code. It stands on the page about the error: 1a2b3c4d or 7KQ4M-2XP9A.")
    plan = plan_or_exit(config)
    found = next((one for log in logs if (one := find_error(code, log))), None)
    if found is None:
        fail(f"No line with the code {code} is in the log. See that it is the log of that day.")
    text = json.dumps(make_report(plan, code, found, _now()), indent=2)
    click.echo(text)
    to = to or Path(f"report-{code}.json")
    if yes or click.confirm(f"Write this to {to}?", err=True):
        _write(to, text)
        click.echo(f"written: {to}", err=True)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except FileExistsError:
        fail(f"There is a file {path} already; it was left alone.")
    except OSError as error:
        fail(f"It cannot be written: {error.strerror}.")


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)
