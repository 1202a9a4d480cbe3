"""The token is kept in the store, shared, renewed by the task, and given up when refused."""

from __future__ import annotations

import datetime

import pytest
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.testing.cases import a_parcel
from selvbetjening_core.testing.delivery import DeliveryBench
from selvbetjening_core.values import MemoryStore, OutcomeKind

from nordlys_parking.counterpart import PASSWORD, Nordlys
from nordlys_parking.plugin import RENEW


@pytest.fixture
def nordlys():
    with Nordlys() as remote:
        yield remote


@pytest.fixture
def component(nordlys):
    settings = {"url": nordlys.url, "password": PASSWORD, "zone": "Havnen"}
    bench = DeliveryBench(plugin="nordlys_parking", settings=settings, contract=IDelivery)
    store = MemoryStore()
    return lambda **more: bench.component(settings, store=more.get("store", store))


def asked_for_tokens(nordlys):
    return sum(one.path == "/tokens" for one in nordlys.requests)


def test_one_token_serves_all_who_share_the_store(nordlys, component):
    for key in ("a", "b"):
        assert component().send(a_parcel(key)).kind is OutcomeKind.DELIVERED
    assert asked_for_tokens(nordlys) == 1


def test_another_store_has_a_token_of_its_own(nordlys, component):
    component().send(a_parcel("a"))
    component(store=MemoryStore()).send(a_parcel("b"))
    assert asked_for_tokens(nordlys) == 2


def test_the_task_renews_before_anybody_waits(nordlys, component):
    component().run(RENEW)
    assert asked_for_tokens(nordlys) == 1
    assert component().send(a_parcel("a")).kind is OutcomeKind.DELIVERED
    assert asked_for_tokens(nordlys) == 1


def test_a_token_that_was_called_in_is_given_up(nordlys, component):
    component().send(a_parcel("a"))
    nordlys.call_in_tokens()
    assert component().send(a_parcel("b")).kind is OutcomeKind.PERMANENT
    assert component().send(a_parcel("b")).kind is OutcomeKind.DELIVERED


def test_no_token_is_no_attempt(nordlys, component):
    late = a_parcel("a", seconds=-1)
    assert component().send(late).kind is OutcomeKind.TRANSIENT
    assert nordlys.requests == []
    assert RENEW.every < datetime.timedelta(minutes=30)
