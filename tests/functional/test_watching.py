"""Health and figures: what is told, and to whom."""

from __future__ import annotations

import datetime
import json
import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from selvbetjening_core.delivery.tally import Tally
from selvbetjening_core.errors import ConfigurationError, StoreUnavailable
from selvbetjening_core.testing import cases
from selvbetjening_core.values import OutcomeKind
from selvbetjening_core.web.attempts import serve_attempts
from walking.troubles import make_troubles

from .conftest import eventually

TOKEN = "a word of twenty-six letters"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(installation, make_town, monkeypatch):
    """A town whose installation names a token."""
    monkeypatch.setenv("WATCHERS", TOKEN)
    with (installation / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        file.write('\n[web]\nmetrics_token = "env:WATCHERS"\n')
    return make_town()


def figures(town):
    text = town.browser().app.get("/-/metrics", headers=HEADERS).text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_without_a_token_in_the_file_there_are_no_figures(town):
    for path in ("/-/metrics", "/-/health/deep"):
        assert town.browser().app.get(path, headers=HEADERS, status="*").status_int == 404


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"],
)
def test_only_the_token_opens_them(watched, header):
    for path in ("/-/metrics", "/-/health/deep"):
        found = watched.browser().app.get(path, headers={"Authorization": header}, status="*")
        assert found.status_int == 403


def test_the_ledger_in_figures(watched):
    make_troubles(watched.application)
    found = figures(watched)
    assert found["selvbetjening_deliveries", "0773", "journal", "parked"] == 2
    assert found["selvbetjening_deliveries", "0773", "parked", "post"] == 1
    assert found["selvbetjening_deliveries", "0773", "journal", "waiting"] == 1
    assert found["selvbetjening_oldest_seconds", "0773", "parked", "post"] == pytest.approx(
        9 * 86400, rel=0.01
    )
    assert found["selvbetjening_receiver_paused", "0773", "post"] == 1
    assert found["selvbetjening_receiver_paused", "0773", "journal"] == 0
    assert found["selvbetjening_store_up",] == 1
    assert not [key for key in found if "delivered" in key]


def test_what_this_process_did(watched):
    browser = watched.browser()
    browser.log_in("anders")
    browser.answer()
    browser.pay(browser.accept(), "pay")
    watched.browser().get("/findes/ikke", 404)
    eventually(lambda: figures(watched).get(("selvbetjening_submissions_total", "0773")) == 1)
    found = figures(watched)
    assert found["selvbetjening_request_seconds_count", "2xx", "GET", "intro"] >= 1
    assert found["selvbetjening_store_errors_total",] == 0


def test_how_the_attempts_of_this_process_ended(watched):
    browser = watched.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    browser.submit()
    name = "selvbetjening_attempts_total"
    assert not [key for key in figures(watched) if key[0] == name]
    watched.application.engine.drain()
    found = {key[1:]: value for key, value in figures(watched).items() if key[0] == name}
    assert found == {("0773", "delivered", "journal"): 1, ("0773", "delivered", "post"): 1}


def test_a_worker_tells_its_attempts_by_itself():
    tally = Tally()
    tally.add("0773", "journal", OutcomeKind.TRANSIENT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server, thread = serve_attempts(tally, port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
        with pytest.raises(OSError, match="in use"):
            serve_attempts(tally, port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    labels = 'municipality="0773",outcome="transient",receiver="journal"'
    assert f"selvbetjening_attempts_total{{{labels}}} 1.0" in text


def test_no_label_is_what_a_stranger_chose(watched):
    app = watched.browser().app
    for number in range(20):
        app.get(f"/stranger-{number}", status="*")
        app.request("/", method="PATCH", status="*")
    text = app.get("/-/metrics", headers=HEADERS).text
    assert "stranger" not in text.lower()
    assert "PATCH" not in text


def test_nothing_personal_is_in_the_figures(watched):
    make_troubles(watched.application)
    browser = watched.browser()
    browser.log_in("anders")
    text = browser.app.get("/-/metrics", headers=HEADERS).text
    person = cases.a_case().parties.actor
    for secret in (person.cpr.reveal(), person.name, "Anders", "demo-kirsten", "2026-REFUSED"):
        assert secret not in text


def test_health_of_the_process_and_of_what_it_cannot_do_without(watched):
    app = watched.browser().app
    for path in ("/-/health", "/-/health/live", "/-/health/ready"):
        assert app.get(path).text == "ok"


def test_a_store_that_is_away(watched, monkeypatch):
    def away(_code):
        raise StoreUnavailable("the database cannot be used")

    monkeypatch.setattr(watched.application.store, "transaction", away)
    app = watched.browser().app
    assert app.get("/-/health/live").text == "ok"
    assert app.get("/-/health/ready", status=503).text == "not ok"
    assert json.loads(app.get("/-/health/deep", headers=HEADERS, status=503).text)["ok"] is False
    assert figures(watched)["selvbetjening_store_up",] == 0


def deep(town, status=200):
    told = town.browser().app.get("/-/health/deep", headers=HEADERS, status=status)
    return {one["name"]: one for one in told.json["checks"]}


def test_nobody_takes_up_what_is_due(watched):
    make_troubles(watched.application)
    assert deep(watched)["deliveries"]["ok"] is True
    with watched.work() as work:
        work.deliveries.lock("late")
        then = work.now() - datetime.timedelta(minutes=6)
        work.deliveries.move("late", "waiting", then, due_at=then)
    found = deep(watched, 503)["deliveries"]
    assert (found["ok"], "0773 journal" in found["text"]) == (False, True)
    with watched.work() as work:
        work.receivers.pause("journal", "ann", "x", work.now())
    assert deep(watched)["deliveries"]["ok"] is True


@pytest.mark.parametrize("token", ["", "short"])
def test_a_token_that_could_be_guessed_is_refused(installation, make_town, monkeypatch, token):
    monkeypatch.setenv("WATCHERS", token)
    with (installation / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        file.write('\n[web]\nmetrics_token = "env:WATCHERS"\n')
    with pytest.raises(ConfigurationError):
        make_town()


def test_a_token_is_never_written_plainly(installation, make_town):
    with (installation / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        file.write('\n[web]\nmetrics_token = "plainly written here"\n')
    with pytest.raises(ConfigurationError):
        make_town()
