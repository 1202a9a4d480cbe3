"""``selvbetjening conformance``."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selvbetjening_core.errors import NotInstalled

if TYPE_CHECKING:
    from selvbetjening_core.testing.running import KitResult, Report

_COLOURS = {"passed": "green", "failed": "red", "not applicable": "yellow"}
_NOTHING_TO_RUN = 2
# With less room for the sentences than this, the terminal may break them itself.
_NARROWEST = 20


def _is_in_a_folder(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Told before the checks are run, rather than after."""
    if file is not None and not file.absolute().parent.is_dir():
        raise click.BadParameter(f'there is no folder "{file.parent}"; make it first')
    return file


@click.command()
@click.argument("package")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_is_in_a_folder,
    help="Write the report to this file, as JSON.",
)
@click.option(
    "--page",
    "page_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_is_in_a_folder,
    help="Write the report to this file, as a page for people.",
)
def conformance(package: str, json_file: Path | None, page_file: Path | None) -> None:
    """Run the conformance kits that PACKAGE brings along.

    PACKAGE is the name of a distribution, a plugin or a module. Its code is run.
    The exit code is 0 when all checks that apply passed, 1 when one failed, and 2
    when nothing could be run.
    """
    report = _run(package)
    for kit in report.kits:
        _print_kit(kit)
    for fault in report.faults:
        click.secho(fault, fg="red", err=True)
    click.echo(_summary(report))
    _print_failed(report)
    _write(report, json_file, page_file)
    if not report.is_green:
        raise SystemExit(1 if report.kits else _NOTHING_TO_RUN)


def _run(package: str) -> Report:
    try:
        # Looked for here, so that its absence is told before anything is imported.
        from selvbetjening_core.testing import needs_pytest  # noqa: PLC0415

        needs_pytest()
    except NotInstalled as error:
        _stop(str(error))
    from selvbetjening_core.testing.found import find_kits  # noqa: PLC0415
    from selvbetjening_core.testing.running import run_kits  # noqa: PLC0415

    try:
        modules = find_kits(package)
    except LookupError as error:
        _stop(str(error))
    return run_kits(package, modules)


def _stop(message: str) -> None:
    click.secho(message, fg="red", err=True)
    raise SystemExit(_NOTHING_TO_RUN)


def _print_kit(kit: KitResult) -> None:
    origin = f" ({kit.distribution})" if kit.distribution else ""
    click.secho(f"{kit.plugin} {kit.plugin_version}{origin}", bold=True)
    label = f": {kit.label}" if kit.label else ""
    click.echo(f"  {kit.contract} {kit.contract_version}{label}")
    click.echo(f"  sha256 {kit.fingerprint.sha256} of {kit.fingerprint.package}")
    for line, outcome in _rows(kit):
        click.secho(line, fg=_COLOURS.get(outcome))
    click.echo("")


def _rows(kit: KitResult) -> Iterator[tuple[str, str]]:
    wide = max((len(one.check.name) for one in kit.checks), default=0)
    for one in kit.checks:
        start = f"  {one.outcome:<14}  {one.check.name:<{wide}}  "
        for line in _fitting(one.check.sentence, len(start)):
            yield start + line, one.outcome
            start = " " * len(start)
        for why in one.why.splitlines():
            for line in _fitting(why, len(start)):
                yield start + line, ""


def _fitting(text: str, indented: int) -> list[str]:
    """The text in lines as wide as the terminal; one line where a file or a pipe reads it."""
    if not sys.stdout.isatty():
        return [text]
    left = shutil.get_terminal_size().columns - indented
    return textwrap.wrap(text, left) if left >= _NARROWEST else [text]


def _print_failed(report: Report) -> None:
    """Named once more at the end, since the table is longer than a screen."""
    failed = [
        one.check.name for kit in report.kits for one in kit.checks if one.outcome == "failed"
    ]
    if failed:
        click.secho(f"failed: {', '.join(failed)}", fg="red")


def _summary(report: Report) -> str:
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in _COLOURS)
    return f"{sum(len(kit.checks) for kit in report.kits)} checks: {counts}"


def _write(report: Report, json_file: Path | None, page_file: Path | None) -> None:
    from selvbetjening_core.testing.report import as_data, as_page  # noqa: PLC0415

    if json_file is not None:
        text = json.dumps(as_data(report), ensure_ascii=False, indent=2)
        json_file.write_text(text + "\n", encoding="utf-8")
    if page_file is not None:
        page_file.write_text(as_page(report), encoding="utf-8")
