"""A member of the municipality's staff who is logged in."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StaffRole(enum.StrEnum):
    """What a member of staff may do here."""

    OPERATOR = "operator"
    """Look after deliveries: see what waits, and decide what becomes of it."""
    AUDITOR = "auditor"
    """See in the audit log who has seen or changed what about a submission."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the staff, accepted by the core as logged in. Personal data of staff.

    Made by the core alone, from :class:`Claims`.

    :param id: the name they log in with; stands in the audit log, never a CPR number
    :param municipalities: the kommunekoder of those they work for
    :param home: of one who serves here by an agreement, the kommunekode of their own
        municipality, which the id begins with; empty: they work here
    """

    id: str
    name: str
    municipalities: frozenset[str]
    roles: frozenset[StaffRole]
    home: str = ""

    def may(self, role: StaffRole) -> bool:
        """Do they have this role?"""
        return role in self.roles
