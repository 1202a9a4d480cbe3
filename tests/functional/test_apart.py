"""Two municipalities with one plugin never see each other's settings, reload meanwhile."""

from __future__ import annotations

import threading
import time

import pytest

from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Money, PaymentRef, PaymentState, PaymentStatus

SECONDS = 2.0
THREADS = 12


class SharedSettings:
    """The planted fault: a plugin that remembers in its class what one component was set to."""

    last = None


class Citizens(threading.Thread):
    """Asks the payment of one municipality until told to stop."""

    def __init__(self, town, code, answer):
        super().__init__()
        self.town, self.code, self.answer = town, code, answer
        self.stop = threading.Event()
        self.seen, self.failures = set(), []

    def run(self):
        while not self.stop.is_set():
            try:
                self._ask()
            except Unavailable:
                continue
            except Exception as error:  # noqa: BLE001 - told at the end
                self.failures.append(error)

    def _ask(self):
        at = self.town.application.composition.municipalities[self.code]
        card = at.component(IPayment, "payment", "sundhedskort")
        unguarded(card).query = self.answer(unguarded(card), self.code)
        self.seen.add(card.query(PaymentRef("key")).reference)


@pytest.fixture
def asked(town):
    """What each municipality's payment answered with, asked from many threads."""

    def ask(answer):
        codes = ("0773", "0751")
        citizens = [Citizens(town, code, answer) for code in codes for _ in range(THREADS)]
        for thread in citizens:
            thread.start()
        reloads, end = 0, time.monotonic() + SECONDS
        while reloads < 3 or time.monotonic() < end:
            town.application.reload()
            reloads += 1
        for thread in citizens:
            thread.stop.set()
        for thread in citizens:
            thread.join()
        assert [one for thread in citizens for one in thread.failures] == []
        return {
            code: set().union(*(one.seen for one in citizens if one.code == code)) for code in codes
        }

    return ask


def state(reference):
    return PaymentState("key", PaymentStatus.PENDING, Money(0), reference, "")


def test_settings_stay_apart_while_many_ask_and_all_is_reloaded(asked):
    seen = asked(lambda component, code: lambda _: state(f"{code}:{component._brand}"))
    assert seen == {"0773": {"0773:Kortbetaling"}, "0751": {"0751:Mobilbetaling"}}


def test_a_plugin_that_keeps_settings_in_its_class_would_be_seen(asked):
    def answer(component, _code):
        SharedSettings.last = component._brand
        return lambda _: state(SharedSettings.last)

    seen = asked(answer)
    assert {"Kortbetaling", "Mobilbetaling"} == seen["0773"] | seen["0751"]
    assert len(seen["0773"]) == 2 or len(seen["0751"]) == 2
