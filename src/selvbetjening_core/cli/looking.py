"""That somebody has looked at something by a command is written down, each time."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING

from selvbetjening_core.cli.office import system_user
from selvbetjening_core.journey.audit import AuditPurpose, AuditWay

if TYPE_CHECKING:
    from selvbetjening_core.journey.ports import UnitOfWork
    from selvbetjening_core.values import CprNumber


def acting_user() -> str:
    """The user of the operating system, for the audit log; its number, where it has no name."""
    return system_user() or f"user {os.getuid()}"


def note_look(
    work: UnitOfWork,
    event: str,
    subject: str,
    purpose: AuditPurpose = AuditPurpose.OPERATING,
    detail: str = "",
    persons: Collection[CprNumber] = (),
) -> None:
    """A line in the audit log, with the user of the operating system.

    :param subject: the submission's id, where it is about one
    """
    work.audit.add(
        event,
        subject,
        work.now(),
        detail,
        actor=acting_user(),
        way=AuditWay.COMMAND,
        purpose=purpose,
        persons=persons,
    )
