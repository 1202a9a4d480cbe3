from __future__ import annotations

import datetime
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.records import PendingLogin, WebSession
from selvbetjening_core.store.crypto import Unreadable
from selvbetjening_core.store.tables import pending_login, seen_assertion, web_session

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def session(identity, now):
    return WebSession("hash-1", "csrf-1", identity, now, now + HOUR)


@pytest.fixture
def login(now):
    return PendingLogin(
        request_id="q1",
        component="login",
        solution="sundhedskort",
        locale="da",
        browser_hash="b1",
        audience="https://mors.example",
        return_url="https://mors.example/login",
        expires_at=now + HOUR,
    )


def test_a_session_is_valid_in_its_municipality_until_it_runs_out(store, session, now):
    with store.transaction("0773") as work:
        work.sessions.add(session)
        assert work.sessions.get("hash-1", now) == session
        assert work.sessions.get("hash-2", now) is None
        assert work.sessions.get("hash-1", now + HOUR) is None
        work.sessions.prolong("hash-1", now + 2 * HOUR)
        assert work.sessions.get("hash-1", now + HOUR) == replace(
            session, expires_at=now + 2 * HOUR
        )
    with store.transaction("0851") as work:
        assert work.sessions.get("hash-1", now) is None
        work.sessions.remove("hash-1")
    with store.transaction("0773") as work:
        assert work.sessions.get("hash-1", now) is not None
        work.sessions.remove("hash-1")
        work.sessions.remove("hash-1")
        assert work.sessions.get("hash-1", now) is None


def test_an_identity_moved_to_another_session_is_noticed(engine, store, session, now):
    with store.transaction("0773") as work:
        work.sessions.add(session)
    with engine.begin() as connection:
        connection.execute(sa.update(web_session).values(token_hash="hash-2"))
    with pytest.raises(Unreadable), store.transaction("0773") as work:
        work.sessions.get("hash-2", now)


def test_a_login_is_taken_once(store, login, now):
    with store.transaction("0773") as work:
        work.sessions.add_login(login)
    with store.transaction("0851") as work:
        assert work.sessions.take_login("q1", now) is None
    with store.transaction("0773") as work:
        assert work.sessions.take_login("q1", now) == login
        assert work.sessions.take_login("q1", now) is None


def test_a_login_that_ran_out_is_not_taken(store, login, now):
    with store.transaction("0773") as work:
        work.sessions.add_login(login)
        assert work.sessions.take_login("q1", now + HOUR) is None


def test_an_assertion_is_new_once_for_each_issuer(store, now):
    with store.transaction("0773") as work:
        assert work.sessions.remember_assertion("a", "1", now + HOUR)
        assert not work.sessions.remember_assertion("a", "1", now + HOUR)
        assert work.sessions.remember_assertion("b", "1", now + HOUR)
        assert work.sessions.remember_assertion("a", "2", now + HOUR)
    with store.transaction("0773") as work:
        assert not work.sessions.remember_assertion("a", "2", now + HOUR)


def test_of_many_replays_at_once_one_wins(store, now):
    results = []

    def remember():
        with store.transaction("0773") as work:
            results.append(work.sessions.remember_assertion("a", "1", now + HOUR))

    threads = [threading.Thread(target=remember) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]


def test_a_new_session_sweeps_away_what_has_run_out(engine, store, session, login, now):
    with store.transaction("0773") as work:
        work.sessions.add(session)
        work.sessions.add_login(login)
        work.sessions.remember_assertion("a", "1", now + HOUR)
    with store.transaction("0851") as work:
        work.sessions.add_login(login)
    later = replace(session, token_hash="hash-2", created_at=now + HOUR, expires_at=now + 2 * HOUR)
    with store.transaction("0773") as work:
        work.sessions.add(later)
    with engine.begin() as connection:
        assert connection.execute(sa.select(web_session.c.token_hash)).scalars().all() == ["hash-2"]
        assert connection.execute(sa.select(seen_assertion)).all() == []
        left = connection.execute(sa.select(pending_login.c.municipality)).scalars().all()
    assert left == ["0851"]
