"""What components keep: their own, encrypted, for as long as they say."""

from __future__ import annotations

import datetime
import threading

import pytest
import sqlalchemy as sa

from selvbetjening_core.store.component_store import SqlComponentStore
from selvbetjening_core.store.crypto import Unreadable
from selvbetjening_core.store.tables import component_value
from selvbetjening_core.values import MemoryStore

HOUR = datetime.timedelta(hours=1)
CPR = "2512484916"


@pytest.fixture
def time(now):
    class Time:
        moment = now

        def __call__(self):
            return self.moment

    return Time()


@pytest.fixture
def of(store, time):
    """The store of a component."""

    def of(component="card", municipality="0773"):
        return SqlComponentStore(store, municipality, component, time)

    return of


@pytest.fixture(params=["database", "memory"])
def kept(request, of):
    return of() if request.param == "database" else MemoryStore()


def test_what_is_put_is_found_until_it_is_removed(kept):
    assert kept.get("token") is None
    kept.put("token", b"\x00\xff one")
    assert kept.get("token") == b"\x00\xff one"
    kept.put("token", b"two")
    assert kept.get("token") == b"two"
    kept.remove("token")
    kept.remove("token")
    assert kept.get("token") is None


def test_add_takes_a_key_once(kept):
    assert kept.add("seen", b"1")
    assert not kept.add("seen", b"2")
    assert kept.get("seen") == b"1"


@pytest.mark.parametrize(
    ("key", "value", "expires"),
    [
        ("", b"", None),
        ("k" * 201, b"", None),
        (b"k", b"", None),
        ("k", "text", None),
        ("k", b"x" * (64 * 1024 + 1), None),
        ("k", b"", datetime.datetime(2026, 1, 1)),  # noqa: DTZ001 - the fault itself
    ],
)
@pytest.mark.parametrize("how", ["put", "add"])
def test_limits_are_kept_to(kept, how, key, value, expires):
    with pytest.raises(ValueError, match=r"^(a key|what is kept|the time)"):
        getattr(kept, how)(key, value, expires)


def test_as_much_as_is_allowed(kept):
    kept.put("æ" * 200, b"x" * 64 * 1024)
    assert len(kept.get("æ" * 200)) == 64 * 1024


def test_what_has_expired_is_gone_and_its_key_free(of, time, engine):
    kept = of()
    kept.put("a", b"1", time.moment + HOUR)
    kept.put("b", b"1")
    assert kept.get("a") == b"1"
    time.moment += HOUR
    assert kept.get("a") is None
    assert kept.add("a", b"2", time.moment + HOUR)
    assert kept.get("a") == b"2"
    time.moment += HOUR
    kept.put("c", b"1")
    with engine.begin() as connection:
        left = connection.execute(sa.select(sa.func.count()).select_from(component_value)).scalar()
    assert left == 2
    assert kept.get("b") == b"1"


def test_no_other_component_and_no_other_municipality_sees_it(of):
    of("card").put("token", b"mine")
    others = [of("other"), of("card", "0751")]
    assert [other.get("token") for other in others] == [None, None]
    for other in others:
        assert other.add("token", b"theirs")
        other.remove("token")
    assert of("card").get("token") == b"mine"


def test_neither_key_nor_value_is_in_the_database(of, engine):
    of().put(CPR, b"secret-of-" + CPR.encode())
    of().put("plain-key", b"1")
    with engine.begin() as connection:
        everything = str(connection.execute(sa.select(component_value)).all())
    assert "card" in everything
    for word in (CPR, "secret-of", "plain-key"):
        assert word not in everything


def test_a_value_that_was_moved_cannot_be_opened(of, engine):
    of("card").put("k", b"mine")
    of("other").put("k", b"theirs")
    with engine.begin() as connection:
        value = connection.execute(
            sa.select(component_value.c.value).where(component_value.c.component == "card")
        ).scalar()
        connection.execute(
            sa.update(component_value)
            .where(component_value.c.component == "other")
            .values(value=value)
        )
    with pytest.raises(Unreadable):
        of("other").get("k")


def test_one_key_leaves_no_common_trace_in_two_components(of, engine):
    of("card").put("k", b"1")
    of("other").put("k", b"1")
    of("card", "0751").put("k", b"1")
    with engine.begin() as connection:
        assert len(set(connection.execute(sa.select(component_value.c.key_index)).scalars())) == 3


def test_of_many_that_add_at_once_one_succeeds(of):
    taken = []
    barrier = threading.Barrier(6)

    def add(number):
        barrier.wait()
        if of().add("only", b"%d" % number):
            taken.append(number)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    assert of().get("only") == b"%d" % taken[0]
