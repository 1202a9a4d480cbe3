"""Plugins are told what happened to a case: after the commit, outside the request."""

from __future__ import annotations

import logging
import sys
import threading
import types

import pytest

from selvbetjening_core.composition import plugins
from selvbetjening_core.hooks import hookimpl


class Listeners:
    """Two plugins that listen; the first may fail."""

    def __init__(self):
        self.events = []
        self.fails = False

    def listen(self, event):
        if self.fails:
            raise RuntimeError("with 0101010101 in it")
        self.events.append(("first", event))

    def listen_too(self, event):
        self.events.append(("second", event))

    def heard(self, name):
        return [(e.kind, e.municipality_code, e.solution) for who, e in self.events if who == name]


@pytest.fixture
def listeners(installation, monkeypatch):
    made = Listeners()
    found = list(plugins.installed_plugins())
    for name, function in (("acme_first", made.listen), ("acme_second", made.listen_too)):
        module = types.ModuleType(name)
        module.selvbetjening_case_event = hookimpl(make_hook(function))
        monkeypatch.setitem(sys.modules, name, module)
        point = plugins.metadata.EntryPoint(name, name, "selvbetjening.plugins")
        found.append(plugins.InstalledPlugin(name, name, "acme", "1", point))
    monkeypatch.setattr("selvbetjening_core.composition.compose.installed_plugins", lambda: found)
    file = installation / "plugin_sets" / "standard.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("plugins = [", 'plugins = ["acme_first", "acme_second", ', 1))
    return made


def make_hook(function):
    def selvbetjening_case_event(event, context):  # noqa: ARG001 - as the hook wants it
        function(event)

    return selvbetjening_case_event


def order(town, cause="lost"):
    browser = town.browser()
    browser.log_in("kirsten")
    if cause == "lost":
        browser.answer()
        return browser.get(browser.pay(browser.accept()))
    browser.answer(cause=cause)
    return browser.submit()


@pytest.mark.parametrize("cause", ["lost", "married"])
def test_paid_and_free_cases_are_told_of_from_submit_to_delivery(
    listeners, make_town, eventually, cause
):
    town = make_town()
    order(town, cause)
    eventually(lambda: listeners.heard("second"))
    assert listeners.heard("first") == [("submitted", "0773", "sundhedskort")]
    assert town.application.engine.drain() == 2
    eventually(lambda: len(listeners.heard("second")) == 3)
    assert [kind for kind, _, _ in listeners.heard("first")] == ["submitted", *["delivered"] * 2]
    delivered = [event.destination for _, event in listeners.events if event.destination]
    assert len(set(delivered)) == 2
    assert len({event.submission_id for _, event in listeners.events}) == 1


def test_one_that_fails_stops_neither_the_case_nor_the_others(
    listeners, make_town, eventually, caplog
):
    listeners.fails = True
    town = make_town()
    with caplog.at_level(logging.ERROR):
        assert "/kvittering/" in order(town).request.path
        eventually(lambda: listeners.heard("second"))
    assert listeners.heard("first") == []
    assert "plugin acme_first failed in selvbetjening_case_event: RuntimeError" in caplog.text
    assert "0101010101" not in caplog.text


def test_nothing_personal_is_told(listeners, make_town, eventually):
    town = make_town()
    order(town)
    eventually(lambda: listeners.heard("second"))
    assert "Kirsten" not in repr(listeners.events)


def test_where_nobody_listens_no_thread_is_started(town):
    order(town)
    assert "case-events" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.usefixtures("listeners")
def test_nobody_is_told_that_it_is_over_while_he_still_listens(make_town, eventually):
    told, go_on = [], threading.Event()

    def listen(_event):
        told.append("begun")
        go_on.wait(10)
        told.append("ended")

    def selvbetjening_teardown(context):  # noqa: ARG001 - as the hook wants it
        told.append("teardown")

    module = sys.modules["acme_second"]
    module.selvbetjening_case_event = hookimpl(make_hook(listen))
    module.selvbetjening_teardown = hookimpl(selvbetjening_teardown)
    town = make_town()
    order(town)
    eventually(lambda: told == ["begun"])
    reloading = threading.Thread(target=town.application.reload)
    before = town.application.composition
    reloading.start()
    eventually(lambda: town.application.composition is not before, 10)
    go_on.set()
    reloading.join(20)
    assert told[:3] == ["begun", "ended", "teardown"]
