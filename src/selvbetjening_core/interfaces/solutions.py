"""ISolutions: where solutions come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class ISolutions(Interface):
    """Offers solutions beside those that the installation's folders hold."""

    def folders() -> Mapping[str, Path]:
        """The folder of each solution, by the solution's name. No effect.

        Each holds a ``solution.toml``. They are read at start, and again when
        the installation is reloaded; a folder does not change in between.
        """
