"""The plugin of docs/vendor/first-plugin.md does what the page says."""

from __future__ import annotations

import configparser
import datetime
import importlib
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pluggy
import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core import hooks
from selvbetjening_core.composition.register import Register, SetContext
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import (
    AssuranceLevel,
    Basis,
    CaseSnapshot,
    Channel,
    ComponentContext,
    Contact,
    CprNumber,
    Document,
    Money,
    OutcomeKind,
    Parcel,
    Parties,
    PaymentSummary,
    Person,
    ResolvesUnknown,
)

PROJECT = Path(__file__).resolve().parents[2] / "docs" / "vendor" / "acme_journal"
NOW = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)
TOKEN = "let me in"


class Intake(BaseHTTPRequestHandler):
    """A journal that keeps its promise about the idempotency key."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.send_error(401)
            return
        if self.server.fault == "hang up":
            self.server.cases.setdefault(self.headers["Idempotency-Key"], body)
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.server.fault:
            self.send_error(int(self.server.fault))
            return
        self.server.cases.setdefault(self.headers["Idempotency-Key"], body)
        self.send_response(201)
        self.end_headers()
        self.wfile.write(json.dumps({"case": f"A-{len(self.server.cases)}"}).encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def journal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Intake)
    server.cases, server.fault = {}, ""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def plugin():
    sys.path.insert(0, str(PROJECT))
    try:
        yield importlib.import_module("acme_journal.plugin")
    finally:
        sys.path.remove(str(PROJECT))


@pytest.fixture
def offer(plugin):
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    manager.check_pending()
    context = SetContext("standard", "production", "acme_journal", "1.0.0")
    register = Register(context)
    manager.hook.selvbetjening_register(register=register, context=context)
    (offer,) = register.offers
    return offer


def component(offer, port, folder, token=TOKEN):
    settings = {"url": f"http://127.0.0.1:{port}/cases", "token": token}
    return offer.factory(ComponentContext("journal", "0773", settings, folder, lambda: NOW))


def parcel(*, attempt=1, text=""):
    person = Person(CprNumber("251248-9996"), "Nancy Ann Berggren", None)
    case = CaseSnapshot(
        submission_id="s-1",
        receipt_number="0773-ABCD",
        solution="sundhedskort",
        definition_version="2026.1",
        title="Bestil nyt sundhedskort",
        municipality_code="0773",
        authority="Morsø Kommune",
        contact=Contact("", "", "", ""),
        kle="29",
        locale="da",
        received_at=NOW,
        parties=Parties(
            person, person, Basis.SELF, AssuranceLevel.SUBSTANTIAL, Channel.SELF_SERVICE
        ),
        groups=(),
        payment=PaymentSummary(Money(0), "Gratis"),
        texts={"after": text},
    )
    return Parcel(
        key="key-1",
        destination="case_system",
        attempt=attempt,
        deadline=NOW + datetime.timedelta(seconds=5),
        case=case,
        documents=(Document("kvittering.html", "text/html", b"<p>"),),
    )


def test_it_offers_what_the_page_says(offer, tmp_path):
    assert offer.contract is IDelivery
    assert [setting.name for setting in offer.settings] == ["url", "token"]
    assert offer.place.file == PROJECT / "acme_journal" / "plugin.py"
    made = component(offer, 1, tmp_path)
    assert verifyObject(IDelivery, made)
    assert made.resolves_unknown is ResolvesUnknown.SAFE_REPEAT


def test_it_delivers_and_keeps_the_reference(offer, journal, tmp_path):
    outcome = component(offer, journal.server_port, tmp_path).send(parcel())
    assert (outcome.kind, outcome.remote_reference) == (OutcomeKind.DELIVERED, "A-1")
    assert journal.cases["key-1"]["receipt_number"] == "0773-ABCD"


def test_a_lost_answer_is_unknown_and_the_repeat_makes_no_second_case(offer, journal, tmp_path):
    acme = component(offer, journal.server_port, tmp_path)
    journal.fault = "hang up"
    assert acme.send(parcel()).kind is OutcomeKind.UNKNOWN
    journal.fault = ""
    assert acme.send(parcel(attempt=2)).kind is OutcomeKind.DELIVERED
    assert len(journal.cases) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("429", OutcomeKind.TRANSIENT),
        ("503", OutcomeKind.TRANSIENT),
        ("500", OutcomeKind.UNKNOWN),
        ("422", OutcomeKind.PERMANENT),
    ],
)
def test_a_refusal_says_whether_to_try_again(offer, journal, tmp_path, status, kind):
    journal.fault = status
    outcome = component(offer, journal.server_port, tmp_path).send(parcel())
    assert (outcome.kind, outcome.evidence) == (kind, f"HTTP {status}")


def test_a_wrong_token_is_permanent(offer, journal, tmp_path):
    outcome = component(offer, journal.server_port, tmp_path, token="wrong").send(parcel())
    assert outcome.kind is OutcomeKind.PERMANENT
    assert journal.cases == {}


def test_nobody_at_home_is_transient(offer, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert component(offer, port, tmp_path).send(parcel()).kind is OutcomeKind.TRANSIENT


def test_what_is_too_big_is_refused_before_it_is_sent(offer, tmp_path):
    acme = component(offer, 1, tmp_path)
    assert acme.accepts(parcel()).ok
    verdict = acme.accepts(parcel(text="x" * 10_000_001))
    assert not verdict.ok
    assert verdict.reasons


def test_its_entry_point_names_the_module():
    setup = configparser.ConfigParser()
    setup.read(PROJECT / "setup.cfg", encoding="utf-8")
    points = setup["options.entry_points"][hooks.ENTRY_POINT_GROUP]
    assert points.strip() == "acme_journal = acme_journal.plugin"
