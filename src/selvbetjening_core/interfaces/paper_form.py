"""IPaperForm: a solution on paper, for those who cannot be digital."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Document, PaperForm


class IPaperForm(Interface):
    """What a receipt component also provides that can print a solution as a form.

    Who is exempt from digital self-service, or cannot use it, is to have another way in
    (the municipalities' Resultatkontrakt 1.1 of 2012; sundhedsloven § 12 for one law that
    says so itself). What comes back is keyed by staff, and equal to what was sent digitally.
    """

    def print_out(form: PaperForm) -> Document:
        """The form as a document to print. The same form gives the same bytes, always.

        No effect. Personal data: none.
        """
