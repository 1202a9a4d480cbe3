"""Every statement names the municipality; and this is how it would be noticed if not."""

from __future__ import annotations

import datetime
import inspect
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.audit import AuditWanted
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.journey.records import (
    Attempt,
    KeptFile,
    PaymentOutcome,
    PendingLogin,
    ProviderLogin,
    RetentionLimit,
    StaffSession,
    WebSession,
)
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave
from selvbetjening_core.store.rotation import sealed_tables
from selvbetjening_core.store.sqlite import QuickConnections
from selvbetjening_core.store.store import SqlStore, SqlUnitOfWork
from selvbetjening_core.store.tables import draft as draft_table
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.values import (
    Guest,
    GuestId,
    Outcome,
    OutcomeKind,
    PaymentState,
    PaymentStatus,
    Staff,
)

CODE = "0773"
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)")
_NAMED = re.compile(r"\bmunicipality = (?:\?|%\()|INSERT INTO \w+ \(municipality,")
_PLACE = re.compile(r"%\((\w+)\)s")


def _wrong(statement, parameters):
    """Does the statement touch a table without naming the municipality?"""
    touched = [name for name in _TABLE.findall(statement) if name in metadata.tables]
    if not touched:
        return False
    named = len(_NAMED.findall(statement))
    return named < len(touched) or parameters.count(CODE) < len(touched)


@pytest.fixture
def statements(engine):
    seen = []

    def note(_connection, _cursor, statement, parameters, _context, many):
        for one in parameters if many else [parameters]:
            # PostgreSQL's driver takes them by name, and one may stand in several places.
            in_order = (
                [one[name] for name in _PLACE.findall(statement)] if isinstance(one, dict) else one
            )
            seen.append((statement, tuple(in_order)))

    sa.event.listen(engine, "before_cursor_execute", note)
    return seen


@pytest.fixture
def of_the_driver(engine, monkeypatch):
    """What SQLite's driver carries out by itself: SQLAlchemy has no event for it.

    With the values in the statements, as the driver tells them.
    """
    seen, heard = [], []
    sa.event.listen(engine, "before_cursor_execute", lambda *_: heard.append(True))
    sa.event.listen(engine, "after_cursor_execute", lambda *_: heard.clear())

    def note(statement):
        if not heard:
            seen.append(statement)

    def listen(connection, *_):
        if engine.dialect.name == "sqlite":
            connection.set_trace_callback(note)

    taken = QuickConnections._taken

    def taken_and_heard(quick):
        found = taken(quick)
        listen(found[0])
        return found

    sa.event.listen(engine, "checkout", listen)
    monkeypatch.setattr(QuickConnections, "_taken", taken_and_heard)
    return seen


def _wrong_at_the_driver(statement):
    touched = [name for name in _TABLE.findall(statement) if name in metadata.tables]
    return statement.count(f"municipality = '{CODE}'") < len(touched)


@pytest.fixture
def called(monkeypatch):
    """The names of all repository methods that were called."""
    names = set()

    def recorded(method, name):
        def call(*args, **kwargs):
            names.add(name)
            return method(*args, **kwargs)

        return call

    for name, kind, method in _methods():
        monkeypatch.setattr(kind, name, recorded(method, f"{kind.__name__}.{name}"))
    return names


def _methods():
    repositories = vars(SqlUnitOfWork(_NoScope(), None)).values()
    for repository in repositories:
        for name, method in inspect.getmembers(type(repository), inspect.isfunction):
            if not name.startswith("_"):
                yield name, type(repository), method


LOGIN = ProviderLogin("issuer", "login", "person", "farewell")
HOUR = datetime.timedelta(hours=1)


class _NoScope:
    municipality = CODE


@pytest.fixture
def live_drafts(draft, accepted, identity, now):
    def live(drafts):
        drafts.add(draft)
        drafts.get("d1")
        drafts.unfinished(identity.cpr, "sundhedskort")
        drafts.save_step(StepToSave("d1", identity.cpr, "s", frozenset(), {"a": 1}, 0), now)
        drafts.save_apart(draft, now)
        drafts.refresh(draft)
        guest = Guest(GuestId("g1"))
        drafts.hand_over("d1", guest)
        drafts.give_code("d1", guest.owner, "sundhedskort", "0123456789ABCDEF")
        drafts.by_code("sundhedskort", "0123456789ABCDEF", now)
        drafts.freeze("d1", accepted, "p1")
        drafts.reopen("d1")
        drafts.mark_submitted("d1", "s1")

    return live


@pytest.fixture
def live_steps(store, draft, identity, now):
    """What the store offers beside transactions."""

    def live():
        session = WebSession("of-a-step", "c", identity, now, now + HOUR)
        with store.transaction(CODE) as work:
            work.sessions.add(session)
            work.drafts.add(replace(draft, id="d0", solution="steps"))
        save = StepToSave("d0", identity.cpr, "s", frozenset(), {"a": 1}, 0)
        longer = Prolonged("of-a-step", now + HOUR)
        assert store.save_step(CODE, save, now, longer) is StepSaved.SAVED
        assert store.visit(CODE, "of-a-step", "steps", now).draft.saves == {"s": 1}

    return live


