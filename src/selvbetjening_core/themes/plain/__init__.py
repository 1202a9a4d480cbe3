"""The built-in theme: semantic HTML and one style sheet; works without script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import ComponentContext, Look, Setting

_FOLDER = Path(__file__).parent


@implementer(ITheme)
@dataclass(frozen=True, slots=True)
class PlainTheme:
    """Calm and quick; works everywhere. Other themes can extend it."""

    name: str = "plain"
    templates: Path = _FOLDER / "templates"
    static: Path = _FOLDER / "static"
    extends: str = ""
    settings: tuple[Setting, ...] = ()

    def look(self, context: ComponentContext) -> Look:
        """The same for every municipality."""
        return Look()


PLAIN = PlainTheme()
