"""Every fault of every kind: the citizen gets a proper page, nothing is lost, nothing doubled."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import threading
import types
from zoneinfo import ZoneInfo

import pytest

from selvbetjening_core.application import utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition import threads as component_threads
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces import IDelivery, IIdentity, IPayment, IPrefill
from selvbetjening_core.interfaces.versions import CONTRACTS, ContractRules
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import ComponentContext
from selvbetjening_demo.faults import mischief
from selvbetjening_demo.faults.mischief import Fault
from selvbetjening_demo.payment import DemoPayment

HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
# Seconds.
PATIENCE, SLOW = 3, 600
COMPONENTS = {
    "login": (IIdentity, "faulty_identity", "login"),
    "people": (IPrefill, "faulty_register", "Folkeregisteret"),
    "card": (IPayment, "faulty_payment", "betaling"),
    "journal": (IDelivery, "faulty_delivery", "aflevering"),
}
ALL_FAULTS = [fault.value for fault in Fault]
PROBLEM = "Siden virker ikke lige nu"


@pytest.fixture
def impatient(monkeypatch):
    """``impatient()``: nobody waits long for a component, and what is slow takes longer.

    Not so short that one which is not slow is late on a busy machine. What is slow
    answers when the test is over, and has ended before the store is closed.
    """
    over, before = threading.Event(), {*threading.enumerate()}
    monkeypatch.setattr(mischief, "time", types.SimpleNamespace(sleep=over.wait))
    monkeypatch.setattr(component_threads, "_IDLE_SECONDS", 0.1)

    def wait_at_most():
        for contract in (IIdentity, IPayment, IPrefill):
            rules = CONTRACTS[contract]
            calls = {
                name: dataclasses.replace(call, seconds=PATIENCE)
                for name, call in rules.calls.items()
            }
            monkeypatch.setitem(CONTRACTS, contract, ContractRules(rules.version, calls))

    yield wait_at_most
    over.set()
    for thread in {*threading.enumerate()} - before:
        if thread.name == "component":
            thread.join(20)
            assert not thread.is_alive()


@pytest.fixture
def faulty(installation, make_town, impatient):
    """Build a town where one component of Morsø makes a fault."""

    def build(component, fault, every=3):
        if fault == Fault.SLOW:
            impatient()
        rehearse(installation, component, fault, every)
        return make_town()

    return build


def rehearse(installation, component, fault, every):
    plugins = installation / "plugin_sets" / "standard.toml"
    names = ", ".join(f'"{plugin}"' for _, plugin, _ in COMPONENTS.values())
    plugins.write_text(plugins.read_text("utf-8").replace("\n]", f"\n    {names}\n]"), "utf-8")
    config = installation / "selvbetjening.toml"
    attempt = f"\n[delivery]\nattempt_seconds = {PATIENCE}\n"
    config.write_text(config.read_text("utf-8") + attempt, "utf-8")
    file = installation / "municipalities" / "0773.toml"
    plugin = COMPONENTS[component][1]
    settings = f'plugin = "{plugin}"\nfault = "{fault}"\nevery = {every}\nseconds = {SLOW}'
    text, changed = re.subn(
        rf"(\[component\.{component}\]\n)plugin +=.*", rf"\1{settings}", file.read_text("utf-8")
    )
    assert changed == 1
    file.write_text(text, "utf-8")


def component_of(town, name):
    contract = COMPONENTS[name][0]
    return unguarded(town.application.composition.municipalities["0773"].named(contract, name))


def made(town, name):
    """How many faults there were."""
    return component_of(town, name).mischief.made


def banner(name, fault):
    words = {
        "slow": "langsom",
        "down": "svarer ikke",
        "lying": "svarer forkert",
        "duplicating": "alt to gange",
        "out_of_order": "i forkert rækkefølge",
        "forgetting": "glemmer",
    }
    return f"Her laves fejl med vilje: {COMPONENTS[name][2]} ({words[fault]})."


def proper(page, name, fault):
    """A page of ours, with the banner, and not the one for what we did not foresee."""
    assert banner(name, fault) in page.text
    assert PROBLEM not in page.text
    return page


def to_summary(town, person="kirsten"):
    browser = town.browser()
    browser.log_in(person)
    browser.answer()
    return browser


def drained(town):
    """Let the worker try, ask and wait until nothing is due within a day."""
    town.application.engine.drain()
    for _ in range(12):
        town.clock.ahead += HOUR
        town.application.engine.drain()


def moved(town):
    """The money that moved, by the provider's own book: a refund is negative."""
    settings = {"provider": town.provider.url, "secret": town.provider.secret}
    honest = DemoPayment(ComponentContext("honest", "0773", settings, town.folder, utc_now))
    today = utc_now().astimezone(ZoneInfo("Europe/Copenhagen")).date()
    return [row.amount.ore for row in honest.settlements(today)]


