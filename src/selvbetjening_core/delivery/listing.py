"""What operators see of the ledger, on their pages and at the command line alike."""

from __future__ import annotations

import datetime
import enum
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.journey.records import DeliveryState, ListedDelivery

_EXPORTED_EACH = 500


class Which(enum.StrEnum):
    """Which of the deliveries that have not arrived."""

    ALL = "all"
    PARKED = "parked"
    """A person has to look."""
    OVERDUE = "overdue"
    """On its way, or parked, for longer than its receiver's ``overdue_after_hours``."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of what has not arrived, oldest first.

    :param component: of one receiver alone; empty: of all
    :param after: the :attr:`~ListedDelivery.key` of the last one of the page before
    """

    which: Which = Which.ALL
    component: str = ""
    after: tuple[datetime.datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page of a list, and the time at which it was so."""

    rows: Sequence[ListedDelivery]
    now: datetime.datetime


def listed(work: UnitOfWork, file: MunicipalityFile, wanted: Listing, size: int) -> ListedPage:
    """At most ``size`` of the list. Quick, however much was ever delivered."""
    now = work.now()
    if wanted.which is not Which.OVERDUE:
        state = DeliveryState.PARKED if wanted.which is Which.PARKED else None
        rows = work.deliveries.page(
            state=state, component=wanted.component or None, after=wanted.after, size=size
        )
        return ListedPage(rows, now)
    return ListedPage(_overdue(work, file, wanted, size, now), now)


def export(store: Store, file: MunicipalityFile, wanted: Listing) -> Iterator[ListedDelivery]:
    """All of the list, some hundreds in each transaction."""
    while True:
        with store.transaction(file.code) as work:
            rows = listed(work, file, wanted, _EXPORTED_EACH).rows
        yield from rows
        if len(rows) < _EXPORTED_EACH:
            return
        wanted = replace(wanted, after=rows[-1].key)


@dataclass(slots=True)
class Unfinished:
    """What has not arrived at one receiver, in numbers."""

    on_its_way: int = 0
    parked: int = 0
    oldest: datetime.datetime | None = None


def unfinished_by_receiver(work: UnitOfWork) -> dict[str, Unfinished]:
    """The numbers of each receiver that has any. Never counts what has arrived."""
    found: dict[str, Unfinished] = {}
    for one in work.deliveries.unfinished_counts():
        here = found.setdefault(one.component, Unfinished())
        if one.state is DeliveryState.PARKED:
            here.parked += one.count
        else:
            here.on_its_way += one.count
        here.oldest = min(filter(None, (here.oldest, one.oldest)))
    return found


def unfinished_at(work: UnitOfWork, component: str) -> Unfinished:
    """The numbers of one receiver."""
    return unfinished_by_receiver(work).get(component, Unfinished())


def is_overdue(one: ListedDelivery, file: MunicipalityFile, now: datetime.datetime) -> bool:
    """Has it been on its way for longer than its receiver's rules allow?"""
    limit = file.rules_for(one.delivery.component).overdue_after
    return now - one.delivery.created_at > limit


def _overdue(
    work: UnitOfWork, file: MunicipalityFile, wanted: Listing, size: int, now: datetime.datetime
) -> list[ListedDelivery]:
    """Each receiver has a limit of its own: the oldest of each, put together."""
    names = [one.component for one in work.deliveries.unfinished_counts()]
    chosen = [wanted.component] if wanted.component else list(dict.fromkeys(names))
    pages = [
        work.deliveries.page(
            component=name,
            overdue_before=now - file.rules_for(name).overdue_after,
            after=wanted.after,
            size=size,
        )
        for name in chosen
    ]
    return list(heapq.merge(*pages, key=lambda one: one.key))[:size]
