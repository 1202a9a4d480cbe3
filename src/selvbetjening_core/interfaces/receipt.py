"""IReceipt: the proof a citizen keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import CaseSnapshot, Document, Verdict


class IReceipt(Interface):
    """Makes the receipt document of a case, and recognises its own.

    Content: facts "2.7 Receipt content" (Ombudsmanden's authority guide 12 and
    13; offentlighedsloven § 15): number, authority, time received, who acted
    for whom, every answer as shown, payment, what happens now.
    """

    def issue(case: CaseSnapshot) -> Document:
        """The receipt of ``case``. The same case gives the same bytes, always.

        No effect. Personal data: all that the case holds.
        """

    def verify(document: Document) -> Verdict:
        """Is this a receipt that this component issued, unchanged? Never raises."""