@pytest.fixture
def live_payments(payment, now):
    def live(payments):
        payments.add(payment)
        payments.get("p1")
        payments.by_key("card", "pay-key-1")
        payments.set_provider_reference("p1", "P-1")
        state = PaymentState("pay-key-1", PaymentStatus.PAID, payment.amount, "R-1", "P-1")
        payments.record("p1", state, now)
        payments.unsettled(now)
        payments.set_outcome("p1", PaymentOutcome.STRAY)
        payments.given_up(now)
        payments.strays()

    return live


@pytest.fixture
def live_submissions(case, facts, identity, now):
    def live(submissions):
        submissions.add(case, facts)
        submissions.add(case, facts)
        submissions.get("s1")
        submissions.owned("s1", identity.cpr)
        submissions.solution_of("s1")
        submissions.newest(identity.cpr, "sundhedskort", now)
        submissions.head("s1")
        submissions.by_receipt_number(case.receipt_number)
        submissions.by_enquiry_code("7KQ4M-2XP9A")

    return live


@pytest.fixture
def live_deliveries(delivery, now):
    def live(deliveries):
        deliveries.add(delivery)
        deliveries.get("l1")
        deliveries.of_submission("s1")
        deliveries.claim(now, now, lambda _receiver: 2)
        holder = deliveries.lock("l1").holder
        deliveries.prolong("l1", holder, now)
        deliveries.still_held("l1", holder)
        deliveries.due("journal", now, 2)
        deliveries.begin_attempt(Attempt("l1", 1, "folder", "1", now))
        deliveries.claim(now, now + HOUR, lambda _receiver: 2)
        deliveries.last_attempt("l1")
        deliveries.latest_attempts("l1", 2)
        deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.DELIVERED, "ok"), now)
        deliveries.move("l1", "delivered", now)
        deliveries.attempts("l1")
        deliveries.count_by_state()
        deliveries.begun_since("l1", now)
        deliveries.first_ended_at("l1", OutcomeKind.DELIVERED)
        deliveries.by_key("journal", "l1")
        deliveries.ask_now("l1", now)
        deliveries.may_have_arrived("l1")
        deliveries.unfinished_counts()
        deliveries.page()
        deliveries.put_back("l1", delivery.state, now, "again")

    return live


@pytest.fixture
def live_receivers(now):
    def live(receivers):
        receivers.get("journal")
        receivers.all()
        receivers.lock("archive")
        receivers.pause("journal", "anna", "why", now)
        receivers.resume("journal", now)
        receivers.failed("journal", now)
        receivers.succeeded("journal")

    return live


@pytest.fixture
def live_uploads(now):
    def live(uploads):
        file = KeptFile("f1", "a.pdf", "application/pdf", 1, "ab", "cd")
        uploads.add("d1", file, now)
        uploads.known(["f1"])
        uploads.submit("d1", "s1", ["f1"])
        uploads.of_submission("s1")
        uploads.remove("d1", "f1")

    return live


@pytest.fixture
def live_sessions(identity, now):
    def live(sessions):
        later = now + HOUR
        sessions.add(WebSession("h", "c", identity, now, later), LOGIN)
        sessions.get("h", now)
        sessions.prolong("h", later)
        sessions.farewell("h")
        sessions.end_login("i", ["login"], "")
        sessions.end_login("i", [], "person")
        sessions.remove("h")
        sessions.add_login(PendingLogin("q", "l", "s", "da", "b", "a", "r", later))
        sessions.login_of("browser", now)
        sessions.take_login("q", now)
        sessions.remember_assertion("i", "a", later)

    return live


@pytest.fixture
def live_staff_sessions(now):
    def live(sessions):
        later = now + HOUR
        anna = Staff("anna", "Anna", frozenset({CODE}), frozenset())
        sessions.add(StaffSession("h", "c", anna, now, later), LOGIN)
        sessions.get("h", now)
        sessions.prolong("h", later)
        sessions.farewell("h")
        sessions.end_login("i", ["login"], "")
        sessions.end_login("i", [], "person")
        sessions.remove("h")

    return live


@pytest.fixture
def live_retention(now):
    def live(retention):
        for _ in range(2):
            retention.note(RetentionLimit("s", "ab", 30, 365, now.date()))
        retention.limits()
        retention.solutions()
        retention.old_drafts("s", now, None, 10)
        old = retention.old_submissions("sundhedskort", now, None, 10)
        retention.erase_submissions(old)
        retention.erase_drafts(["d1"], now)
        retention.erase_again(["s1"], ["d1"])
        retention.erase_settled_payments(now, 10)
        retention.erase_audit(now, now, 10)
        retention.erase_counts(now.date())
        retention.erase_run_out(now)

    return live


