"""IImporter: make a solution from what another system exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Imported, SourceFile


class IImporter(Interface):
    """Reads one foreign format. A plugin set has one importer for each."""

    format: str = Attribute("The word for the format on the command line; lower case.")

    def recognises(source: SourceFile) -> bool:
        """Is the file of this format? Never raises on bad input."""

    def convert(source: SourceFile) -> tuple[Imported, ...]:
        """The solutions in the file. Every element of the source is accounted for.

        No effect: nothing in the source is ever evaluated. Unknown elements
        never stop an import.

        :raises ValueError: the file cannot be read; the sentence says where
        """
