"""A theme that extends ``plain``: a colour, and a line in the footer. Right in every way.

Every theme here has its own templates in a folder of its own name, if it has any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import Look, Setting

FOLDER = Path(__file__).parent / "themes"
COLOUR = re.compile(r"#[0-9a-f]{6}")


@implementer(ITheme)
@dataclass(frozen=True)
class GoodTheme:
    name: str = "harbour"
    extends: str = "plain"
    templates: Path = FOLDER / "good" / "templates"
    static: Path = FOLDER / "good" / "static"
    settings: tuple[Setting, ...] = (
        Setting("colour", "text", 'The colour of the bar, as "#rrggbb".'),
    )

    def look(self, context):
        colour = context.text("colour")
        if not COLOUR.fullmatch(colour):
            raise ValueError(f'"{colour}" is no colour: write it as "#0b5a63"')
        return Look(files={"look.css": f".bar {{ background: {colour}; }}\n".encode()})


def themed(name, **changes):
    folder = FOLDER / name
    return GoodTheme(templates=folder / "templates", static=folder / "static", **changes)


def offering(theme):
    @hookimpl
    def selvbetjening_register(register):
        register.theme(theme)

    return selvbetjening_register


selvbetjening_register = offering(GoodTheme())
