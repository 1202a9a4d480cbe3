"""``selvbetjening new-keys``."""

from __future__ import annotations

from pathlib import Path

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.errors import SelvbetjeningError


@click.command()
@config_option
def new_keys(config: str | None) -> None:
    """Make the key file that [store] keys names, with one new random key.

    A file that is there is never overwritten: without its key, everything that
    was stored under it is lost.
    """
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.store.key_file import create_key_file  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    installation = plan_or_exit(config).installation
    scheme, _, name = installation.keys.partition(":")
    if scheme != "file":
        fail('The installation does not name a key file: keys = "file:PATH" in [store].')
    path = installation.folder / Path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_key_file(path)
    except SelvbetjeningError as error:
        fail(str(error))
    except OSError as error:
        fail(f"The key file cannot be written: {error.strerror}.")
    click.echo(f"made {path}; keep a copy apart from the database, and let nobody else read it")
