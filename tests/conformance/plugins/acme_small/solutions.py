"""Solutions from a folder of the plugin set's choice."""

from __future__ import annotations

from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ISolutions
from selvbetjening_core.values import Setting


@implementer(ISolutions)
class FolderSolutions:
    def __init__(self, folder):
        self._folder = Path(folder)

    def folders(self):
        found = sorted(self._folder.glob("*/solution.toml"))
        return {file.parent.name: file.parent for file in found}


@hookimpl
def selvbetjening_settings():
    return [Setting(name="folder", kind="path", help="Where the solutions are.")]


@hookimpl
def selvbetjening_register(register, context):
    register.shared(ISolutions, FolderSolutions(context.settings["folder"]))
