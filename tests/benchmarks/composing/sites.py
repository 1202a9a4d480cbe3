"""Many installed plugin distributions, of which few are named; and a process that starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from composing.measure import Extent
from selvbetjening_core.hooks import ENTRY_POINT_GROUP
from selvbetjening_demo.folder import prepare_folder

USED = 10
_PLUGIN = '''"""A plugin as vendors write them."""

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown, Verdict


@implementer(IDelivery)
class Journal:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context):
        self._now = context.now

    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        return Outcome(OutcomeKind.DELIVERED)


@hookimpl
def selvbetjening_register(register):
    register.component(IDelivery, Journal, help="Delivers to a journal.")
'''
_METADATA = """Metadata-Version: 2.1
Name: acme-{number:03d}
Version: 1.{number}
Author: Acme ApS
License: MIT
Classifier: Programming Language :: Python :: 3
Requires-Dist: selvbetjening

{readme}
"""
_START = """
import time
begun = time.{clock}()
import datetime, json, sys
from pathlib import Path
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.stack import build
{planted}
plan = read_plan(Path(sys.argv[1]), register_core, datetime.date(2026, 11, 2))
build(plan, lambda: datetime.datetime.now(datetime.UTC))
seconds = time.{clock}() - begun
print(json.dumps({{
    "seconds": seconds,
    "imported": sorted({{name.partition(".")[0] for name in sys.modules if "acme" in name}}),
}}))
"""


@dataclass(frozen=True)
class Start:
    """What a fresh process told of its start."""

    seconds: float
    imported: tuple[str, ...]


def site(folder: Path, installed: int) -> Path:
    """A folder for the import path, with so many plugin distributions in it."""
    for number in range(installed):
        info = folder / f"acme_{number:03d}-1.{number}.dist-info"
        info.mkdir(parents=True)
        readme = "What the plugin is for, and how it is configured.\n" * 60
        (info / "METADATA").write_text(_METADATA.format(number=number, readme=readme), "utf-8")
        (info / "RECORD").write_text("", "utf-8")
        (info / "entry_points.txt").write_text(
            f"[{ENTRY_POINT_GROUP}]\n{plugin(number)} = {plugin(number)}.plugin\n", "utf-8"
        )
        package = folder / plugin(number)
        package.mkdir()
        (package / "__init__.py").write_text("", "utf-8")
        (package / "plugin.py").write_text(_PLUGIN, "utf-8")
    return folder


def plugin(number: int) -> str:
    """The name of one of them."""
    return f"acme_{number:03d}"


def installation(folder: Path) -> Path:
    """The demo, with ten of the plugins in its set and in a municipality; its file."""
    prepare_folder(folder)
    used = [plugin(number) for number in range(USED)]
    plugin_set = folder / "plugin_sets" / "standard.toml"
    named = "".join(f'"{name}", ' for name in used)
    text = plugin_set.read_text("utf-8").replace("plugins = [", f"plugins = [{named}", 1)
    plugin_set.write_text(text, "utf-8")
    municipality = folder / "municipalities" / "0773.toml"
    components = "".join(f'\n[component.{name}]\nplugin = "{name}"\n' for name in used)
    municipality.write_text(f"{municipality.read_text('utf-8')}\n{components}", "utf-8")
    return folder / "selvbetjening.toml"


def start(
    file: Path, path: Path, environment: dict[str, str], extent: Extent, planted: str = ""
) -> Start:
    """Start a process with ``path`` on its import path, and compose the installation in it."""
    program = _START.format(clock=extent.clock.__name__, planted=planted)
    there = os.environ.get("PYTHONPATH", "")
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join([str(path), there])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout)
    return Start(told["seconds"], tuple(told["imported"]))
