"""How many files, and how large, one field may be answered with."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What the installation allows, or its municipality, which may allow less.

    :param file_bytes: of one file
    :param field_files: in one field
    """

    file_bytes: int = 10 * MEGABYTE
    field_files: int = 10