@pytest.fixture
def live_restored(now):
    def live(restored):
        restored.doubt("waiting", now, "", 10)
        restored.look_at_awaited(now)
        restored.hold_payments()
        restored.log_everybody_out()

    return live


@pytest.fixture
def live_audit(now, identity):
    def live(work):
        work.audit.add("e", "s", now, persons=(identity.cpr,))
        work.audit.about("s")
        work.audit.lines(AuditWanted(since=now, person=identity.cpr))
        work.audit_chain.seal(now, 10)
        work.audit_chain.head(now)
        work.audit_chain.joined(0, 10)
        work.audit_chain.outside("", 10)
        for name in sealed_tables():
            work.sealed.reseal(name)
            work.sealed.count(name)
        work.sealed.count_macs()
        work.sealed.last_lines()

    return live


@pytest.fixture
def live_operating(live_receivers, live_staff_sessions, live_restored, live_retention, live_audit):
    def live(work):
        live_audit(work)
        live_receivers(work.receivers)
        live_staff_sessions(work.staff_sessions)
        live_restored(work.restored)
        live_retention(work.retention)

    return live


@pytest.fixture
def whole_life(
    *,
    store,
    live_drafts,
    live_payments,
    live_submissions,
    live_deliveries,
    live_sessions,
    live_operating,
    live_uploads,
    now,
):
    """Calls everything that the ports offer."""

    def live():
        with store.transaction(CODE) as work:
            live_drafts(work.drafts)
            live_payments(work.payments)
            live_submissions(work.submissions)
            live_deliveries(work.deliveries)
            live_sessions(work.sessions)
            live_uploads(work.uploads)
            work.counts.started("s", "1", "self_service", now.date())
            work.counts.completed("s", "1", "self_service", now.date())
            work.counts.report()
            work.counts.has_any("s")
            work.tasks.claim("card", "settle", now, now)
            work.tasks.done("card", "settle", now, now)
            work.component_values.put("card", "k", b"v", now)
            work.component_values.get("card", "k", now)
            work.component_values.add("card", "k", b"v", now, now)
            work.component_values.remove("card", "k")
            work.component_values.forget_expired(now)
            live_operating(work)

    return live


def test_every_statement_names_the_municipality(
    engine, whole_life, live_steps, called, statements, of_the_driver
):
    live_steps()
    whole_life()
    by_driver = [one for one in of_the_driver if _TABLE.search(one)]
    # Two to look, three to save.
    assert len(by_driver) == (5 if engine.dialect.name == "sqlite" else 0)
    assert [one for one in by_driver if _wrong_at_the_driver(one)] == []
    assert called == {f"{kind.__name__}.{name}" for name, kind, _ in _methods()}
    touching = [one for one in statements if _TABLE.search(one[0])]
    assert len(touching) > 40
    assert {one[0].split()[0] for one in touching} == {
        "SELECT",
        "WITH",
        "INSERT",
        "UPDATE",
        "DELETE",
    }
    assert [one for one in statements if _wrong(*one)] == []


@pytest.mark.parametrize(
    "forgetful",
    [
        sa.select(draft_table).where(draft_table.c.id == "d1"),
        sa.update(draft_table).where(draft_table.c.id == "d1").values(locale="en"),
        sa.delete(draft_table).where(draft_table.c.id == "d1"),
        sa.select(draft_table).where(draft_table.c.municipality == "0851"),
    ],
)
def test_a_statement_that_does_not_would_be_noticed(engine, statements, forgetful):
    with engine.begin() as connection:
        connection.execute(forgetful)
    assert any(_wrong(*one) for one in statements)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("condition", ["id = 'd1'", "municipality = '0851' AND id = 'd1'"])
def test_one_of_the_drivers_that_does_not_would_be_noticed(store, of_the_driver, condition):
    with store.transaction(CODE) as work:
        work.driver_connection.execute(f"SELECT id FROM draft WHERE {condition}")  # noqa: S608 - no values
    assert [one for one in of_the_driver if _wrong_at_the_driver(one)]


@pytest.mark.parametrize("code", ["", "773", "07730", "٠٧٧٣", "0773' OR 1=1", "0773\n"])
def test_what_is_no_kommunekode_opens_no_transaction(store, code):
    with pytest.raises(ValueError, match="four digits"), store.transaction(code):
        pass


def test_the_classes_keep_to_the_ports(store):
    """mypy reads the annotations; here the store is handed over as the port."""

    def municipality_of(port: Store) -> str:
        with port.transaction(CODE) as work:
            unit: UnitOfWork = work
            return unit.municipality

    assert municipality_of(store) == CODE
    assert isinstance(store, SqlStore)
