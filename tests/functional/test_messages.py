"""What outside systems send: to whichever component it is for, over real HTTP."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import sys
import threading
import time
import types

import pytest
from zope.interface import implementer

from selvbetjening_core import schedule
from selvbetjening_core.composition import compose
from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import ENTRY_POINT_GROUP, hookimpl
from selvbetjening_core.interfaces import IDelivery, IIdentity, IMessages, IPayment, IScheduled
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import (
    LateReceipt,
    Outcome,
    OutcomeKind,
    Reply,
    ResolvesUnknown,
    Task,
    Verdict,
)

CPR = "2512484916"
HANGS = 60.0
TASK = Task("sweep", datetime.timedelta(minutes=10), "Sweeps.")


@implementer(IDelivery, IMessages, IScheduled)
class Intake:
    """Takes parcels and tells by a message what became of them."""

    resolves_unknown = ResolvesUnknown.INBOX

    def __init__(self, context):
        self._store = context.store
        self.keys = []
        self.swept = []

    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        self.keys.append(parcel.key)
        self._store.add("sent", b"0")
        self._store.put("sent", b"%d" % (int(self._store.get("sent")) + 1))
        return Outcome(OutcomeKind.ACCEPTED_PENDING, "taken")

    def notice(self, message):
        if message.headers.get("x-proof") != "genuine":
            return Reply(status=401, body=b"who are you?")
        data = json.loads(message.body)
        if data.get("answer") == "broken":
            return Reply(status=7, content_type="text/plain\r\nX-Evil: 1")
        outcome = Outcome(OutcomeKind(data["outcome"]), "from the message", "remote-1")
        return Reply(status=202, body=b"noted", receipts=(LateReceipt(data["key"], outcome),))

    def run(self, task):
        self.swept.append(task)
        if len(self.swept) == 1:
            raise ValueError(CPR)


@pytest.fixture
def intake_town(installation, make_town, monkeypatch):
    """A town whose journal in both municipalities is one that tells later."""
    module = types.ModuleType("made_up_intake")

    def register(register, context):  # noqa: ARG001 - as the hook wants it
        register.component(IDelivery, Intake, help="Takes it.", tasks=[TASK], built_for="0.1")

    module.selvbetjening_register = hookimpl(register)
    register.__name__ = "selvbetjening_register"
    monkeypatch.setitem(sys.modules, module.__name__, module)
    point = importlib.metadata.EntryPoint("intake", module.__name__, ENTRY_POINT_GROUP)
    intake = InstalledPlugin("intake", module.__name__, "made-up", "1.0", point)
    found = (*installed_plugins(), intake)
    monkeypatch.setattr(compose, "installed_plugins", lambda: found)
    plugin_set = installation / "plugin_sets" / "standard.toml"
    text = plugin_set.read_text("utf-8")
    plugin_set.write_text(text.replace('"folder",', '"folder",\n    "intake",'), "utf-8")
    for code in ("0773", "0751"):
        file = installation / "municipalities" / f"{code}.toml"
        text = file.read_text("utf-8").replace('"folder"', '"intake"')
        file.write_text(text.replace(f'path   = "var/journal-{code}"\n', ""), "utf-8")
    return make_town()


def journal(town, code="0773"):
    return unguarded(town.application.composition.municipalities[code].named(IDelivery, "journal"))


def order(town, name="mors"):
    browser = town.browser(name)
    browser.log_in("kirsten")
    browser.answer()
    browser.get(browser.pay(browser.accept()))
    town.application.engine.drain()
    return browser


def post(town, data, name="mors", component="journal", proof="genuine"):
    browser = town.browser(name)
    return browser.app.post(
        f"/-/messages/{component}",
        json.dumps(data),
        headers={"X-Proof": proof},
        status="*",
        content_type="application/json",
    )


def states(town, code="0773"):
    with town.work(code) as work:
        rows = work.driver_connection.execute(
            "SELECT destination, state, count(*) FROM delivery"
            " WHERE municipality = ? GROUP BY destination, state",
            (code,),
        )
        return {(destination, state): count for destination, state, count in rows}


def test_a_late_receipt_delivers_and_lets_the_rest_go(intake_town):
    town = intake_town
    order(town)
    (key,) = journal(town).keys
    assert states(town)["case_system", DeliveryState.ACCEPTED_PENDING] == 1
    answer = post(town, {"key": key, "outcome": "delivered"})
    assert (answer.status_int, answer.body) == (202, b"noted")
    town.application.engine.drain()
    assert {state for _, state in states(town)} == {DeliveryState.DELIVERED}
    for outcome in ("delivered", "permanent", "accepted_pending", "transient"):
        assert post(town, {"key": key, "outcome": outcome}).status_int == 202
    assert {state for _, state in states(town)} == {DeliveryState.DELIVERED}
    assert journal(town).keys == [key]


@pytest.mark.parametrize(
    "change",
    [
        {"proof": "forged"},
        {"name": "aarhus"},
        {"key": "no-such-key"},
    ],
)
def test_what_is_not_the_components_own_changes_nothing(intake_town, change):
    town = intake_town
    order(town)
    (key,) = journal(town).keys
    how = {name: value for name, value in change.items() if name != "key"}
    answer = post(town, {"key": change.get("key", key), "outcome": "delivered"}, **how)
    assert answer.status_int == (401 if "proof" in change else 202)
    assert states(town)["case_system", DeliveryState.ACCEPTED_PENDING] == 1


def test_a_payments_component_cannot_tell_of_deliveries(intake_town):
    town = intake_town
    order(town)
    (key,) = journal(town).keys
    card = unguarded(town.application.composition.municipalities["0773"].named(IPayment, "card"))
    receipt = LateReceipt(key, Outcome(OutcomeKind.DELIVERED, "mine?"))
    card.notice = lambda _: Reply(receipts=(receipt,))
    assert post(town, {}, component="card").status_int == 200
    assert states(town)["case_system", DeliveryState.ACCEPTED_PENDING] == 1


@pytest.mark.parametrize("body", [{"outcome": "nonsense"}, [], {"answer": "broken"}])
def test_what_cannot_be_read_is_sent_again_and_nothing_is_told(intake_town, body, caplog):
    answer = post(intake_town, body)
    assert answer.status_int == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.body == b""
    assert "X-Evil" not in answer.headers
    assert "Traceback" not in caplog.text


def hang(_given):
    threading.Event().wait(HANGS)
    # By then another test is running, whose log is not to tell of it.
    raise Unavailable("nobody waits for it any more")


def test_a_component_that_hangs_answers_in_time(intake_town):
    stand_in = intake_town.application.composition.municipalities["0773"].named(
        IDelivery, "journal"
    )
    stand_in.notice._seconds = 0.2
    unguarded(stand_in).notice = hang
    began = time.monotonic()
    assert post(intake_town, {}).status_int == 503
    assert time.monotonic() - began < HANGS / 2


@pytest.mark.parametrize("component", ["post", "people", "receipt", "nobody"])
def test_who_takes_no_messages_has_no_address(town, component):
    assert post(town, {}, component=component).status_int == 404


def test_each_component_keeps_its_own_in_each_municipality(intake_town, make_town):
    order(intake_town)
    order(intake_town)
    order(intake_town, "aarhus")
    kept = {code: journal(intake_town, code)._store.get("sent") for code in ("0773", "0751")}
    assert kept == {"0773": b"2", "0751": b"1"}
    again = make_town()
    assert journal(again)._store.get("sent") == b"2"


def test_tasks_are_carried_out_when_due_and_again_after_a_failure(intake_town, caplog):
    town = intake_town
    scheduler = town.application.scheduler
    assert scheduler.run_due() == 2
    assert journal(town).swept == [TASK]
    assert "ValueError" in caplog.text
    assert CPR not in caplog.text
    assert scheduler.run_due() == 0
    town.clock.ahead = datetime.timedelta(minutes=9)
    assert scheduler.run_due() == 0, "due when it says, not when the lease has run out"
    town.clock.ahead = datetime.timedelta(minutes=11)
    assert scheduler.run_due() == 2
    assert [len(journal(town, code).swept) for code in ("0773", "0751")] == [2, 2]


def test_of_two_processes_one_carries_a_task_out(intake_town, make_town):
    towns = [intake_town, make_town()]
    threads = [threading.Thread(target=town.application.scheduler.run_due) for town in towns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for code in ("0773", "0751"):
        assert sum(len(journal(town, code).swept) for town in towns) == 1


def test_a_task_that_hangs_holds_up_no_other(intake_town):
    town = intake_town
    at = town.application.composition.municipalities["0773"]
    stand_in = at.beside(IScheduled, "journal")
    stand_in.run._seconds = 0.2
    unguarded(stand_in).run = hang
    began = time.monotonic()
    assert town.application.scheduler.run_due() == 2
    assert time.monotonic() - began < HANGS / 2
    assert len(journal(town, "0751").swept) == 1


def test_no_component_is_given_the_browsers_session(town):
    given = []
    login = unguarded(town.application.composition.municipalities["0773"].named(IIdentity, "login"))
    complete = login.complete
    login.complete = lambda message: given.append(message) or complete(message)
    browser = town.browser()
    browser.log_in("kirsten")
    (message,) = given
    assert browser.app.cookies
    assert "host" in message.headers
    assert "cookie" not in message.headers


class NoTasks:
    """A municipality whose tasks nobody can read."""

    code = "0999"

    def tasks(self):
        raise TypeError(CPR)


def test_tasks_that_are_nonsense_stop_no_others(intake_town, caplog):
    town = intake_town
    scheduler = town.application.scheduler
    real = scheduler._municipalities
    scheduler._municipalities = lambda: [NoTasks(), *real()]
    assert scheduler.run_due() == 2
    assert "tasks in 0999 stopped: TypeError" in caplog.text
    assert CPR not in caplog.text


def test_tasks_go_on_until_they_are_stopped(intake_town, monkeypatch, eventually):
    town = intake_town
    scheduler, stop = town.application.scheduler, threading.Event()
    monkeypatch.setattr(schedule, "LOOK_EVERY", datetime.timedelta(seconds=0.01))
    running = threading.Thread(target=scheduler.run, args=(stop,))
    running.start()
    try:
        eventually(lambda: journal(town).swept)
        town.clock.ahead = datetime.timedelta(minutes=11)
        eventually(lambda: len(journal(town).swept) == 2)
    finally:
        stop.set()
        running.join(5)
    assert not running.is_alive()
    town.clock.ahead = datetime.timedelta(minutes=30)
    assert scheduler.run_due(stop) == 0


def test_a_look_that_fails_is_followed_by_the_next(intake_town, monkeypatch, caplog, eventually):
    """As when the database breaks in a way nobody has named: the thread outlives it."""
    town = intake_town
    stop, looks = threading.Event(), []

    def also(_stop):
        looks.append(1)
        raise RuntimeError(CPR)

    scheduler = schedule.Scheduler(
        town.application.store, lambda: 1 / 0, datetime.timedelta(seconds=60), also
    )
    monkeypatch.setattr(schedule, "LOOK_EVERY", datetime.timedelta(seconds=0.01))
    running = threading.Thread(target=scheduler.run, args=(stop,))
    running.start()
    try:
        eventually(lambda: len(looks) > 1)
        assert running.is_alive()
    finally:
        stop.set()
        running.join(5)
    assert "failed: ZeroDivisionError" in caplog.text
    assert CPR not in caplog.text


def test_what_stops_a_claim_stops_no_other_task(intake_town, monkeypatch, caplog):
    """Nor the thread that carries the application's own tasks out."""
    application, asked = intake_town.application, []

    def fails(_self, municipality):
        asked.append(municipality)
        raise RuntimeError(CPR)

    with monkeypatch.context() as patched:
        patched.setattr(type(application.store), "transaction", fails)
        assert application._reconciler.run_due() == 0
    assert asked
    assert "failed: RuntimeError" in caplog.text
    assert CPR not in caplog.text
