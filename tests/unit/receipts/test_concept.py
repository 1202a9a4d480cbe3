"""The concept of an answer: in the case, and in no case that has none."""

from __future__ import annotations

import dataclasses

import pytest

from selvbetjening_core.receipts import check_code
from selvbetjening_core.values.case_json import case_from_json, case_to_json


@pytest.fixture
def named(case):
    first, *others = case.groups
    answer, *rest = first.answers
    answer = dataclasses.replace(answer, concept="bolig.leje")
    group = dataclasses.replace(first, answers=(answer, *rest))
    return dataclasses.replace(case, groups=(group, *others))


def answers(case):
    return [one for group in case_to_json(case)["groups"] for one in group["answers"]]


def test_the_stored_case_says_it_of_the_one_answer(named):
    found = [one.get("concept") for one in answers(named)]
    assert found == ["bolig.leje", *[None] * (len(found) - 1)]
    assert case_from_json(case_to_json(named)) == named


def test_a_case_without_has_the_check_code_it_had(case):
    assert not any("concept" in one for one in answers(case))
    assert case_from_json(case_to_json(case)) == case


def test_the_check_code_covers_it(case, named):
    assert check_code("key", case) != check_code("key", named)
