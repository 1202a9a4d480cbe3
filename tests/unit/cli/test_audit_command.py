"""``selvbetjening audit``: shown to people, verified, exported."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from contextlib import closing

import pytest

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.commands import today
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.opening import open_store
from selvbetjening_core.store.key_file import create_key_file
from selvbetjening_core.testing import cases
from selvbetjening_core.upkeep.audit_heads import read_heads

HEADS = "outside/heads.txt"


@pytest.fixture
def ready(demo, tmp_path):
    """The demo with its secrets, and a file that heads are exported to."""
    folder = shutil.copytree(demo, tmp_path / "demo")
    (folder / "secrets").mkdir()
    create_key_file(folder / "secrets" / "keys.json")
    for name in ("provider", "seal-0773", "seal-0751"):
        (folder / "secrets" / name).write_text("0123456789abcdef0123456789abcdef")
    file = folder / "selvbetjening.toml"
    file.write_text(f'{file.read_text("utf-8")}\n[audit]\nheads = "{HEADS}"\n', "utf-8")
    return folder


@pytest.fixture
def run_demo(run, ready):
    """Run a command there; what goes wrong is said in words."""

    def run_demo(*arguments, stdin=None):
        done = run(
            *arguments,
            "--config",
            str(ready),
            stdin=stdin,
            SELVBETJENING_DEMO_PROVIDER="http://127.0.0.1:9",
            SELVBETJENING_DEMO_SMTP="smtp://127.0.0.1:9",
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run_demo


@pytest.fixture
def log(ready, run_demo):
    """Three lines of one municipality."""
    assert run_demo("counts").returncode == 0
    store = open_store(read_plan(ready / "selvbetjening.toml", register_core, today()))
    with store.transaction("0773") as work:
        now = work.now()
        work.audit.add("submission-seen", "s-1", now, "=1+1", actor="ann", way=AuditWay.STAFF)
        work.audit.add("login", "login", now, persons=[cases.a_person().cpr])
        work.audit.add("submitted", "s-2", now, persons=[cases.a_person().cpr])
    with store.transaction("0773") as work:
        work.audit.add("submission-seen", "s-2", now, actor="ann", way=AuditWay.STAFF)
    store.close()


@pytest.mark.usefixtures("log")
def test_lines_are_shown_as_they_were_asked_for(run_demo):
    shown = run_demo("audit", "show", "--who", "ann")
    assert shown.returncode == 0
    assert [line.split()[5:7] for line in shown.stdout.splitlines()[1:]] == [
        ["submission-seen", "s-1"],
        ["submission-seen", "s-2"],
    ]
    table = run_demo("audit", "show", "--event", "submission-seen", "--about", "s-1", "--csv")
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert (row["who"], row["way"], row["detail"]) == ("ann", "staff", "'=1+1")
    assert run_demo("audit", "show", "--until", "01-01-2020").stdout == "There are no such lines.\n"
    wrong = run_demo("audit", "show", "--since", "yesterday")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        '"yesterday" is no day. Write it as 22-11-2026.\n',
    )


@pytest.mark.usefixtures("log")
def test_that_somebody_looked_is_in_it_the_next_time(run_demo):
    run_demo("audit", "show")
    again = run_demo("audit", "show", "--event", "audit-seen", "--csv")
    row = next(csv.DictReader(io.StringIO(again.stdout)))
    assert row["way"] == "command"
    assert row["who"]


@pytest.mark.usefixtures("log")
def test_a_citizens_lines_are_found_by_a_number_that_is_in_no_argument(run_demo):
    asked = run_demo("audit", "about", stdin=f"{cases.a_person().cpr.reveal()}\n")
    told = [line.split()[5:7] for line in asked.stdout.splitlines()[1:]]
    assert told == [["login", "login"], ["submitted", "s-2"], ["submission-seen", "s-2"]]
    assert cases.a_person().cpr.reveal() not in asked.stdout + asked.stderr
    wrong = run_demo("audit", "about", stdin="none\n")
    assert (wrong.returncode, wrong.stderr) == (2, "That is no CPR number.\n")


@pytest.mark.usefixtures("log")
def test_a_log_is_verified_and_what_was_cut_off_shows_by_the_head(run_demo, ready):
    assert "wait for the chain" in run_demo("audit", "verify", "-m", "0773").stdout
    told = run_demo("audit", "head", "-m", "0773")
    (head,) = read_heads(ready / HEADS)["0773"]
    assert told.stdout == f"{head}\n"
    clean = run_demo("audit", "verify")
    assert (clean.returncode, clean.stderr) == (0, "")
    assert "0773: as it was written; 5 lines in the chain" in clean.stdout
    with closing(sqlite3.connect(ready / "var" / "selvbetjening.sqlite")) as database, database:
        database.execute("UPDATE audit SET actor = 'bob' WHERE subject = 's-1'")
        database.execute("DELETE FROM audit WHERE subject = 'login'")
    wrong = run_demo("audit", "verify", "-m", "0773")
    assert wrong.returncode == 1
    assert "edited at position 1, line " in wrong.stdout
    assert "deleted at position 2, line " in wrong.stdout
    with closing(sqlite3.connect(ready / "var" / "selvbetjening.sqlite")) as database, database:
        for table in ("audit", "audit_seal"):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words
    assert "truncated at position 5" in run_demo("audit", "verify", "-m", "0773").stdout


def test_a_file_that_holds_no_heads_is_said(run_demo, ready):
    (ready / "other.txt").write_text("nonsense\n")
    done = run_demo("audit", "verify", "--head", str(ready / "other.txt"))
    assert done.returncode == 2
    assert "line 1: this is no head of an audit log" in done.stderr
