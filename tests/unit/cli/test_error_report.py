"""``selvbetjening report``: finds the error by its code, and tells nothing about anybody."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from selvbetjening_core.cli.main import main
from selvbetjening_core.error_report import find_error

CPR = "2512484916"
LOG = f"""WARNING acme: for {CPR}
ERROR selvbetjening_core.error: error 11223344: KeyError at route=home municipality=0773
  File "/home/somebody/x/lib/python3.11/site-packages/acme/other.py", line 1, in other
ERROR selvbetjening_core.error: error 1a2b3c4d: Refused{CPR} at route=step municipality=0773 \
solution=sundhedskort step=person: {CPR}
  File "/home/somebody/x/lib/python3.11/site-packages/pyramid/tweens.py", line 41, in excview
    response = handler(request, "{CPR}")
  File "C:\\Users\\somebody\\acme\\plugin.py", line 7, in read
    raise Refused(cpr)

ERROR acme.log: File "/somewhere/later.py", line 9, in later {CPR}
"""
PREFIX = "Nov 22 18:40:01 town selvbetjening[77]: "


def run(*arguments, log=LOG):
    return CliRunner().invoke(
        main, ["report", *arguments, "--log", "-", "--config", "package:selvbetjening_demo"], log
    )


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_the_error_is_found_by_its_code(prefix):
    found = find_error("1a2b3c4d", [f"{prefix}{line}" for line in LOG.splitlines()])
    assert found.kind == "Refused******-****"
    assert found.where == {
        "route": "step",
        "municipality": "0773",
        "solution": "sundhedskort",
        "step": "person",
    }
    assert found.traceback == ("pyramid/tweens.py:41 excview", "acme/plugin.py:7 read")


def test_it_is_shown_and_written(tmp_path):
    to = tmp_path / "report.json"
    done = run("1a2b3c4d", "--to", str(to), "--yes")
    assert done.exit_code == 0, done.output
    report = json.loads(to.read_text("utf-8"))
    assert to.read_text("utf-8").strip() in done.output
    assert report["error"]["where"]["step"] == "person"
    assert "selvbetjening_demo" not in report["error"]["class"]
    assert report["plugin_sets"]["standard"]["demo_identity"]
    assert report["distributions"]["pyramid"]
    for text in (done.output, to.read_text("utf-8")):
        assert CPR not in text
        assert "somebody" not in text


def test_it_is_shown_before_it_is_written(tmp_path, monkeypatch):
    """Standard input is the log, so nobody can say yes there: nothing is written."""
    monkeypatch.chdir(tmp_path)
    done = run("1a2b3c4d")
    assert '"code": "1a2b3c4d"' in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_alone(tmp_path):
    to = tmp_path / "report.json"
    to.write_text("mine")
    done = run("1a2b3c4d", "--to", str(to), "--yes")
    assert done.exit_code == 2
    assert to.read_text() == "mine"


def test_a_code_that_is_not_in_the_log():
    done = run("99999999")
    assert done.exit_code == 2
    assert "No line with the code 99999999" in done.output


def test_what_is_no_code_is_not_repeated():
    done = run(CPR)
    assert done.exit_code == 2
    assert CPR not in done.output
