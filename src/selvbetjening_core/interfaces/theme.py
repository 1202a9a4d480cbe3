"""ITheme: how pages look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from pathlib import Path

    from selvbetjening_core.values import ComponentContext, Look, Setting


class ITheme(Interface):
    """A set of Jinja2 templates with the same names, and static files.

    ``templates/`` holds one template for each page (``intro.html``,
    ``step.html``, ``summary.html`` …) and, in ``fields/``, one for each widget
    (``text.html``, ``choice.html`` …). A theme may extend another by naming it
    in ``extends``: what it lacks is taken from there.

    One theme serves every municipality of a plugin set; what a municipality
    may change of it are its ``settings``, filled in under ``[theme]``.
    """

    name: str = Attribute("The word a municipality's file names it by.")
    templates: Path = Attribute("Folder of the Jinja2 templates.")
    static: Path = Attribute("Folder of style sheets, scripts and pictures.")
    extends: str = Attribute("Name of the theme to fall back on, or empty.")
    settings: tuple[Setting, ...] = Attribute("What a municipality may set.")

    def look(context: ComponentContext) -> Look:
        """The theme as one municipality has set it.

        Called when the municipality's file is checked and whenever it is read:
        it has no effect, and may read the files that the settings name.

        :raises BadSettings: settings cannot be used: each fault with its setting
            and a sentence that says why, and what to do
        """
