"""The database's clock, counted on between two questions."""

from __future__ import annotations

import pytest

from selvbetjening_core.store.clock import DatabaseClock
from selvbetjening_core.store.engine import open_engine


@pytest.fixture
def connection(postgres_url):
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_it_is_never_before_the_databases(connection):
    clock = DatabaseClock()
    clock.ask(connection)
    for _ in range(100):
        told = clock.now(connection)
        asked = connection.exec_driver_sql("SELECT clock_timestamp()").scalar()
        assert told <= asked


def test_it_asks_once_in_a_while(connection, monkeypatch):
    clock = DatabaseClock()
    asked = []
    monkeypatch.setattr("selvbetjening_core.store.clock._QUICK_SECONDS", 60.0)
    monkeypatch.setattr(
        DatabaseClock, "ask", lambda _self, on, ask=clock.ask: asked.append(1) or ask(on)
    )
    assert clock.now(connection) < clock.now(connection) < clock.now(connection)
    assert len(asked) == 1
    clock.forget()
    clock.now(connection)
    assert len(asked) == 2
    # Control: what is kept for no time is asked for each time.
    monkeypatch.setattr("selvbetjening_core.store.clock._KEPT_SECONDS", 0.0)
    clock.now(connection)
    assert len(asked) == 3


def test_a_slow_answer_is_not_counted_on(connection, monkeypatch):
    clock = DatabaseClock()
    monkeypatch.setattr("selvbetjening_core.store.clock._QUICK_SECONDS", 0.0)
    clock.now(connection)
    assert clock._last is None
