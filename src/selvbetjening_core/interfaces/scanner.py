"""IScanner: is this file safe to pass on?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Attachment, ScanVerdict


class IScanner(Interface):
    """Looks through a file that a citizen sent along."""

    def scan(attachment: Attachment) -> ScanVerdict:
        """Whether the file may go on. Only ``clean`` lets it; what cannot be read is refused.

        No effect. Personal data: the file.

        :raises Unavailable: it could not be looked through; it stays here
        """
