"""``selvbetjening deliveries`` on a demo folder with submissions in its store."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from selvbetjening_core.application import assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.main import main
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.records import Attempt, DeliveryState, SubmissionFacts
from selvbetjening_core.values import Outcome, OutcomeKind
from selvbetjening_demo.folder import prepare_folder

from .conftest import PERSON, a_case, a_delivery

K = OutcomeKind
PARKED_REASON = "The receiver refused it, and would refuse it again."
CARELESS = f"422 {PERSON.cpr.reveal()} {PERSON.name}, {PERSON.address.lines[0]}"


class Office:
    """An installation, its store, and somebody at the command line."""

    def __init__(self, folder):
        self.config = folder / "selvbetjening.toml"
        self.now = utc_now()
        self.database = folder / "var" / "selvbetjening.sqlite"
        self.store = assemble(read_plan(self.config, register_core, self.now.date())).store

    def add(
        self, name, state, *outcomes, code="0773", hours=0.0, destination="case_system", **more
    ):
        """A submission with one delivery, and its attempts."""
        then = self.now - datetime.timedelta(hours=hours)
        row = a_delivery(name, destination, id=name, created_at=then, due_at=then, **more)
        with self.store.transaction(code) as work:
            facts = SubmissionFacts("ab" * 32, {}, f"draft-{name}")
            assert work.submissions.add(replace(a_case(name), municipality_code=code), facts)
            work.deliveries.add(row)
            for number, kind in enumerate(outcomes, start=1):
                work.deliveries.begin_attempt(Attempt(name, number, "folder", "1.0", then))
                if kind is not None:
                    work.deliveries.end_attempt(name, number, Outcome(kind, CARELESS), then)
            work.deliveries.move(name, state, then, due_at=row.due_at, reason=row.reason)

    def run(self, *arguments, answer=""):
        """The exit code, and all that was said."""
        words = ["deliveries", "--config", str(self.config), *arguments]
        done = CliRunner().invoke(main, words, input=answer)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        for secret in (PERSON.cpr.reveal(), PERSON.name, PERSON.address.lines[0]):
            assert secret not in done.output
        return done.exit_code, done.output

    def row(self, name, code="0773"):
        with self.store.transaction(code) as work:
            return work.deliveries.get(name)

    def audited(self):
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(
                "SELECT municipality, event, subject, actor FROM audit ORDER BY id"
            ).fetchall()


@pytest.fixture
def office(tmp_path, monkeypatch):
    # Nobody listens there: looking at deliveries calls nothing outside.
    monkeypatch.setenv("SELVBETJENING_DEMO_PROVIDER", "http://127.0.0.1:9")
    monkeypatch.setenv("SELVBETJENING_DEMO_SMTP", "smtp://127.0.0.1:9")
    office = Office(prepare_folder(tmp_path / "demo"))
    yield office
    office.store.close()


def _cells(output):
    """The lines of the tables, cut at two spaces or more."""
    lines = (line.split("  ") for line in output.splitlines())
    return [[cell.strip() for cell in line if cell.strip()] for line in lines]


def test_numbers_by_municipality_and_receiver(office):
    office.add("a", DeliveryState.DELIVERED, K.DELIVERED, hours=900, component="journal")
    office.add("b", DeliveryState.WAITING, hours=0.5, component="journal")
    office.add("c", DeliveryState.WAITING, K.TRANSIENT, hours=51.2, component="journal")
    office.add("d", DeliveryState.PARKED, K.PERMANENT, code="0751", component="gone")
    assert office.run("pause", "post", "-m", "0773", "--reason", "moves", "--by", "ann")[0] == 0
    code, output = office.run()
    assert code == 0
    heads, *lines = _cells(output.partition("\n\n")[0])
    assert heads == ["municipality", "receiver", "on its way", "parked", "oldest", "condition"]
    assert ["0773", "journal", "2", "0", "2 d 3 h", "running"] in lines
    assert ["0773", "post", "0", "0", "-", "paused by ann: moves"] in lines
    assert ["0751", "gone", "0", "1", "0 min", "gone"] in lines
    assert "0751" not in office.run("--municipality", "0773")[1]
    assert "0773" not in office.run("list", "-m", "0751")[1]


def test_what_is_parked_or_late_is_listed_and_nothing_else(office):
    office.add("fresh", DeliveryState.WAITING, K.TRANSIENT, hours=23)
    office.add("done", DeliveryState.DELIVERED, K.DELIVERED, hours=900)
    assert "Nothing is parked or late." in office.run()[1]
    office.add("late", DeliveryState.WAITING, hours=25.1, after="mail")
    office.add("parked", DeliveryState.PARKED, K.PERMANENT, reason=PARKED_REASON)
    office.add("pending", DeliveryState.ACCEPTED_PENDING, K.ACCEPTED_PENDING, hours=30)
    _, output = office.run()
    _, listed = output.split("Parked or late:\n")
    _heads, *lines = _cells(listed)
    assert [line[1] for line in lines] == ["pending", "late", "parked"]
    assert lines[1][3:6] + lines[1][-2:] == [
        "case_system-component",
        "waiting",
        "0",
        "-",
        "comes after mail",
    ]
    assert lines[2][4:6] + lines[2][-2:] == ["parked", "1", "permanent", PARKED_REASON]
    assert "fresh" in office.run("list", "--all")[1]
    assert "pending" not in office.run("list", "--parked")[1]
    assert "There are more" in office.run("list", "--limit", "1")[1]


def test_a_parked_delivery_is_put_back_and_audited(office):
    office.add("p", DeliveryState.PARKED, K.TRANSIENT, K.PERMANENT, hours=200, reason=PARKED_REASON)
    code, output = office.run("retry", "p", "--by", "ann")
    assert code == 0
    assert "Delivery p to case_system-component in 0773 is waiting again, due now." in output
    assert f"It was parked: {PARKED_REASON}" in output
    row = office.row("p")
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 2)
    assert office.now <= row.due_at <= utc_now()
    assert office.audited() == [("0773", "delivery-retried", "p", "ann")]


def test_who_does_it_is_the_user_unless_that_is_said(office, monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "kirsten")
    office.add("p", DeliveryState.PARKED, K.PERMANENT)
    assert office.run("retry", "p")[0] == 0
    assert office.audited()[0][-1] == "kirsten"


@pytest.mark.parametrize("doubt", [K.UNKNOWN, None])
def test_what_may_have_arrived_is_put_back_only_when_that_is_said(office, doubt):
    office.add("u", DeliveryState.PARKED, doubt, K.TRANSIENT)
    before = office.row("u")
    code, output = office.run("retry", "u")
    assert code == 2
    assert "may have arrived before" in output
    assert (office.row("u"), office.audited()) == (before, [])
    assert office.run("retry", "u", "--even-if-it-may-have-arrived")[0] == 0
    assert office.row("u").state is DeliveryState.WAITING


@pytest.mark.parametrize(
    "state", [one for one in DeliveryState if one not in {"waiting", "parked"}]
)
def test_only_what_is_parked_or_waiting_is_put_back(office, state):
    office.add("x", state, K.DELIVERED)
    before = office.row("x")
    code, output = office.run("retry", "x", "--even-if-it-may-have-arrived")
    assert code == 2
    assert f'"{state}"' in output
    assert (office.row("x"), office.audited()) == (before, [])


def test_an_id_of_two_municipalities_needs_the_municipality(office):
    for code in ("0773", "0751"):
        office.add("same", DeliveryState.PARKED, K.PERMANENT, code=code)
    code, output = office.run("retry", "same")
    assert (code, "--municipality" in output) == (2, True)
    assert office.run("-m", "0751", "retry", "same")[0] == 0
    assert office.row("same").state is DeliveryState.PARKED
    assert office.row("same", "0751").state is DeliveryState.WAITING


def test_a_delivery_is_sent_to_another_receiver(office):
    office.add("p", DeliveryState.PARKED, K.PERMANENT, component="gone")
    assert office.run("rebind", "p", "journal", "--by", "ann")[0] == 0
    assert office.row("p").component == "journal"
    assert office.audited() == [("0773", "delivery-rebound", "p", "ann")]


def test_giving_up_says_how_and_why_and_asks(office):
    office.add("p", DeliveryState.PARKED, K.PERMANENT)
    how = ("--by-hand", "--reason", "typed in by hand", "--by", "ann")
    assert office.run("waive", "p", *how, answer="n\n")[0] == 1
    assert office.row("p").state is DeliveryState.PARKED
    assert office.run("waive", "p", "--reason", "x", "--yes")[0] == 2
    assert "CPR" in office.run("waive", "p", "--by-hand", "--reason", "251248-4916", "--yes")[1]
    refused = office.run("waive", "p", "--by-hand", "--reason", "251248-4916")
    assert (refused[0], "CPR" in refused[1], "Go on?" in refused[1]) == (2, True, False)
    assert office.run("waive", "p", *how, answer="y\n")[0] == 0
    assert (office.row("p").state, office.row("p").waived_as) == ("waived", "by_hand")
    assert office.audited() == [("0773", "delivery-waived", "p", "ann")]


def test_pause_and_resume(office):
    assert office.run("pause", "journal", "--reason", "x")[0] == 2  # Both have one.
    for word in ("pause", "resume"):
        more = ("--reason", "upgrade") if word == "pause" else ()
        assert office.run(word, "journal", "-m", "0773", "--by", "ann", *more)[0] == 0
    assert [line[1] for line in office.audited()] == ["receiver-paused", "receiver-resumed"]
    assert office.run("resume", "journal", "-m", "0773")[0] == 2


def test_show_tells_all_but_who_it_is_about(office):
    office.add("p", DeliveryState.PARKED, K.TRANSIENT, K.PERMANENT, reason=PARKED_REASON)
    office.run("retry", "p", "--by", "ann")
    code, output = office.run("show", "p")
    assert code == 0
    for told in ("R-p", "422", "permanent", "delivery-retried", "ann", "folder 1.0"):
        assert told in output
    with office.store.transaction("0773") as work:
        kept = work.deliveries.attempts("p")[-1].evidence
    assert PERSON.name in kept  # The negative control: it was there to be told.


def test_find(office):
    office.add("p", DeliveryState.PARKED, K.PERMANENT)
    with office.store.transaction("0773") as work:
        code = work.submissions.head("p").enquiry_code
    for number in ("R-p", " R-p ", code, code.lower().replace("-", "")):
        done, output = office.run("find", number)
        assert (done, "parked" in output) == (0, True), number
    assert office.run("find", "nothing") == (
        1,
        "There is no such receipt number, and no such code.\n",
    )


def test_export(office, tmp_path):
    office.add("p", DeliveryState.PARKED, K.PERMANENT, reason="=cmd()")
    office.add("w", DeliveryState.WAITING)
    file = tmp_path / "late.csv"
    assert office.run("export", "-o", str(file))[0] == 0
    head, *lines = file.read_text("utf-8").splitlines()
    assert head.startswith("municipality,delivery,receipt")
    assert len(lines) == 2
    assert "'=cmd()" in file.read_text("utf-8")
    assert office.run("export", "--parked")[1].count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("retry", "nowhere"), 'There is no delivery "nowhere"'),
        (("retry", "p", "-m", "0751"), 'There is no delivery "p"'),
        (("-m", "9999"), 'There is no municipality "9999" here'),
        (("rety", "p"), 'Did you mean "retry"?'),
        (("pause", "jurnal", "--reason", "x"), 'There is no receiver "jurnal"'),
        (("rebind", "p", "jurnal"), 'There is no component called "jurnal"'),
        (("show", "nowhere"), 'There is no delivery "nowhere"'),
    ],
)
def test_what_cannot_be_is_said_clearly(office, arguments, said):
    office.add("p", DeliveryState.PARKED, K.PERMANENT)
    code, output = office.run(*arguments)
    assert code == 2
    assert said in output
    assert "Traceback" not in output
    assert office.row("p").state is DeliveryState.PARKED


def test_a_worker_takes_up_what_was_put_back(office, world):
    """Through to the receiver, with the engine on the same store."""
    office.add("p", DeliveryState.PARKED, K.PERMANENT, hours=200)
    world.clock.now = utc_now()
    assert world.embedded(office.store).drain() == 0
    assert office.run("retry", "p")[0] == 0
    world.clock.now = utc_now()
    assert world.embedded(office.store).drain() == 1
    assert office.row("p").state is DeliveryState.DELIVERED


def test_a_store_that_cannot_be_used_is_said_clearly(office):
    office.add("p", DeliveryState.PARKED, K.PERMANENT)
    with closing(sqlite3.connect(office.database)) as connection:
        connection.execute("ALTER TABLE delivery RENAME COLUMN reason TO away")
        connection.commit()
    code, output = office.run()
    assert code == 2
    assert "the database cannot be used" in output
    assert "Traceback" not in output
