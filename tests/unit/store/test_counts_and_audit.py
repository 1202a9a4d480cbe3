from __future__ import annotations

import datetime
import threading

import sqlalchemy as sa

from selvbetjening_core.journey.records import JourneyCount
from selvbetjening_core.store.tables import audit

DAY = datetime.date(2026, 3, 1)
KEY = ("sundhedskort", "2026.1", "self_service", DAY)


def test_journeys_are_counted(store):
    with store.transaction("0773") as work:
        work.counts.started(*KEY)
        work.counts.started(*KEY)
        work.counts.completed(*KEY)
        work.counts.completed("flytning", "1", "self_service", DAY)
    with store.transaction("0851") as work:
        work.counts.started(*KEY)
        assert work.counts.report() == [JourneyCount(*KEY, started=1, completed=0)]
    with store.transaction("0773") as work:
        assert work.counts.report() == [
            JourneyCount("flytning", "1", "self_service", DAY, started=0, completed=1),
            JourneyCount(*KEY, started=2, completed=1),
        ]


def test_whether_a_solution_was_ever_counted_is_known_by_municipality(store):
    with store.transaction("0773") as work:
        work.counts.started(*KEY)
        work.counts.started(*KEY[:-1], DAY.replace(day=2))
        assert work.counts.has_any("sundhedskort")
        assert not work.counts.has_any("sundheds")
        assert not work.counts.has_any("")
    with store.transaction("0851") as work:
        assert not work.counts.has_any("sundhedskort")


def test_no_count_is_lost_among_many_at_once(store):
    def count():
        for _ in range(5):
            with store.transaction("0773") as work:
                work.counts.started(*KEY)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction("0773") as work:
        assert work.counts.report()[0].started == 30


def test_lines_of_the_audit_log_are_kept_in_order(engine, store, now):
    for number in range(5):
        with store.transaction("0773") as work:
            work.audit.add(f"event-{number}", "d1", now, "detail")
    with engine.begin() as connection:
        rows = connection.execute(sa.select(audit).order_by(audit.c.id)).mappings().all()
    assert [row["event"] for row in rows] == [f"event-{number}" for number in range(5)]
    first = rows[0]
    assert (first["municipality"], first["subject"], first["detail"]) == ("0773", "d1", "detail")
    assert first["at"] == now
