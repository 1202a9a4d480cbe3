"""Processes with the engine for many machines: who delivers, and how they end."""

from __future__ import annotations

import signal
import time

import pytest
from citizen import Citizen
from harness import Installation, eventually

ATTEMPT_SECONDS = 3
SETTINGS = f"""
[delivery]
engine = "procrastinate"
attempt_seconds = {ATTEMPT_SECONDS}
lease_seconds = 3
"""


@pytest.fixture
def site(postgres_url):
    with Installation(postgres_url, settings=SETTINGS) as site:
        yield site


def is_sending(site):
    return eventually(lambda: site.honest.at_once > 0) is None


def test_web_processes_enqueue_and_workers_deliver_and_end_in_order(site):
    web = site.serve(worker=True)
    Citizen(web.address).submit()
    time.sleep(1)
    assert site.counts() == {"waiting": 2}
    site.honest.faults.slow_seconds = 1.5
    worker = site.worker()
    assert is_sending(site)
    assert worker.stop() == 0
    # What was under way ended, and nothing else was begun.
    assert site.counts() == {"delivered": 1, "waiting": 1}
    assert web.stop() == 0


def test_a_worker_that_is_told_to_end_does_not_wait_for_ever(site):
    web = site.serve("--worker")
    Citizen(web.address).submit()
    site.settle()
    worker = site.worker()
    worker.popen.send_signal(signal.SIGHUP)
    eventually(lambda: "reloaded" in worker.told(), 60)
    web.stop()
    site.honest.faults.slow_seconds = 60
    web = site.serve()
    Citizen(web.address, "nancy_ann").submit()
    assert is_sending(site)
    begun = time.monotonic()
    assert worker.stop(30) == 0
    assert time.monotonic() - begun < ATTEMPT_SECONDS + 5
