"""Does anybody carry deliveries out? Seen in the ledger, whichever machine it is that does."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.values import Health

LEFT_LYING = datetime.timedelta(minutes=5)
"""What was due so long ago, and is held by nobody, is taken up by nobody."""


def deliveries_health(store: Store, files: Iterable[MunicipalityFile]) -> Health:
    """Is what is due taken up? Quick: one row of each receiver is looked for."""
    try:
        lying = [name for file in files for name in _lying(store, file)]
    except StoreUnavailable as error:
        return Health("deliveries", is_ok=False, text=str(error))
    if not lying:
        return Health("deliveries", is_ok=True)
    minutes = int(LEFT_LYING.total_seconds()) // 60
    told = ", ".join(lying)
    return Health(
        "deliveries",
        is_ok=False,
        text=f"no worker takes up what was due more than {minutes} minutes ago: {told}",
    )


def _lying(store: Store, file: MunicipalityFile) -> Iterator[str]:
    """The receivers that have something due, and are neither paused nor at rest."""
    with store.transaction(file.code) as work:
        now = work.now()
        names = {one.component for one in work.deliveries.unfinished_counts()}
        found = [
            name
            for name in sorted(names & set(file.deliverers))
            if _is_open(work, name, now) and work.deliveries.due(name, now - LEFT_LYING, 1)
        ]
    yield from (f"{file.code} {name}" for name in found)


def _is_open(work: UnitOfWork, name: str, now: datetime.datetime) -> bool:
    receiver = work.receivers.get(name)
    is_resting = receiver.rests_until is not None and receiver.rests_until > now - LEFT_LYING
    return receiver.paused_at is None and not is_resting
