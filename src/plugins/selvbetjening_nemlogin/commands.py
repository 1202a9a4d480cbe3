"""The plugin's own commands: ``selvbetjening plugin nemlogin``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from selvbetjening_nemlogin.keys import certificate_of
from selvbetjening_nemlogin.metadata import own_metadata


def add_to(group: click.Group) -> None:
    """Add them."""
    group.add_command(_metadata)


@click.command("metadata")
@click.option(
    "--address",
    required=True,
    metavar="URL",
    help="The municipality's address, as citizens have it: https://selvbetjening.mors.dk.",
)
@click.option(
    "--component", default="login", show_default=True, help="What its file calls the login."
)
@click.option(
    "--certificate",
    "certificates",
    required=True,
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A certificate in PEM. While you change keys: the old one, then the new one.",
)
@click.option("--email", default="", help="Of whoever looks after the system.")
def _metadata(address: str, component: str, certificates: Sequence[Path], email: str) -> None:
    """Write what NemLog-in is to be given of your system, as XML."""
    if not address.startswith("https://") or address.endswith("/"):
        raise click.BadParameter(
            "write it as https://selvbetjening.mors.dk, without a slash at the end",
            param_hint="--address",
        )
    try:
        read = [certificate_of(one.read_text("utf-8")) for one in certificates]
    except (ValueError, OSError):
        raise click.BadParameter(
            "it is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----",
            param_hint="--certificate",
        ) from None
    url = f"{address}/-/messages/{component}"
    click.echo(own_metadata(address, url, read, email).decode(), nl=False)
