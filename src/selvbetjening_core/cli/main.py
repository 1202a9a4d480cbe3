"""The command ``selvbetjening``."""

from __future__ import annotations

import io
import os
import sys

import click

from selvbetjening_core import __version__
from selvbetjening_core.cli.commands import LazyGroup
from selvbetjening_core.logs import mask_logs, mask_streams

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    cls=LazyGroup,
    context_settings=CONTEXT,
    commands_by_name={
        "check": (
            "selvbetjening_core.cli.check:check",
            "Find every mistake before a citizen does.",
        ),
        "test": (
            "selvbetjening_core.cli.owner_tests:run_test_cases",
            "Run the test cases that stand beside each solution.",
        ),
        "preview": (
            "selvbetjening_demo.preview.command:preview",
            "Show one solution while it is written, with what is wrong beside it.",
        ),
        "schema": (
            "selvbetjening_core.cli.schema:schema",
            "Print a JSON Schema of solution.toml, for an editor.",
        ),
        "explain": (
            "selvbetjening_core.cli.explain:explain",
            "Say what a code means, and what to do.",
        ),
        "why": ("selvbetjening_core.cli.why:why", "Say which component answers, and why."),
        "plugins": ("selvbetjening_core.cli.plugins:plugins", "List the plugins of a plugin set."),
        "catalogue": (
            "selvbetjening_core.cli.catalogue:catalogue",
            "List every plugin and component: the service catalogue.",
        ),
        "plugin": (
            "selvbetjening_core.cli.plugin:plugin",
            "Run a command that a plugin adds.",
        ),
        "sbom": (
            "selvbetjening_core.cli.sbom:sbom",
            "List the parts that are installed, for a program (CycloneDX).",
        ),
        "licences": (
            "selvbetjening_core.cli.licences:licences",
            "List the parts that are installed, and their licences.",
        ),
        "advisories": (
            "selvbetjening_core.cli.advisories:advisories",
            "Say what is known against the parts that are installed.",
        ),
        "health": (
            "selvbetjening_core.cli.health:health",
            "Say whether the store and the plugins can work.",
        ),
        "serve": ("selvbetjening_core.cli.serve:serve", "Serve citizens, and deliver."),
        "proxy-config": (
            "selvbetjening_core.cli.proxy:proxy_config",
            "Print the proxy's configuration: hosts, and limits.",
        ),
        "worker": ("selvbetjening_core.cli.serve:worker", "Deliver only."),
        "new-plugin": (
            "selvbetjening_core.cli.new_plugin:new_plugin",
            "Make a plugin of your own that passes its conformance kit at once.",
        ),
        "conformance": (
            "selvbetjening_core.cli.conformance:conformance",
            "Hold a plugin to its contract, and print what it keeps.",
        ),
        "database": (
            "selvbetjening_core.cli.database:database",
            "Look at the database, or move everything to another one.",
        ),
        "new-keys": (
            "selvbetjening_core.cli.keys:new_keys",
            "Make the key file of an installation.",
        ),
        "keys": (
            "selvbetjening_core.cli.keys:keys",
            "Show the keys and what needs each, or change them while all goes on.",
        ),
        "report": (
            "selvbetjening_core.cli.error_report:report",
            "Make an error report for a vendor, with nothing personal in it.",
        ),
        "counts": (
            "selvbetjening_core.cli.counts:counts",
            "Show how many journeys were completed.",
        ),
        "backup": (
            "selvbetjening_core.cli.backup:backup",
            "Copy the database while it is used.",
        ),
        "restore": (
            "selvbetjening_core.cli.backup:restore",
            "Put a backup in the place of the database.",
        ),
        "retention": (
            "selvbetjening_core.cli.retention:retention",
            "Show what is kept too long, or remove it now.",
        ),
        "audit": (
            "selvbetjening_core.cli.audit:audit",
            "Show who saw or changed what, and verify the log of it.",
        ),
        "deliveries": (
            "selvbetjening_core.cli.deliveries:deliveries",
            "Show what has not arrived, and get it on its way.",
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
    mask_logs()
    mask_streams(out=False)
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False
