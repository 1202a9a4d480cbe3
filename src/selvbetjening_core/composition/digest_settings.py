"""``[digest]`` of a municipality: when its daily digest is sent."""

from __future__ import annotations

from dataclasses import dataclass

from selvbetjening_core.files import Table

_HOUR = 7


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """When the digest is sent, if the role ``digest`` is bound.

    :param hour: from this hour on of the Danish day
    :param always: also when nothing is parked or overdue
    """

    hour: int = _HOUR
    always: bool = False


def read_digest(root: Table) -> DigestSettings:
    """The table of a municipality's file; it, and each of its keys, may be left out."""
    table = root.table("digest")
    if table is None:
        return DigestSettings()
    found = DigestSettings(
        hour=table.number("hour", required=False, default=_HOUR, minimum=0, maximum=23),
        always=table.yes_no("always", required=False),
    )
    table.finish()
    return found
