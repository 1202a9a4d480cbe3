"""When something daily is due: at an hour of the Danish day."""

from __future__ import annotations

import datetime

from selvbetjening_core.texts.formats import DANISH_TIME


def next_at(hour: int, now: datetime.datetime) -> datetime.datetime:
    """The next time it is ``hour`` o'clock in Denmark, in UTC. Later than ``now``."""
    local = now.astimezone(DANISH_TIME)
    then = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if then <= local:
        tomorrow = local.date() + datetime.timedelta(days=1)
        then = datetime.datetime.combine(tomorrow, datetime.time(hour), DANISH_TIME)
    return then.astimezone(datetime.UTC)
