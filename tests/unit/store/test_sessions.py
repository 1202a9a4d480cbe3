from __future__ import annotations

import datetime
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    PendingLogin,
    ProviderLogin,
    StaffSession,
    WebSession,
)
from selvbetjening_core.store.crypto import Unreadable
from selvbetjening_core.store.tables import (
    pending_login,
    seen_assertion,
    staff_session,
    web_session,
)
from selvbetjening_core.values import Staff

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


ISSUER, FIRST, SECOND, PERSON = "https://login.example", "login-1", "login-2", "person-1"


@pytest.fixture(params=["web_session", "staff_session"])
def logged_in(request, store, session, now):
    """Two logins of one person, kept as sessions of citizens or of staff: their store."""
    anna = Staff("anna", "Anna", frozenset({"0773"}), frozenset())
    of_staff = StaffSession("hash-1", "csrf-1", anna, now, now + HOUR)
    is_staff = request.param == "staff_session"
    first = of_staff if is_staff else session

    def kept(work):
        return work.staff_sessions if is_staff else work.sessions

    with store.transaction("0773") as work:
        for number, name in ((1, FIRST), (2, SECOND)):
            login = ProviderLogin(ISSUER, name, PERSON, f"farewell to {name}")
            kept(work).add(replace(first, token_hash=f"hash-{number}"), login)
        kept(work).add(replace(first, token_hash="hash-3"))
    return kept


def living(store, kept, now, code="0773"):
    with store.transaction(code) as work:
        return [number for number in (1, 2, 3) if kept(work).get(f"hash-{number}", now)]


ENDED = {
    "that login": ((ISSUER, [FIRST], PERSON), [2, 3]),
    "both, by name": ((ISSUER, [FIRST, SECOND], ""), [3]),
    "all of the person": ((ISSUER, [], PERSON), [3]),
    "another issuer": (("https://other.example", [FIRST], PERSON), [1, 2, 3]),
    "another's login": ((ISSUER, ["login-9"], PERSON), [1, 2, 3]),
    "another person": ((ISSUER, [], "person-9"), [1, 2, 3]),
    "nobody": ((ISSUER, [], ""), [1, 2, 3]),
    "an empty name": ((ISSUER, [""], PERSON), [1, 2, 3]),
    "a person's name as a login's": ((ISSUER, [PERSON], ""), [1, 2, 3]),
}


@pytest.mark.parametrize("what", ENDED)
def test_what_the_provider_names_is_ended(store, logged_in, now, what):
    told, left = ENDED[what]
    with store.transaction("0851") as work:
        assert logged_in(work).end_login(*told) is False
    assert living(store, logged_in, now) == [1, 2, 3], "another municipality's notice"
    with store.transaction("0773") as work:
        assert logged_in(work).end_login(*told) is (left != [1, 2, 3])
    assert living(store, logged_in, now) == left


def test_the_farewell_is_handed_back_and_kept_sealed(store, engine, logged_in):
    with store.transaction("0773") as work:
        assert logged_in(work).farewell("hash-2") == f"farewell to {SECOND}"
        assert logged_in(work).farewell("hash-3") == ""
        assert logged_in(work).farewell("hash-9") == ""
    with store.transaction("0851") as work:
        assert logged_in(work).farewell("hash-2") == ""
    with engine.connect() as connection:
        rows = [
            *connection.execute(sa.select(web_session)),
            *connection.execute(sa.select(staff_session)),
        ]
    assert len(rows) == 3
    for word in (FIRST, SECOND, PERSON):
        assert word not in str([tuple(row) for row in rows])
