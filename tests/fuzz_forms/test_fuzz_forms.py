"""Some odd answers to every kind; and that a fault is noticed. All: ``tox run -e fuzz-forms``."""

from __future__ import annotations

import hypothesis
import pytest
import suite
from form_faults import FAULTS, planted
from fuzz_world import generating
from kind_samples import samples
from odd_input import odd_pairs, renumbered
from value_oracle import ORACLES, may_accept

import fuzz_forms
from selvbetjening_core.definitions.model import FILES
from selvbetjening_core.testing.sample_steps import KEPT

SMALL = suite.Options(small=True)


def test_nothing_fails_and_nothing_wrong_is_accepted():
    result = fuzz_forms.run(SMALL)
    assert result.missed == []
    assert result.figures["values accepted"] > 0
    assert result.figures["answers kept and judged"] > 0
    assert result.figures["files kept and judged"] > 0


@pytest.mark.parametrize(
    "fault", ["number-raises", "stock-sentences", "button-raises", "refused-file-stays"]
)
def test_it_notices_a_fault(fault):
    assert suite.missed(fuzz_forms.run, suite.Options(small=True, fault=fault))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_planted_in_what_is_there(fault):
    """Else it is found out when all of them are tried, which is seldom."""
    with planted(fault):
        assert FAULTS[fault]


def test_the_oracle_takes_every_right_answer_and_knows_every_kind():
    asked = _asked()
    assert {one.name for one in asked if one.bench.plugin.endswith(".own")} <= ORACLES
    for one in asked:
        for answer in one.bench.accepted:
            assert may_accept(one, answer.value), one.name
    (files,) = (one for one in asked if one.name == FILES)
    assert may_accept(files, KEPT["papers"])


@pytest.mark.parametrize("wrong", [float("nan"), "\ud800", "", -1, {"a": "b"}, ["x"], object()])
def test_the_oracle_takes_no_wrong_value(wrong):
    assert [one.name for one in _asked() if may_accept(one, wrong)] == []


ROW = {"name": "Ida", "lives": True}


@pytest.mark.parametrize(
    "wrong",
    [[], [ROW] * 4, [{"name": "Ida"}], [{**ROW, "more": 1}], [{**ROW, "lives": "yes"}]],
)
def test_the_oracle_takes_no_wrong_rows(wrong):
    (rows,) = (one for one in _asked() if one.name == "repeat")
    assert may_accept(rows, [ROW])
    assert not may_accept(rows, wrong)


@pytest.mark.parametrize(
    "wrong", [{"name": "../a.pdf"}, {"name": ""}, {"type": "text/html"}, {"size": 0}, {"id": "x"}]
)
def test_the_oracle_takes_no_wrong_file(wrong):
    (files,) = (one for one in _asked() if one.name == FILES)
    assert not may_accept(files, [{**KEPT["papers"][0], **wrong}])


def test_rows_are_forged_under_odd_numbers_and_near_names():
    right = (("answer_1.1", ""), ("answer_1.1.name", "Ida"))
    assert renumbered(right, "\uff11")[1] == ("answer_1.\uff11.name", "Ida")
    sent = set()

    @hypothesis.seed(1)
    @generating(1_000)
    @hypothesis.given(odd_pairs([name for name, _ in right], [], right))
    def collect(pairs):
        sent.update(name for name, _ in pairs)

    collect()
    assert {"answer_1.1.name", "answer_1.51.name", "answer_1.01", "_shown", "__start__"} <= sent


def _asked():
    return [one for one in samples() if one.kind.declaration.takes_answer]
