"""The theme: this, ``templates`` and ``static`` are what you change.

As it stands it is the theme ``plain`` with a style sheet of its own and a bar
in the municipality's colour. Any template that you put into ``templates``
stands in the place of the one of ``plain`` with its name, and can extend that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import ComponentContext, Look, Setting
from zope.interface import implementer

_FOLDER = Path(__file__).parent
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


@implementer(ITheme)
@dataclass(frozen=True, slots=True)
class AcmeTheme:
    """One object serves every municipality of a plugin set."""

    name: str = "acme"
    extends: str = "plain"
    templates: Path = _FOLDER / "templates"
    static: Path = _FOLDER / "static"
    settings: tuple[Setting, ...] = (
        Setting(
            "colour",
            "text",
            help='The colour of the bar on top, as "#rrggbb".',
            required=False,
            default="#0b5a63",
        ),
    )

    def look(self, context: ComponentContext) -> Look:
        """What one municipality's settings make of the theme. No effect.

        :raises ValueError: the colour cannot be used
        """
        colour = context.text("colour")
        if not _COLOUR.fullmatch(colour):
            raise ValueError(f'"{colour}" is no colour: write it as "#0b5a63"')
        sheet = f".acme-bar {{ background: {colour}; }}\n"
        return Look({"sheet": "acme-look.css"}, {"acme-look.css": sheet.encode("ascii")})
