"""Secrets in a folder, a file for each."""

from __future__ import annotations

import re
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ISecrets
from selvbetjening_core.values import Setting

NAME = re.compile(r"[a-z][a-z0-9-]{0,99}", re.ASCII)


@implementer(ISecrets)
class FolderSecrets:
    scheme = "drawer"

    def __init__(self, folder):
        self._folder = Path(folder)

    def read(self, name):
        if not NAME.fullmatch(name):
            raise LookupError(f"{name[:50]!r} is no name of a secret")
        try:
            return (self._folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise LookupError(f"there is no secret called {name}") from None


@hookimpl
def selvbetjening_settings():
    return [Setting(name="folder", kind="path", help="Where the secrets are.")]


@hookimpl
def selvbetjening_register(register, context):
    register.shared(ISecrets, FolderSecrets(context.settings["folder"]))
