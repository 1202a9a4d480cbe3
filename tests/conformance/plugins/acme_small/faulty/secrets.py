from __future__ import annotations

import logging

from acme_small import secrets as good
from acme_small.planting import shared_settings as selvbetjening_settings
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ISecrets

__all__ = ["selvbetjening_settings"]


class TidiesUp(good.FolderSecrets):
    def read(self, name):
        return " ".join(super().read(name).replace("%", "").split())


class EmptyForUnknown(good.FolderSecrets):
    def read(self, name):
        try:
            return super().read(name)
        except LookupError:
            return ""


class LeavesTheFolder(good.FolderSecrets):
    def read(self, name):
        try:
            return (self._folder / name).read_text("utf-8")
        except (OSError, ValueError):
            raise LookupError(f"there is no secret called {name}") from None


class TellsWhatItFound(good.FolderSecrets):
    def read(self, name):
        try:
            return super().read(name)
        except LookupError:
            near = [file.read_text("utf-8") for file in sorted(self._folder.iterdir())]
            raise LookupError(f"there is no secret called {name}, but {near}") from None


class LogsWhatItFound(good.FolderSecrets):
    def read(self, name):
        found = super().read(name)
        logging.getLogger("acme").debug("%s is %s", name, found)
        return found


class CapitalScheme(good.FolderSecrets):
    scheme = "Drawer"


FAULTS = {
    "none": good.FolderSecrets,
    "tidies-up": TidiesUp,
    "empty-for-unknown": EmptyForUnknown,
    "leaves-the-folder": LeavesTheFolder,
    "tells-what-it-found": TellsWhatItFound,
    "logs-what-it-found": LogsWhatItFound,
    "capital-scheme": CapitalScheme,
}


@hookimpl
def selvbetjening_register(register, context):
    settings = context.settings
    register.shared(ISecrets, FAULTS[settings["fault"]](settings["folder"]))
