"""``selvbetjening`` with a fault: ``python machines_faults.py FAULT COMMAND …``."""

from __future__ import annotations

import datetime
import sys
import time
from dataclasses import replace

from selvbetjening_core import application
from selvbetjening_core.cli.main import main
from selvbetjening_core.delivery.procrastinate_engine import ProcrastinateEngine
from selvbetjening_core.delivery.sweep import Sweep
from selvbetjening_core.store.claims import SqlClaims
from selvbetjening_core.store.receivers import SqlReceivers
from selvbetjening_core.store.store import SqlUnitOfWork

_A_DAY = datetime.timedelta(days=1)


def lease_never_ends() -> None:
    found = application._limits
    application._limits = lambda told: replace(found(told), lease=_A_DAY)


def limit_counted_without_the_lock() -> None:
    count = SqlClaims._count_held

    def count_and_dawdle(self, *arguments):
        found = count(self, *arguments)
        time.sleep(0.05)
        return found

    SqlReceivers.lock = SqlReceivers.get
    SqlClaims._count_held = count_and_dawdle


def leases_by_the_process_clock() -> None:
    SqlUnitOfWork.now = lambda _self: datetime.datetime.now(tz=datetime.UTC)


def sweep_does_nothing() -> None:
    Sweep.run = lambda self: self._stop.wait()


def no_job_is_written() -> None:
    ProcrastinateEngine.plan = lambda *_: None


FAULTS = {
    "lease-never-ends": "a worker that died holds its deliveries for ever",
    "limit-counted-without-the-lock": "two workers count at once, and both take the last place",
    "leases-by-the-process-clock": "a machine takes its own clock for everybody's",
    "sweep-does-nothing": "what has no job is never found",
    "no-job-is-written": "deliveries wait for the sweep",
}

if __name__ == "__main__":
    globals()[sys.argv.pop(1).replace("-", "_")]()
    main()
