"""The command ``selvbetjening``."""

from __future__ import annotations

import io
import os
import sys

import click

from selvbetjening_core import __version__
from selvbetjening_core.cli.commands import LazyGroup

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    cls=LazyGroup,
    context_settings=CONTEXT,
    commands_by_name={
        "check": (
            "selvbetjening_core.cli.check:check",
            "Find every mistake before a citizen does.",
        ),
        "why": ("selvbetjening_core.cli.why:why", "Say which component answers, and why."),
        "plugins": ("selvbetjening_core.cli.plugins:plugins", "List the plugins of a plugin set."),
        "serve": ("selvbetjening_core.cli.serve:serve", "Serve citizens, and deliver."),
        "worker": ("selvbetjening_core.cli.serve:worker", "Deliver only."),
        "new-keys": (
            "selvbetjening_core.cli.keys:new_keys",
            "Make the key file of an installation.",
        ),
        "counts": (
            "selvbetjening_core.cli.counts:counts",
            "Show how many journeys were completed.",
        ),
        "deliveries": (
            "selvbetjening_core.cli.deliveries:deliveries",
            "Show what is not delivered, and try it again.",
        ),
    },
)
@click.version_option(__version__, "--version", prog_name="selvbetjening")
def main() -> None:
    """Danish municipal self-service from common components."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or file of another encoding shows ? for what it cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False
