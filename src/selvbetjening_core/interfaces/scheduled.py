"""IScheduled: do something regularly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Task


class IScheduled(Interface):
    """What a component also provides that declares tasks when it is registered."""

    def run(task: Task) -> None:
        """Carry ``task`` out once. Called by a worker, never while a citizen waits.

        Idempotent: one that was cut off is carried out again. Whatever it
        raises is logged by its class, and it is tried again when next due.
        """
