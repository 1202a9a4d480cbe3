"""Every planted problem is found, at its line, and nothing else is."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

import selvbetjening_demo

HERE = Path(__file__).parent
DEMO = Path(selvbetjening_demo.__file__).parent / "installation"
SECRET = "hunter2"


@pytest.fixture(scope="module", params=["production", "demo_mode"])
def result(request, check):
    return (request.param, *check(HERE / request.param))


def marks_for(name, planted):
    vendor = [HERE / "vendor"] if name == "production" else []
    return planted(HERE / name, *vendor)


def found(problems):
    return Counter((Path(one["file"]), one["line"], one["code"]) for one in problems)


def test_every_planted_problem_is_reported_at_once_and_nothing_else(result, planted):
    name, done, problems = result
    wanted, got = marks_for(name, planted), found(problems)
    assert (sorted(wanted - got), sorted(got - wanted)) == ([], [])
    assert done.returncode == 1
    assert done.stderr == ""


def test_the_planted_problems_are_many_and_of_many_kinds(planted):
    marks = marks_for("production", planted)
    assert sum(marks.values()) >= 150
    assert len({code for _, _, code in marks}) >= 60


def test_a_forgotten_mark_turns_the_comparison_red(result, planted, tmp_path):
    name, _, problems = result
    copy = shutil.copytree(HERE / name, tmp_path / name)
    files = [file for file in sorted(copy.rglob("*.toml")) if b"# planted" in file.read_bytes()]
    assert files
    for file in files:
        text = file.read_bytes()
        file.write_bytes(text.replace(b"# planted", b"# forgotten", 1))
        wanted = {(one.relative_to(copy), *rest) for one, *rest in planted(copy)}
        got = {
            (Path(one["file"]).relative_to(HERE / name), one["line"], one["code"])
            for one in problems
            if Path(one["file"]).is_relative_to(HERE / name)
        }
        assert got - wanted, file
        file.write_bytes(text)


def test_each_problem_says_where_what_and_what_to_do(result):
    whole_file = {
        "toml-syntax",
        "file-not-read",
        "file-not-utf8",
        "file-unreadable",
        "bad-name",
        "reserved-name",
    }
    for one in result[2]:
        assert one["message"].strip()
        assert one["advice"].strip()
        assert "\n" not in one["message"] + one["advice"]
        in_code = one["file"].endswith(".py")
        assert one["path"] or in_code or one["code"] in whole_file, one
        assert one["severity"] in {"error", "incomplete", "warning"}


def test_no_secret_is_repeated(result):
    _, done, _ = result
    assert SECRET not in done.stdout + done.stderr


def test_a_person_sees_the_same_problems(selvbetjening, result):
    name, _, problems = result
    done = selvbetjening("check", "--config", str(HERE / name))
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    assert "\x1b[" not in done.stdout
    assert SECRET not in done.stdout
    for one in problems:
        assert one["message"] in done.stdout
        assert one["advice"] in done.stdout
    errors = sum(one["severity"] == "error" for one in problems)
    assert any(line.startswith(f"{errors} errors") for line in done.stdout.splitlines()[-2:])


def test_the_shipped_demo_has_no_error(check):
    done, problems = check(DEMO)
    assert done.returncode == 0
    assert [one for one in problems if one["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        ("municipalities/0773.toml", '= "journal"', '= "jurnal"', "unknown-component"),
        ("municipalities/0751.toml", '"0751"', '"0752"', "bad-kommunekode"),
        ("plugin_sets/standard.toml", '"mail"', '"male"', "plugin-not-installed"),
        ("selvbetjening.toml", '"file:secrets/keys.json"', '"12345"', "plain-secret"),
    ],
)
def test_one_fault_in_the_demo_is_one_problem(check, tmp_path, file, right, wrong, code):
    copy = shutil.copytree(DEMO, tmp_path / "demo")
    text = (copy / file).read_text(encoding="utf-8")
    before, found_it, _ = text.partition(right)
    assert found_it
    (copy / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done, problems = check(copy)
    errors = [one for one in problems if one["severity"] == "error"]
    assert done.returncode == 1
    line = before.count("\n") + 1
    assert found(errors) == Counter([(copy / file, line, code)])


def test_marks_are_understood(planted, tmp_path):
    (tmp_path / "a.toml").write_text(
        "# planted in b.toml: x\na = 1  # planted: y, z\n# planted: w\nb = 1\n# not planted\n"
    )
    assert planted(tmp_path) == Counter(
        [
            (tmp_path / "b.toml", 0, "x"),
            (tmp_path / "a.toml", 2, "y"),
            (tmp_path / "a.toml", 2, "z"),
            (tmp_path / "a.toml", 4, "w"),
        ]
    )
