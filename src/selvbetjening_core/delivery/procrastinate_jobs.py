"""Waiting for Procrastinate's jobs, and the rescue of those whose worker died.

Whatever goes wrong in here costs some seconds and no delivery: the ledger is
swept all the time, jobs or none.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import procrastinate
from procrastinate.exceptions import ConnectorException

from selvbetjening_core.delivery.hands import Hands
from selvbetjening_core.delivery.procrastinate_tables import LOOK, QUEUE
from selvbetjening_core.delivery.sweep import about

logger = logging.getLogger(__name__)

Look = Callable[[str, str], None]
"""Looks at one delivery, given municipality and id. Must raise nothing."""

_STOP_POLL = 0.2
# By nobody's clock: a job given back is due at once.
_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_CONNECTIONS = 4
# As for the store's own connections: a machine that was cut off notices.
_CONNECTION = {
    "application_name": "selvbetjening jobs",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c search_path=procrastinate -c lock_timeout=2500 -c statement_timeout=10000",
}


@dataclass(frozen=True, slots=True)
class JobTimes:
    """How often a worker process looks after its jobs, in seconds.

    :param poll: how often to ask for jobs that became due; new ones are told at once
    :param heartbeat: how often to say that it lives
    :param stalled: a worker that has not said so for so long is taken for dead
    :param end: how long jobs under way may take once it has to stop
    """

    poll: float = 1.0
    heartbeat: float = 2.0
    stalled: float = 8.0
    end: float = 35.0


def work_on_jobs(
    address: str, look: Look, hands: Hands, stop: threading.Event, times: JobTimes
) -> None:
    """Look at what jobs name, until ``stop`` is set.

    :raises Exception: the database cannot be used, or not any more
    """
    asyncio.run(_work(address, look, hands, stop, times))


async def _work(
    address: str, look: Look, hands: Hands, stop: threading.Event, times: JobTimes
) -> None:
    connector = procrastinate.PsycopgConnector(
        conninfo=address, kwargs=_CONNECTION, min_size=1, max_size=_CONNECTIONS, timeout=5
    )
    app = procrastinate.App(connector=connector)
    app.task(name=LOOK, queue=QUEUE)(_task(look, hands))
    async with app.open_async():
        worker = asyncio.create_task(_run_worker(app, hands.number, times))
        rescue = asyncio.create_task(_rescue(app, times))
        while not stop.is_set() and not worker.done():
            await asyncio.wait({worker}, timeout=_STOP_POLL)
        rescue.cancel()
        # A worker that is cancelled lets its jobs end first.
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rescue
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def _run_worker(app: procrastinate.App, at_once: int, times: JobTimes) -> None:
    await app.run_worker_async(
        queues=[QUEUE],
        concurrency=at_once,
        fetch_job_polling_interval=about(times.poll),
        shutdown_graceful_timeout=times.end,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=times.heartbeat,
        stalled_worker_timeout=times.stalled,
    )


def _task(look: Look, hands: Hands) -> Callable[[str, str], object]:
    async def task(municipality: str, delivery_id: str) -> None:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()

        def step() -> None:
            try:
                look(municipality, delivery_id)
            finally:
                # The loop may be over where the worker could not wait so long.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(ended.set)

        hands.begin(step)
        await ended.wait()

    return task


async def _rescue(app: procrastinate.App, times: JobTimes) -> None:
    """Give the jobs of workers that died back to the others."""
    while True:
        await asyncio.sleep(about(times.stalled / 2))
        try:
            await _rescue_once(app, times.stalled)
        except ConnectorException as error:
            logger.warning("jobs were not looked after: %s", type(error).__name__)


async def _rescue_once(app: procrastinate.App, stalled: float) -> None:
    jobs = app.job_manager
    for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=stalled):
        # Another machine may have been faster, or its worker has ended it after all.
        with contextlib.suppress(ConnectorException):
            await jobs.retry_job(job, retry_at=_LONG_AGO)
    await jobs.prune_stalled_workers(stalled)