class TestPayment:
    """Whatever becomes of the way to the provider: paid once, submitted once."""

    @pytest.mark.parametrize("fault", ["slow", "down", "duplicating", "out_of_order", "forgetting"])
    def test_it_ends_paid_once_and_sent_once(self, faulty, fault):
        town = faulty("card", fault, every=2)
        browser = to_summary(town)
        url = pay_page(browser)
        page = browser.get(browser.pay(url, "silent"))
        proper(page, "card", fault)
        town.clock.ahead = 5 * MINUTE
        for _ in range(3):
            town.application.reconcile()
        assert made(town, "card") >= 1
        assert town.counts() == (1, 1)
        assert moved(town) == [22500]
        assert "Kvitteringsnummer" in browser.get("/sundhedskort/betaling")
        drained(town)
        assert len(town.journal()) == 1

    @pytest.mark.parametrize("fault", ["duplicating", "forgetting"])
    def test_a_message_is_as_good_as_the_return(self, faulty, fault, eventually):
        town = faulty("card", fault, every=2)
        browser = to_summary(town)
        browser.pay(pay_page(browser), "late")
        town.clock.ahead = 5 * MINUTE
        eventually(lambda: town.application.reconcile() is not None and town.counts() == (1, 1))
        assert made(town, "card") >= 1
        assert moved(town) == [22500]

    def test_another_amount_is_left_to_a_person(self, faulty):
        town = faulty("card", "lying", every=1)
        browser = to_summary(town)
        page = browser.get(browser.pay(pay_page(browser)))
        proper(page, "card", "lying")
        assert "Betalingen skal ses efter" in page
        assert made(town, "card") >= 1
        assert town.counts() == (1, 0)
        assert moved(town) == [22500]

    def test_what_is_forgotten_and_given_up_is_not_paid_for_nothing(self, faulty):
        """The provider knows nothing when asked; the citizen gives up, and had paid."""
        town = faulty("card", "forgetting", every=1)
        browser = to_summary(town)
        browser.get(browser.pay(pay_page(browser), "silent"))
        assert made(town, "card") >= 1
        assert town.counts() == (1, 0)
        proper(browser.get("/sundhedskort/betaling"), "card", "forgetting")
        page = browser.submit(form=browser.form_with(action="give_up"))
        assert "Kvitteringsnummer" in page
        assert (moved(town), town.counts()) == ([22500], (1, 1))


def pay_page(browser):
    """From the summary to the provider's page, again where the provider did not answer."""
    away = browser.main_form().submit(status="*")
    for _ in range(4):
        if away.status_int == 303 and not away.location.startswith(f"http://{browser.host}"):
            return away.location
        browser.get("/sundhedskort/betaling")
        away = browser.form_with(action="continue").submit(status="*")
    raise AssertionError("the way to the provider stayed closed")


class TestDelivery:
    """Whatever becomes of the way to the receiver: one case there, and nothing lost here."""

    @pytest.mark.parametrize("fault", ALL_FAULTS)
    def test_it_arrives_once(self, faulty, fault):
        town = faulty("journal", fault)
        for person in ("kirsten", "nancy_ann"):
            browser = to_summary(town, person)
            page = browser.get(browser.pay(browser.accept()))
            proper(page, "journal", fault)
            assert "Kvitteringsnummer" in page
        drained(town)
        assert made(town, "journal") >= 1
        numbers = [json.loads(file.read_text("utf-8"))["receipt_number"] for file in town.journal()]
        assert len(numbers) == len(set(numbers)) == 2
        assert waiting(town) == set()

    def test_a_receiver_that_is_never_there_is_waited_for(self, faulty):
        town = faulty("journal", "down", every=1)
        browser = to_summary(town)
        assert "Kvitteringsnummer" in browser.get(browser.pay(browser.accept()))
        drained(town)
        assert made(town, "journal") >= 3
        assert town.journal() == []
        assert waiting(town) == {DeliveryState.UNKNOWN}
        town.clock.ahead += datetime.timedelta(days=8)
        town.application.engine.drain()
        assert waiting(town) == {DeliveryState.PARKED}


def waiting(town):
    """How those deliveries to the journal stand that are not delivered."""
    with town.work() as work:
        return {one.delivery.state for one in work.deliveries.page(component="journal")}


