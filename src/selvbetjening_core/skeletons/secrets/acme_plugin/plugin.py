"""What is added to the plugin set: the scheme ``acme:``. Nothing to fill in here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from selvbetjening_core.hooks import Register, SetContext, hookimpl
from selvbetjening_core.interfaces import ISecrets
from selvbetjening_core.values import Setting
from zope.interface import implementer

from acme_plugin.vault import Vault

_NAME = re.compile(r"[a-z][a-z0-9-]{0,99}", re.ASCII)


@implementer(ISecrets)
class AcmeSecrets:
    """References such as ``acme:card-token``."""

    scheme = "acme"

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def read(self, name: str) -> str:
        """The secret called ``name``.

        :raises LookupError: there is none; what was found is told to nobody
        """
        if not _NAME.fullmatch(name):
            raise LookupError(f"{name[:50]!r} cannot be the name of a secret at Acme")
        found = self._vault.fetch(name)
        if found is None:
            raise LookupError(f"Acme has no secret called {name}")
        return found


@hookimpl
def selvbetjening_settings() -> Sequence[Setting]:
    """What the plugin set's file says once, for every municipality."""
    return (Setting("folder", "path", help="The folder with a file for each secret."),)


@hookimpl
def selvbetjening_register(register: Register, context: SetContext) -> None:
    """Say what this plugin offers."""
    register.shared(ISecrets, AcmeSecrets(Vault(Path(str(context.settings["folder"])))))
