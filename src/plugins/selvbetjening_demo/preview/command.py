"""The command ``selvbetjening preview``."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from selvbetjening_core.cli.commands import fail, hush_deform, needs_extra
from selvbetjening_core.definitions.solution import FILE_NAME


@click.command()
@click.argument("solution", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8090,
    show_default=True,
    help="Port to listen on, on this machine alone.",
)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="NAME",
    help="A plugin whose field kinds the solution uses. May be given more than once.",
)
def preview(solution: Path, port: int, plugins: tuple[str, ...]) -> None:
    """Show the solution in the folder SOLUTION while it is written.

    Every page says that it is a preview. A page loads anew when a file of the folder is
    saved, and what is wrong stands beside it; the last version that was right is shown
    as long. Log in as one of a few test persons. Nothing is delivered, and what is typed
    is gone when the preview ends. Listens on this machine alone.
    """
    folder = _folder(solution)
    hush_deform()
    try:
        from selvbetjening_demo.preview.serving import (  # noqa: PLC0415 - needs the extra
            PortTaken,
            serving,
        )
    except ModuleNotFoundError as error:
        needs_extra("The preview", "demo", error)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with serving(folder, port, plugins) as (server, url):
            click.echo(f"preview of {folder.name}: {url}")
            click.echo("Save a file, and the page follows. Press Ctrl-C to stop.")
            server.run()
    except PortTaken as error:
        fail(str(error))
    except KeyboardInterrupt:
        # While it was starting; once it serves, the server takes it for its end.
        pass
    click.echo("\nstopped; nothing was kept")


def _folder(given: Path) -> Path:
    """The solution's folder, for the folder itself or a file in it."""
    folder = (given.parent if given.name == FILE_NAME else given).resolve()
    if not folder.is_dir():
        fail(f"There is no folder {given}.\nName the folder that {FILE_NAME} is in.")
    if not (folder / FILE_NAME).exists():
        inside = sorted(path.parent.name for path in folder.glob(f"*/{FILE_NAME}"))
        hint = f" Did you mean one of those in it? {', '.join(inside)}" if inside else ""
        fail(f"There is no {FILE_NAME} in {given}.{hint}")
    return folder


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
