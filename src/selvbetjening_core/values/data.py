"""Which personal data a component may see."""

from __future__ import annotations

import enum


class Data(enum.StrEnum):
    """A kind of personal data. What a plugin does not declare, it is not given.

    The declarations together are the municipality's record of processing
    (databeskyttelsesforordningen, article 30).
    """

    CPR = "cpr"
    """CPR numbers of actor and principal."""
    NAME = "name"
    """Their names."""
    ADDRESS = "address"
    """Their addresses."""
    ANSWERS = "answers"
    """What was answered, and what a register filled in."""
    DOCUMENTS = "documents"
    """The receipt and other documents made from the answers."""
    ATTACHMENTS = "attachments"
    """Files the citizen sent along."""
