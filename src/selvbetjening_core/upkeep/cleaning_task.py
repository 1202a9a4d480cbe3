"""Retention as a daily task."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

from selvbetjening_core.composition.retention_settings import RetentionSettings
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.journey.ports import Files, Store
from selvbetjening_core.journey.uploads import sweep
from selvbetjening_core.upkeep.daily import next_at
from selvbetjening_core.upkeep.erase_list import EraseList
from selvbetjening_core.upkeep.retention import Budget, Cleaning
from selvbetjening_core.upkeep.tasks import OwnTask

HOUR = 3
"""When it is done: in the Danish night."""
LONGEST_SECONDS = 20.0
_GO_ON_AFTER = datetime.timedelta(seconds=10)


def cleaning_task(store: Store, settings: Callable[[], RetentionSettings], files: Files) -> OwnTask:
    """Removes what is kept too long, once a day; in turns of some seconds.

    :param settings: asked at every turn, so that a reload is seen
    :param files: swept of what no draft and no submission has any more
    """

    def run(municipality: Municipality, stop: threading.Event) -> datetime.datetime:
        rules = settings()
        erase_list = EraseList(rules.erase_list)
        budget = Budget(LONGEST_SECONDS, stop)
        offered = [one.solution for one in municipality.file.solutions.values()]
        Cleaning(store, municipality.code, offered, rules, erase_list).remove(budget)
        with store.transaction(municipality.code) as work:
            now = work.now()
        sweep(store, municipality.code, files)
        if budget.is_spent:
            return now + _GO_ON_AFTER
        erase_list.forget((now - datetime.timedelta(days=rules.backup_days)).date())
        return next_at(HOUR, now)

    return OwnTask("retention", run)
