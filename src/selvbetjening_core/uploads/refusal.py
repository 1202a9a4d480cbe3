"""Why a file is not taken in."""

from __future__ import annotations

from selvbetjening_core.errors import SelvbetjeningError

ERRORS = (
    "no_file",
    "wrong_type",
    "file_too_large",
    "empty_file",
    "virus",
    "password",
    "not_received",
    "too_many_files",
    "bad_name",
    "unreadable",
    "not_the_template",
)
"""The codes of what is told to a citizen, each a text under ``field_error``."""
NOT_RECEIVED = "not_received"
"""That of these for which the file is not to blame: the disk or the scanner failed."""


class FileRefused(SelvbetjeningError):
    """A file is not taken in. No personal data: neither its name nor its content.

    :param reason: one of :data:`ERRORS`
    :param values: what the text of the reason is filled with
    """

    code = "file-refused"

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(f"a file was refused: {reason}")
        self.reason = reason
        self.values = values
