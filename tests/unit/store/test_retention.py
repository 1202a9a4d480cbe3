"""What is kept too long goes, and nothing else does."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from selvbetjening_core.composition.retention_settings import RetentionSettings
from selvbetjening_core.definitions.model import Retention, Solution
from selvbetjening_core.journey.records import (
    Attempt,
    DeliveryState,
    DraftState,
    PaymentOutcome,
    WebSession,
)
from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.store import tables
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.upkeep.erase_list import EraseList, EraseListError, erase_again
from selvbetjening_core.upkeep.retention import AT_ONCE, Budget, Cleaning, Removed
from selvbetjening_core.values import Money, Outcome, OutcomeKind, PaymentState, PaymentStatus

CODE = "0773"
DAY = datetime.timedelta(days=1)
SHA = "ab" * 32
UNFINISHED = sorted({*DeliveryState} - {DeliveryState.DELIVERED, DeliveryState.WAIVED})


@dataclass
class Clock:
    """The time, to be moved ahead."""

    now: datetime.datetime

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def store(engine, keys, clock):
    return SqlStore(engine, keys, clock)


@pytest.fixture
def settings(tmp_path):
    return RetentionSettings(
        draft_days=20,
        delivered_days=60,
        payment_years=5,
        audit_days=100,
        count_days=200,
        backup_days=400,
        erase_list=tmp_path / "erased",
    )


def solution(name="sundhedskort", draft_days=30, delivered_days=90, sha256=SHA):
    """Just as much of a solution as retention asks about."""
    made = object.__new__(Solution)
    values = {"name": name, "sha256": sha256, "retention": Retention(draft_days, delivered_days)}
    for key, value in values.items():
        object.__setattr__(made, key, value)
    return made


@pytest.fixture
def cleaning(store, settings):
    def cleaning(*offered, municipality=CODE):
        return Cleaning(store, municipality, offered, settings, EraseList(settings.erase_list))

    return cleaning


@pytest.fixture
def accept(store, draft, case, facts, delivery, clock):
    """A submission with its draft, and a delivery in each of the states."""
    numbers = itertools.count()

    def accept(*states, name="s1", solution="sundhedskort", sha256=SHA, municipality=CODE):
        draft_id, made = f"d-{name}", clock()
        mine = replace(
            case,
            submission_id=name,
            receipt_number=f"R-{name}",
            solution=solution,
            received_at=made,
        )
        with store.transaction(municipality) as work:
            work.drafts.add(replace(draft, id=draft_id, solution=solution, updated_at=made))
            work.drafts.mark_submitted(draft_id, name)
            work.submissions.add(mine, replace(facts, draft_id=draft_id, definition_sha256=sha256))
            for state in states:
                one = f"l-{name}-{next(numbers)}"
                work.deliveries.add(
                    replace(delivery, id=one, key=one, submission_id=name, destination=one)
                )
                work.deliveries.begin_attempt(Attempt(one, 1, "folder", "1.0", made))
                work.deliveries.end_attempt(one, 1, Outcome(OutcomeKind.DELIVERED, "ok"), made)
                work.deliveries.move(one, state, made)

    return accept


@pytest.fixture
def rows(engine):
    """How many rows a table has."""

    def rows(table):
        with engine.begin() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

    return rows


@pytest.fixture
def left(rows):
    """How many rows there are of all that belongs to submissions."""

    def left():
        return [
            rows(one)
            for one in (tables.submission, tables.draft, tables.delivery, tables.delivery_attempt)
        ]

    return left


# -- submissions --------------------------------------------------------------------


def test_a_delivered_submission_goes_with_all_that_is_its_own(accept, cleaning, clock, left):
    accept("delivered", "waived")
    clock.now += 90 * DAY - datetime.timedelta(seconds=1)
    assert cleaning(solution()).remove() == Removed()
    assert left() == [1, 1, 2, 2]
    clock.now += datetime.timedelta(seconds=1)
    assert cleaning(solution()).look().submissions == 1
    assert left() == [1, 1, 2, 2], "looking removes nothing"
    assert cleaning(solution()).remove().submissions == 1
    assert left() == [0, 0, 0, 0]


@pytest.mark.parametrize("state", UNFINISHED)
def test_one_delivery_that_has_not_ended_keeps_it_all(accept, cleaning, clock, left, state):
    accept("delivered", state)
    clock.now += 3000 * DAY
    cleaning(solution()).remove()
    assert left() == [1, 1, 2, 2]


def test_the_limit_counts_from_the_last_end(accept, store, cleaning, clock):
    accept("delivered", "parked")
    clock.now += 200 * DAY
    with store.transaction(CODE) as work:
        parked = work.deliveries.of_submission("s1")
        one = next(row.id for row in parked if row.state is DeliveryState.PARKED)
        work.deliveries.move(one, "waived", clock())
    clock.now += 89 * DAY
    assert cleaning(solution()).remove().submissions == 0
    clock.now += DAY
    assert cleaning(solution()).remove().submissions == 1


def test_one_without_destinations_counts_from_its_receipt(accept, cleaning, clock):
    accept()
    clock.now += 90 * DAY
    assert cleaning(solution()).remove().submissions == 1


@pytest.mark.parametrize(
    ("status", "outcome", "stays"),
    [
        (PaymentStatus.PAID, PaymentOutcome.SUBMITTED, False),
        (PaymentStatus.REFUNDED, PaymentOutcome.STRAY, False),
        (PaymentStatus.CANCELLED, PaymentOutcome.NONE, False),
        (PaymentStatus.PENDING, PaymentOutcome.NONE, True),
        (PaymentStatus.INTENDED, PaymentOutcome.NONE, True),
        (PaymentStatus.PAID, PaymentOutcome.STRAY, True),
        (PaymentStatus.PAID, PaymentOutcome.NONE, True),
        (PaymentStatus.PENDING, PaymentOutcome.DISPUTED, True),
    ],
)
def test_an_unsettled_payment_keeps_submission_and_draft(  # noqa: PLR0917 - what it takes
    accept, store, cleaning, clock, payment, draft, status, outcome, stays
):
    accept("delivered")
    with store.transaction(CODE) as work:
        work.drafts.add(replace(draft, id="d9"))
        for number, draft_id in enumerate(("d-s1", "d9")):
            name = f"p{number}"
            work.payments.add(replace(payment, id=name, key=name, draft_id=draft_id, status=status))
            work.payments.set_outcome(name, outcome)
    clock.now += 1000 * DAY
    removed = cleaning(solution()).remove()
    assert (removed.submissions, removed.drafts) == ((0, 0) if stays else (1, 1))


def test_many_go_in_small_steps_and_none_is_forgotten(accept, cleaning, clock, left):
    for number in range(2 * AT_ONCE + 5):
        accept("delivered" if number % 50 else "parked", name=f"s{number}")
    clock.now += 91 * DAY
    wanted = 2 * AT_ONCE + 5
    parked = len(range(0, wanted, 50))
    assert cleaning(solution()).remove().submissions == wanted - parked
    assert left() == [parked] * 4


def test_what_a_run_does_not_get_to_is_for_the_next(accept, cleaning, clock):
    for number in range(3):
        accept("delivered", name=f"s{number}")
    clock.now += 91 * DAY
    spent = Budget(seconds=0)
    assert cleaning(solution()).remove(spent).submissions == 0
    assert spent.is_spent
    assert cleaning(solution()).remove().submissions == 3


def test_nothing_of_another_municipality_goes(accept, cleaning, clock, left):
    accept("delivered", name="s1")
    accept("delivered", name="s2", municipality="0751")
    clock.now += 1000 * DAY
    assert cleaning(solution()).remove().submissions == 1
    assert left() == [1, 1, 1, 1]


# -- which limit holds --------------------------------------------------------------


def test_the_shorter_of_then_and_now_holds(accept, cleaning, clock):
    cleaning(solution(delivered_days=90, sha256="old")).remove()
    accept("delivered", name="s1", sha256="old")
    clock.now += 50 * DAY
    longer = solution(delivered_days=200, sha256="new")
    assert cleaning(longer).look().submissions == 0
    assert cleaning(solution(delivered_days=40, sha256="new")).look().submissions == 1
    clock.now += 40 * DAY
    assert cleaning(longer).look().submissions == 1, "longer than was promised"


def test_a_solution_that_is_gone_keeps_its_limit(accept, cleaning, clock):
    cleaning(solution(delivered_days=30)).remove()
    accept("delivered")
    clock.now += 29 * DAY
    assert cleaning().remove().submissions == 0
    clock.now += DAY
    assert cleaning().remove().submissions == 1


def test_a_version_nobody_noted_goes_by_the_last_one(accept, cleaning, clock):
    cleaning(solution(delivered_days=30)).remove()
    accept("delivered", sha256="another")
    clock.now += 30 * DAY
    assert cleaning().remove().submissions == 1


def test_what_nothing_is_known_of_goes_by_the_installation(accept, cleaning, clock):
    accept("delivered", solution="forgotten")
    clock.now += 59 * DAY
    assert cleaning().remove().submissions == 0
    clock.now += DAY
    assert cleaning().remove().submissions == 1


# -- drafts -------------------------------------------------------------------------


def test_a_draft_goes_after_its_last_change(store, draft, cleaning, clock, left):
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
    clock.now += 29 * DAY
    with store.transaction(CODE) as work:
        save = StepToSave("d1", draft.identity.cpr, "cause", frozenset(), {}, 0)
        assert work.drafts.save_step(save, clock()) is StepSaved.SAVED
    clock.now += 29 * DAY
    assert cleaning(solution()).remove().drafts == 0
    clock.now += DAY
    assert cleaning(solution()).remove().drafts == 1
    assert left()[1] == 0


def test_a_submitted_draft_is_no_draft_any_more(accept, cleaning, clock, left):
    accept("waiting")
    clock.now += 1000 * DAY
    assert cleaning(solution()).remove().drafts == 0
    assert left()[1] == 1


def test_a_submitted_draft_without_its_submission_goes(store, draft, cleaning, clock):
    with store.transaction(CODE) as work:
        work.drafts.add(replace(draft, state=DraftState.SUBMITTED, submission_id="gone"))
    clock.now += 30 * DAY
    assert cleaning(solution()).remove().drafts == 1


# -- logs and books -----------------------------------------------------------------


def test_books_are_kept_five_years_after_the_year(store, payment, cleaning, clock, rows):
    with store.transaction(CODE) as work:
        work.payments.add(payment)
        work.payments.record("p1", _paid(payment), clock())
        work.payments.set_outcome("p1", PaymentOutcome.SUBMITTED)
        work.payments.add(replace(payment, id="p2", key="k2"))
    clock.now = clock.now.replace(year=2031, month=12, day=31)
    assert cleaning().remove().payments == 0
    clock.now += DAY
    assert cleaning().remove().payments == 1
    assert rows(tables.payment) == 1, "one that is not settled is kept"


def _paid(payment):
    return PaymentState(
        key=payment.key,
        status=PaymentStatus.PAID,
        amount=Money(22500),
        reference=payment.reference,
        provider_reference="P-1",
    )


def test_audit_lines_and_counters(store, cleaning, clock, rows):
    with store.transaction(CODE) as work:
        work.audit.add("submitted", "s1", clock())
        work.counts.started("sundhedskort", "1", "self_service", clock().date())
    clock.now += 101 * DAY
    assert cleaning().remove() == Removed(audit_lines=1)
    assert rows(tables.audit) == 1, "the line of the run itself"
    clock.now += 101 * DAY
    assert cleaning().remove() == Removed(audit_lines=1, counters=1)


def test_each_run_leaves_a_line_with_its_counts(accept, cleaning, clock, engine):
    accept("delivered")
    clock.now += 90 * DAY
    cleaning(solution()).remove()
    with engine.begin() as connection:
        found = connection.execute(sa.select(tables.audit.c.event, tables.audit.c.detail)).all()
    assert found == [
        ("retention", "1 submissions, 0 drafts, 0 payments, 0 audit lines, 0 counters")
    ]


def test_sessions_and_values_that_ran_out(store, cleaning, clock, identity, rows):
    soon = clock() + DAY
    with store.transaction(CODE) as work:
        work.sessions.add(WebSession("t", "c", identity, clock(), soon))
        work.sessions.remember_assertion("issuer", "a1", soon)
        work.component_values.put("card", "k", b"1", soon)
        work.component_values.put("card", "k2", b"1", None)
    cleaning().remove()
    held = (tables.web_session, tables.seen_assertion, tables.component_value)
    assert [rows(one) for one in held] == [1, 1, 2]
    clock.now += DAY
    cleaning().remove()
    assert [rows(one) for one in held] == [0, 0, 1]


# -- the erase list -----------------------------------------------------------------


def _copy(engine):
    with engine.begin() as connection:
        return {
            table: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in tables.metadata.sorted_tables
        }


def _put_back(engine, copied):
    with engine.begin() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(sa.delete(table))
        for table, rows in copied.items():
            if rows:
                connection.execute(sa.insert(table), rows)


@pytest.fixture
def backup(store, accept, draft, payment, engine, clock, cleaning):
    """A backup; what was in it has been delivered and erased since."""
    accept("waiting", name="s1")
    with store.transaction(CODE) as work:
        work.drafts.add(replace(draft, id="d2"))
        work.payments.add(replace(payment, draft_id="d-s1"))
    copied = _copy(engine)
    with store.transaction(CODE) as work:
        (one,) = work.deliveries.of_submission("s1")
        work.deliveries.move(one.id, "delivered", clock())
        work.payments.record("p1", _paid(payment), clock())
        work.payments.set_outcome("p1", PaymentOutcome.SUBMITTED)
    clock.now += 91 * DAY
    removed = cleaning(solution()).remove()
    assert (removed.submissions, removed.drafts) == (1, 1)
    return copied


def test_what_was_erased_is_erased_again(backup, engine, store, settings, left, caplog):
    _put_back(engine, backup)
    assert left() == [1, 2, 1, 1]
    assert erase_again(store, EraseList(settings.erase_list)) == 3
    assert left() == [0, 0, 0, 0]
    assert "3 in 0773 were in the database again" in caplog.text
    assert erase_again(store, EraseList(settings.erase_list)) == 0, "nothing is left to do"
    with store.transaction(CODE) as work:
        assert work.payments.get("p1").outcome is PaymentOutcome.DISPUTED
        assert work.payments.unsettled(datetime.datetime.max.replace(tzinfo=datetime.UTC)) == []


def test_without_the_list_it_would_be_back(backup, engine, store, tmp_path, left):
    _put_back(engine, backup)
    assert erase_again(store, EraseList(tmp_path / "another")) == 0
    assert left() == [1, 2, 1, 1]


def test_what_cannot_be_written_down_is_not_erased(accept, cleaning, clock, settings, left):
    accept("delivered")
    clock.now += 91 * DAY
    settings.erase_list.write_text("in the way")
    with pytest.raises(EraseListError):
        cleaning(solution()).remove()
    assert left() == [1, 1, 1, 1]


@pytest.mark.usefixtures("backup")
def test_the_list_holds_ids_alone_and_only_its_owner_reads_it(settings):
    (file,) = settings.erase_list.iterdir()
    lines = file.read_text("ascii").split("\n")
    assert sorted(filter(None, lines)) == [
        "0773 draft d-s1",
        "0773 draft d2",
        "0773 submission s1",
    ]
    assert file.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_spoils_no_other(tmp_path):
    erased = EraseList(tmp_path)
    day = datetime.date(2026, 3, 1)
    erased.add(CODE, submissions=["s1"], today=day)
    file = tmp_path / "2026-03.txt"
    file.write_bytes(file.read_bytes() + b"0773 submis")
    erased.add(CODE, drafts=["d1"], today=day)
    assert erased.read()[CODE].submissions == ["s1"]
    assert erased.read()[CODE].drafts == ["d1"]


def test_months_that_no_backup_is_of_are_forgotten(tmp_path):
    erased = EraseList(tmp_path)
    for month in (1, 2, 3):
        erased.add(CODE, submissions=[f"s{month}"], today=datetime.date(2026, month, 28))
    Path(tmp_path / "README").write_text("mine")
    erased.forget(datetime.date(2026, 3, 1))
    assert erased.read()[CODE].submissions == ["s3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-03.txt", "README"]


def test_a_list_that_cannot_be_read_is_told(tmp_path, store):
    (tmp_path / "2026-03.txt").mkdir()
    with pytest.raises(EraseListError):
        erase_again(store, EraseList(tmp_path))
