"""What is added to the plugin set: the solutions in this package. Nothing to fill in here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import ISolutions
from zope.interface import implementer

FOLDER = Path(__file__).resolve().parent / "solutions"


@implementer(ISolutions)
class AcmeSolutions:
    """Every folder that holds a ``solution.toml``."""

    def folders(self) -> Mapping[str, Path]:
        """The folder of each solution, by the solution's name. No effect."""
        return {file.parent.name: file.parent for file in sorted(FOLDER.glob("*/solution.toml"))}


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.shared(ISolutions, AcmeSolutions())