class TestIdentity:
    """Whatever the provider answers: nobody is let in by mistake, and the next try goes well."""

    @pytest.mark.parametrize("fault", ALL_FAULTS)
    def test_refused_once_then_let_in(self, faulty, fault):
        town = faulty("login", fault)
        refused = 0
        browser = town.browser()
        for _ in range(4):
            page = try_to_log_in(browser)
            if "Log af" in page.text:
                break
            refused += 1
            proper(page, "login", fault)
            assert page.status_int in (403, 503)
            assert "kirsten" not in page.text.lower()
            assert "Log af" not in browser.get("/sundhedskort").text
        else:
            raise AssertionError("nobody was let in at all")
        if fault in ("duplicating", "out_of_order"):
            # These need a login before theirs: the first goes well.
            browser.app.reset()
            page = try_to_log_in(browser)
            assert "Log af" not in page.text
            assert page.status_int == 403
            refused += 1
            page = try_to_log_in(browser)
        assert made(town, "login") == refused >= 1
        assert "Log af" in page.text
        assert town.counts()[0] == 1
        browser.answer()
        assert "Kvitteringsnummer" in browser.get(browser.pay(browser.accept()))
        assert town.counts() == (1, 1)


def try_to_log_in(browser):
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status="*")
    if away.status_int != 303:
        return away
    word = dict(part.split("=", 1) for part in away.location.partition("?")[2].split("&"))
    login = away.location.partition("?")[0]
    back = browser._post_out(login, request=word["request"], person="kirsten", level="substantial")
    browser.page = browser._follow(browser.app.get(back, status="*"))
    return browser.page


class TestRegister:
    """Whatever the register says: no citizen sees another's family, and the journey goes on."""

    @pytest.mark.parametrize("fault", ["slow", "down", "lying"])
    def test_it_goes_on_without(self, faulty, fault):
        town = faulty("people", fault)
        browser = town.browser()
        page = proper(browser.log_in("kirsten"), "people", fault)
        assert made(town, "people") == 1
        assert "Vi kan ikke få forbindelse til registret" in page.html.main.get_text()
        options = [one["value"] for one in page.html.select("main input[name=holder]")]
        assert options == ["self"]
        assert "Kirsten Test Berggren" in page.html.main.get_text()
        browser.answer()
        assert "Kvitteringsnummer" in browser.get(browser.pay(browser.accept()))
        assert town.counts() == (1, 1)

    @pytest.mark.parametrize("fault", ["duplicating", "out_of_order", "forgetting"])
    def test_a_chosen_child_stays_that_child(self, faulty, fault):
        town = faulty("people", fault)
        browser = town.browser()
        page = proper(browser.log_in("kirsten"), "people", fault)
        assert made(town, "people") == 1
        names = [one.get_text(strip=True) for one in page.html.select("main label")]
        assert len(names) == len(set(names))
        if fault == "forgetting":
            browser.submit(holder="self")
            # The next answer has the children again: who it is for is asked again.
            page = try_to_log_in_again(browser)
            assert page.request.path.endswith("/trin/person")
            lars = child_called(page, "Lars")
        else:
            lars = child_called(page, "Lars")
            browser.submit(holder=lars)
            page = try_to_log_in_again(browser)
            page = browser.get("/sundhedskort/trin/person")
            chosen = page.html.select_one("main input[name=holder][checked]")
            assert chosen["value"] == lars == child_called(page, "Lars")
        browser.answer(holder=lars)
        page = browser.page
        assert "Lars Test Berggren" in page.html.main.get_text()


def child_called(page, name):
    (label,) = [one for one in page.html.select("main label") if name in one.get_text()]
    return page.html.find(id=label["for"])["value"]


def try_to_log_in_again(browser):
    browser.app.reset()
    return browser.log_in("kirsten")


def test_they_are_refused_outside_demo_mode(installation):
    rehearse(installation, "card", "slow", 2)
    config = installation / "selvbetjening.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace('= "demo"', '= "production"', 1), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_plan(config, register_core, utc_now().date())
    told = [one.message for one in refused.value.problems if one.code == "demo-only"]
    assert any("faulty_payment" in one for one in told)


def test_no_banner_where_nothing_is_wrong(town):
    assert "med vilje" not in town.browser().get("/sundhedskort").text


@pytest.mark.parametrize("theme", ["plain", "dkfds"])
def test_every_page_names_what_misbehaves(installation, make_town, theme):
    rehearse(installation, "card", "slow", 2)
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    text = text.replace('"demo_register"', '"faulty_register"\nfault = "down"')
    if theme == "plain":
        text = re.sub(r"\[theme\]\n(.+\n)+", '[theme]\nname = "plain"\n', text)
    file.write_text(text, "utf-8")
    town = make_town()
    told = "Her laves fejl med vilje: Folkeregisteret (svarer ikke), betaling (langsom)."
    browser = town.browser()
    for path, status in (("/", 200), ("/sundhedskort", 200), ("/nowhere", 404)):
        assert told in browser.get(path, status).text
    english = (
        "Faults are made on purpose here: the civil register (does not answer), payment (slow)."
    )
    assert english in browser.get("/en/sundhedskort").text
    assert told in browser.app.get("/", extra_environ={"HTTP_HOST": f"localhost:{town.port}"})
    assert "med vilje" not in town.browser("aarhus").get("/sundhedskort").text
