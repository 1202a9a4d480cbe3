"""``selvbetjening explain``: a code from a report, typed by hand."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from selvbetjening_core.cli.explain import explain
from selvbetjening_core.explanations import explanations


def explained(*arguments):
    return CliRunner().invoke(explain, arguments)


def test_it_says_what_happened_why_it_matters_and_what_to_do():
    done = explained("unknown-key")
    assert done.exit_code == 0
    one = explanations()["unknown-key"]
    words = " ".join(done.output.split())
    for text in (one.happened, one.matters, one.do):
        assert text in words
    assert "Before:\n  [theme]\n" in done.output
    assert '  colour = "#0b5a63"\n' in done.output


@pytest.mark.parametrize("code", explanations())
def test_every_code_is_shown_within_80_columns(code):
    done = explained(code)
    assert done.exit_code == 0
    prose = done.output.partition("Before:")[0].partition("After:")[0]
    assert max(map(len, prose.splitlines())) <= 80


@pytest.mark.parametrize("code", ["[unknown-key]", "Unknown-Key", "unknown key"])
def test_a_code_may_be_pasted_as_the_report_shows_it(code):
    assert explained(code).output == explained("unknown-key").output


def test_a_typing_error_is_answered_with_the_closest_code():
    done = explained("unknow-key")
    assert done.exit_code == 2
    assert 'There is no code "unknow-key"; did you mean "unknown-key"?' in done.stderr


def test_a_code_in_two_words_is_understood():
    assert explained("bad", "reference").output == explained("bad-reference").output
    done = explained("bad", "referense")
    assert done.exit_code == 2
    assert 'did you mean "bad-reference"?' in done.stderr


def test_without_a_code_all_are_listed():
    lines = explained().output.splitlines()
    assert {line.strip() for line in lines} >= set(explanations())


def test_check_points_to_it_where_there_is_something_to_explain(run, tmp_path):
    (tmp_path / "selvbetjening.toml").write_text("[installation]\n", "utf-8")
    last = "selvbetjening explain CODE tells more"
    assert run("check").stdout.splitlines()[-1] == last
    assert last not in run("check", "--format", "json").stdout


def test_a_clean_report_ends_with_its_count(run, demo):
    done = run("check", cwd=demo)
    assert done.returncode == 0
    assert ("explain" in done.stdout) is ("warning" in done.stdout)
