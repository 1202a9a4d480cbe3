"""The theme object: three looks of the national design system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import ComponentContext, Look, Setting, SettingFault
from selvbetjening_dkfds.colours import Shades, shades_of
from selvbetjening_dkfds.fetch import ASSETS, FOLDER, MUNICIPAL, STAMP
from selvbetjening_dkfds.pictures import read_picture

BORGER, VIRK, MUNICIPALITY = "borger.dk", "virk", "municipality"

SETTINGS = (
    Setting(
        name="look",
        kind="text",
        help="Whose look the pages have: that of the portal the citizen comes from, or the "
        "municipality's own.",
        choices=(BORGER, VIRK, MUNICIPALITY),
    ),
    Setting(
        name="logo",
        kind="path",
        help="The municipality's logo, an SVG or PNG file; for the look municipality.",
        required=False,
    ),
    Setting(
        name="colour",
        kind="text",
        help='The colour of buttons and of what is chosen, as "#rrggbb"; for the look '
        "municipality. White text on it must be readable (WCAG AA).",
        required=False,
    ),
    Setting(
        name="icon",
        kind="path",
        help="The small picture in the browser's tab, an SVG or PNG file; for the look "
        "municipality.",
        required=False,
    ),
)

_OWN_SHEET = "dkfds-own.css"
_MUNICIPAL_SHEET = "look.css"
_PORTALS = {
    BORGER: ("borger.dk", "dkfds-borgerdk.min.css"),
    VIRK: ("Virk", "dkfds-virkdk.min.css"),
}
_NOT_FETCHED = (
    "the files of the national design system are missing, because npm could not be reached when"
    ' selvbetjening was built; pages look like the theme "plain". Build it again where npm can be'
    " reached, or run: python -m selvbetjening_dkfds.fetch"
)
_LOOK_CSS = """:root {{
  --theme-primary: {primary};
  --theme-primary-dark: {dark};
  --theme-header: #fff;
  --theme-line: 4px;
  --theme-logo-height: 4rem;
}}

.header .portal-info .logo {{ background-image: url("{logo}"); }}
"""


@implementer(ITheme)
@dataclass(frozen=True, slots=True)
class DkfdsTheme:
    """The national design system.

    Where its files were not fetched at build time it offers no templates of its
    own, so that every page is that of the theme it extends.
    """

    templates: Path
    static: Path
    is_fetched: bool
    name: str = "dkfds"
    extends: str = "plain"
    settings: tuple[Setting, ...] = SETTINGS

    def look(self, context: ComponentContext) -> Look:
        """The look that the municipality chose.

        :raises BadSettings: a setting belongs to another look, or its colour or
            logo cannot be used
        """
        warnings = () if self.is_fetched else (_NOT_FETCHED,)
        if context.text("look") == MUNICIPALITY:
            return _municipal(context, warnings)
        return _of_portal(context, warnings)


def theme_from(assets: Path = ASSETS) -> DkfdsTheme:
    """The theme, with or without the files that a build puts into ``assets``."""
    is_fetched = (assets / STAMP).is_file()
    # The static folder holds no template, so the loader goes on to the theme plain.
    templates = FOLDER / "templates" if is_fetched else assets.parent
    return DkfdsTheme(templates, assets.parent, is_fetched)


def _of_portal(context: ComponentContext, warnings: tuple[str, ...]) -> Look:
    _raise_all(
        SettingFault(
            name,
            f'{name} belongs to look = "{MUNICIPALITY}"; a portal has its own.'
            f" Take {name} out, or choose that look",
        )
        for name in ("logo", "colour", "icon")
        if context.text(name)
    )
    portal, sheet = _PORTALS[context.text("look")]
    return Look(
        {"portal": portal, "sheets": (f"dkfds/css/{sheet}", _OWN_SHEET), "icon": "icon.svg"},
        warnings=warnings,
    )


def _municipal(context: ComponentContext, warnings: tuple[str, ...]) -> Look:
    pictures = _own_pictures(context)
    logo, picture = pictures["logo"]
    shades = shades_of(context.text("colour"))
    files = {logo: picture, _MUNICIPAL_SHEET: _look_css(shades, logo)}
    icon = "icon.svg"
    if "icon" in pictures:
        icon, files[icon] = pictures["icon"]
    sheets = (f"dkfds/css/{MUNICIPAL}", _OWN_SHEET, _MUNICIPAL_SHEET)
    return Look({"portal": "", "sheets": sheets, "icon": icon}, files, warnings)


def _own_pictures(context: ComponentContext) -> dict[str, tuple[str, bytes]]:
    """What a municipality has of its own, each read once.

    :raises BadSettings: something is wrong; it tells everything that is
    """
    found: dict[str, tuple[str, bytes]] = {}
    faults: list[SettingFault] = []
    for name in ("logo", "colour", "icon"):
        try:
            if not context.text(name):
                if name != "icon":
                    faults.append(
                        SettingFault(name, f'look = "{MUNICIPALITY}" needs {name} as well')
                    )
            elif name == "colour":
                shades_of(context.text(name))
            else:
                found[name] = _picture(context, name)
        except ValueError as error:
            faults.append(SettingFault(name, str(error)))
    _raise_all(faults)
    return found


def _raise_all(faults: Iterable[SettingFault]) -> None:
    """:raises BadSettings: there is a fault"""
    found = tuple(faults)
    if found:
        raise BadSettings(*found)


def _picture(context: ComponentContext, name: str) -> tuple[str, bytes]:
    """The name it is served by, and its bytes.

    The name tells nothing of the disk, and is another when the picture is:
    browsers keep what a style sheet refers to.
    """
    ending, content = read_picture(name, context.text(name))
    return f"{name}-{hashlib.sha256(content).hexdigest()[:8]}{ending}", content


def _look_css(shades: Shades, logo: str) -> bytes:
    css = _LOOK_CSS.format(primary=shades.primary, dark=shades.dark, logo=logo)
    return css.encode("ascii")
