"""What Acme paid out on a day, for those who keep the books.

Apart from the four methods, since no payment waits for it: many providers tell
it in another way, such as a file each night.
"""

from __future__ import annotations

import datetime

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Money, Settlement

from acme_plugin.wire import Wire


def settled_on(wire: Wire, day: datetime.date) -> tuple[Settlement, ...]:
    """Every amount paid out for ``day``; what was paid back is negative.

    :raises Unavailable: no answer, or not a proper one
    """
    answer = wire.ask("GET", f"/settlements/{day.isoformat()}")
    if answer.status != 200:
        raise Unavailable(f"Acme answered {answer.status} about settlements")
    try:
        return tuple(
            Settlement(str(row["id"]), Money(int(row["amount"]), str(row["currency"])), day)
            for row in answer.data["settlements"]
        )
    except (KeyError, TypeError, ValueError):
        raise Unavailable("Acme's settlements cannot be read") from None
