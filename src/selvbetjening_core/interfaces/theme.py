"""ITheme: how pages look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from pathlib import Path


class ITheme(Interface):
    """A set of Jinja2 templates with the same names, and static files.

    ``templates/`` holds one template for each page (``intro.html``,
    ``step.html``, ``summary.html`` …) and, in ``fields/``, one for each widget
    (``text.html``, ``choice.html`` …). A theme may extend another by naming it
    in ``extends``: what it lacks is taken from there.
    """

    name: str = Attribute("The word a municipality's file names it by.")
    templates: Path = Attribute("Folder of the Jinja2 templates.")
    static: Path = Attribute("Folder of style sheets, scripts and pictures.")
    extends: str = Attribute("Name of the theme to fall back on, or empty.")
