"""Starts the counterpart: ``python -m selvbetjening_nemlogin.counterpart``."""

from __future__ import annotations

import datetime
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import click
import waitress

from selvbetjening_nemlogin.counterpart.certificates import YEAR, key_pem, made_key_pair
from selvbetjening_nemlogin.counterpart.service_providers import read_service_providers
from selvbetjening_nemlogin.keys import KeyPair, key_pair, pem_of

_NAMES = ("counterpart", "nobody")


def kept_keys(folder: Path) -> tuple[KeyPair, KeyPair]:
    """The counterpart's keys, made at its first start, and again when they have ended."""
    first, second = (_kept(folder, name) for name in _NAMES)
    return first, second


def _kept(folder: Path, name: str) -> KeyPair:
    key, certificate = folder / f"{name}-key.pem", folder / f"{name}.pem"
    if key.exists() and certificate.exists():
        found = key_pair(key.read_text("ascii"), certificate.read_text("ascii"))
        if datetime.datetime.now(datetime.UTC) < found.certificate.not_valid_after_utc:
            return found
    made = made_key_pair(f"Local counterpart: {name}", lasts=2 * YEAR)
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key_pem(made))
    certificate.write_text(pem_of(made.certificate), "ascii")
    return made


@click.command()
@click.option("--port", default=8099, show_default=True, help="On this machine alone.")
@click.option(
    "--folder",
    default=Path("var/nemlogin-counterpart"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where its keys and its metadata are kept.",
)
@click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The metadata of a system that people log in at; may be given several times.",
)
@click.option(
    "--prepare",
    is_flag=True,
    help="Write its keys and metadata, and a key pair for a system to try with; and end.",
)
def main(port: int, folder: Path, systems: Sequence[Path], *, prepare: bool) -> None:
    """A local counterpart of NemLog-in. It is not NemLog-in: only test persons log in here."""
    # Pyramid warns of what it still uses, as it is imported.
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
    from selvbetjening_nemlogin.counterpart.app import (  # noqa: PLC0415 - after the warning is off
        Counterpart,
        make_counterpart,
    )

    try:
        providers = read_service_providers(systems)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--system") from None
    counterpart = Counterpart(f"http://127.0.0.1:{port}", kept_keys(folder), providers)
    metadata = folder / "metadata.xml"
    metadata.write_bytes(counterpart.metadata())
    click.echo(f"Its metadata, for the setting metadata: {metadata}")
    if prepare:
        _kept(folder, "system")
        click.echo(f"A key and its certificate to try with: {folder}/system-key.pem, system.pem")
        return
    click.echo(f"The counterpart of NemLog-in is at {counterpart.url}; Ctrl-C ends it.")
    waitress.serve(make_counterpart(counterpart), host="127.0.0.1", port=port, _quiet=True)


if __name__ == "__main__":
    main()
