from __future__ import annotations

import datetime
import threading

import pytest

from selvbetjening_core.journey.records import Receiver

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def at(store):
    """Do something with the receivers of a municipality, in a transaction of its own."""

    def at(do, municipality="0773"):
        with store.transaction(municipality) as work:
            return do(work.receivers)

    return at


def test_nothing_was_decided_about_one_that_was_never_touched(at):
    assert at(lambda receivers: receivers.get("journal")) == Receiver("journal")
    assert at(lambda receivers: receivers.all()) == []
    assert at(lambda receivers: receivers.lock("journal")) == Receiver("journal")


def test_it_is_paused_once_and_says_who_and_why(at, now):
    assert at(lambda receivers: receivers.pause("journal", "anna", "moving house", now))
    assert not at(lambda receivers: receivers.pause("journal", "bo", "other", now + MINUTE))
    paused = Receiver("journal", now, "anna", "moving house")
    assert at(lambda receivers: receivers.all()) == [paused]
    assert at(lambda receivers: receivers.get("journal")) == paused
    assert at(lambda receivers: receivers.all(), "0851") == []


def test_resuming_ends_a_pause_and_a_rest(at, now):
    assert not at(lambda receivers: receivers.resume("journal", now))
    at(lambda receivers: receivers.pause("journal", "anna", "why", now))
    assert at(lambda receivers: receivers.resume("journal", now + MINUTE))
    assert not at(lambda receivers: receivers.resume("journal", now + 2 * MINUTE))
    at(lambda receivers: receivers.lock("journal") and receivers.failed("journal", now + MINUTE))
    assert at(lambda receivers: receivers.get("journal").rests_until) == now + MINUTE
    assert at(lambda receivers: receivers.resume("journal", now + 3 * MINUTE))
    assert at(lambda receivers: receivers.get("journal")) == Receiver(
        "journal", resumed_at=now + 3 * MINUTE
    )


def test_failures_are_counted_until_it_works(at, now):
    for until in (None, None, now):
        at(
            lambda receivers, until=until: (
                receivers.lock("journal") and receivers.failed("journal", until)
            )
        )
    assert at(lambda receivers: receivers.get("journal")) == Receiver(
        "journal", failures=3, rests_until=now
    )
    at(lambda receivers: receivers.succeeded("other"))
    assert at(lambda receivers: receivers.get("journal").failures) == 3
    at(lambda receivers: receivers.succeeded("journal"))
    assert at(lambda receivers: receivers.get("journal")) == Receiver("journal")


def test_many_who_lock_it_at_once_come_one_after_the_other(store, now):
    """Counting under the lock loses none, though nobody made the row before."""
    at_once = threading.Barrier(6)

    def fail():
        at_once.wait(5)
        for _ in range(5):
            with store.transaction("0773") as work:
                count = work.receivers.lock("journal").failures
                work.receivers.failed("journal", now + count * MINUTE)

    threads = [threading.Thread(target=fail) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction("0773") as work:
        found = work.receivers.get("journal")
    assert (found.failures, found.rests_until) == (30, now + 29 * MINUTE)
