"""A delivery that ends every worker that is at it: a document that takes all memory, say."""

from __future__ import annotations

from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import NOT_BEGUN, Attempt, Delivery

WORKER_STOPPED = "worker stopped"
MOST_STOPS = 10
"""What so many workers ended at is parked: each takes down what others were at."""


def ends_workers(work: UnitOfWork, delivery: Delivery) -> bool:
    """Did so many workers end at it, since a person last had it tried anew?"""
    # Between two of them it may have been asked about.
    latest = work.deliveries.latest_attempts(delivery.id, 2 * MOST_STOPS)
    return sum(_is_stop(one, delivery) for one in latest) >= MOST_STOPS


def _is_stop(attempt: Attempt, delivery: Delivery) -> bool:
    anew = delivery.tried_anew_at
    if anew is not None and attempt.started_at < anew:
        return False
    return attempt.outcome is None or attempt.evidence in (WORKER_STOPPED, NOT_BEGUN)
