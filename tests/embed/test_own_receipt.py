"""A receipt for a form of the site's own, in the site's own transaction."""

from __future__ import annotations

import dataclasses
import datetime
import re
import runpy
import subprocess
import sys

import pytest
import sqlalchemy as sa
from embed_site import EXAMPLES

from selvbetjening_core.embedding import OwnCase, mount, receipts

EXAMPLE = EXAMPLES / "own_receipt.py"
MOST_LINES = 15
KIRSTEN = {"cpr": "291182-9996", "name": "Kirsten Test Berggren"}


@pytest.fixture
def desk(make_installation):
    return receipts(make_installation("/selvbetjening"), "0773")


@pytest.fixture
def example():
    return runpy.run_path(str(EXAMPLE))


@pytest.fixture
def engine(tmp_path, example):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'site.sqlite'}")
    example["table"].create(engine)
    yield engine
    engine.dispose()


def own(**more):
    return OwnCase(**{
        "form": "klage",
        "reference": "17",
        "title": "Klage",
        "received_at": datetime.datetime(2026, 5, 4, 10, tzinfo=datetime.UTC),
        **KIRSTEN,
        "level": "substantial",
        "vouched_by": "mors.dk",
        "answers": {"Klagen": {"Hvad?": "Et skilt"}},
        **more,
    })  # fmt: skip


def test_it_takes_at_most_fifteen_lines():
    text = EXAMPLE.read_text("utf-8")
    between = re.search(r"# A receipt begins\.\n(.*)# A receipt ends\.", text, re.DOTALL)[1]
    lines = [line for line in between.splitlines() if line.strip()]
    # As it would be written, and still so with one argument to a line.
    assert 8 < len(lines) <= MOST_LINES
    assert "desk.issue(" in between
    assert "desk.verify(" in between


def test_the_example_runs(tmp_path, make_installation):
    command = [sys.executable, "-W", "ignore", EXAMPLE, make_installation("/a"), tmp_path]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True, timeout=60
    )
    number = done.stdout.strip()
    assert re.fullmatch(r"20\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}", number)
    html = (tmp_path / f"kvittering-{number}.html").read_text("utf-8")
    assert "Login er bekræftet af mors.dk" in html
    assert "Skiltet står skævt." in html
    assert "9996" not in html


def test_both_or_neither(desk, example, engine):
    class Breaks:
        def issue(self, case):
            raise OSError("no receipt today")

    with pytest.raises(OSError, match="no receipt today"):
        example["complain"](engine, Breaks(), KIRSTEN, "Et skilt")
    with engine.connect() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(example["table"])).scalar()
            == 0
        )
    issued = example["complain"](engine, desk, KIRSTEN, "Et skilt")
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(example["table"]))
    assert row.receipt_number == issued.number
    assert desk.again(row.receipt_case) == issued


def test_what_is_no_level_or_number_is_told(desk):
    with pytest.raises(ValueError, match="level"):
        desk.issue(own(level="godlike"))
    with pytest.raises(ValueError, match=r"^(?!.*1111)"):
        desk.issue(own(cpr="0000001111"))


def test_the_same_case_has_the_same_receipt(desk):
    assert desk.issue(own()) == desk.issue(own())
    assert desk.issue(own()).number != desk.issue(own(reference="18")).number
    assert desk.issue(own()).number != desk.issue(own(form="ros")).number


def test_a_changed_byte_is_found(desk):
    document = desk.issue(own()).document
    assert desk.verify(document).ok
    changed = document.content.replace(b"Et skilt", b"To skilt")
    assert changed != document.content
    assert not desk.verify(dataclasses.replace(document, content=changed)).ok


def test_a_receipt_of_another_municipality_is_none_here(desk, make_installation):
    other = receipts(make_installation("/b", name="other"), "0773")
    assert not other.verify(desk.issue(own()).document).ok


def test_nothing_of_ours_is_written(make_installation):
    installation = make_installation("/selvbetjening")
    before = sorted(installation.parent.rglob("*"))
    receipts(installation, "0773").issue(own())
    assert sorted(installation.parent.rglob("*")) == before


def test_a_site_with_a_mount_uses_its_components(make_installation):
    installation = make_installation("/selvbetjening")
    mounted = mount(installation)
    assert mounted.receipts("0773").issue(own()) == receipts(installation, "0773").issue(own())
    mounted.close()


def test_the_receipt_shows_the_birthday_alone(desk):
    text = desk.issue(own()).document.content.decode()
    assert "291182-xxxx" in text
    assert "9996" not in text
