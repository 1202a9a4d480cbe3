"""Some odd answers to every kind; and that a fault is noticed. All: ``tox run -e fuzz-forms``."""

from __future__ import annotations

import pytest
import suite
from kind_samples import samples
from value_oracle import ORACLES, may_accept

import fuzz_forms

SMALL = suite.Options(small=True)


def test_nothing_fails_and_nothing_wrong_is_accepted():
    result = fuzz_forms.run(SMALL)
    assert result.missed == []
    assert result.figures["values accepted"] > 0
    assert result.figures["answers kept and judged"] > 0


@pytest.mark.parametrize("fault", ["number-raises", "stock-sentences"])
def test_it_notices_a_fault(fault):
    assert suite.missed(fuzz_forms.run, suite.Options(small=True, fault=fault))


def test_the_oracle_takes_every_right_answer_and_knows_every_kind():
    asked = [one for one in samples() if one.kind.declaration.takes_answer and one.is_typed_in_one]
    assert {one.name for one in asked if one.bench.plugin.endswith(".own")} <= ORACLES
    for one in asked:
        for answer in one.bench.accepted:
            assert may_accept(one, answer.value), one.name


@pytest.mark.parametrize("wrong", [float("nan"), "\ud800", "", -1, {"a": "b"}, ["x"], object()])
def test_the_oracle_takes_no_wrong_value(wrong):
    taken = [
        one.name
        for one in samples()
        if one.kind.declaration.takes_answer and one.is_typed_in_one and may_accept(one, wrong)
    ]
    assert taken == []
