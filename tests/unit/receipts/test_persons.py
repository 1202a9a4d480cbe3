"""The people an answer names: in full in the case, masked on a receipt, in no older case."""

from __future__ import annotations

import dataclasses
import json

import pytest

from selvbetjening_core.receipts import check_code, receipt_data
from selvbetjening_core.testing import cases
from selvbetjening_core.values import AnswerPerson, Basis
from selvbetjening_core.values.case_json import case_from_json, case_to_json


def with_person(case, person):
    first, *others = case.groups
    answer, *rest = first.answers
    named = AnswerPerson("other-1", Basis.HOUSEHOLD, person)
    answer = dataclasses.replace(answer, persons=(named,))
    group = dataclasses.replace(first, answers=(answer, *rest))
    return dataclasses.replace(case, groups=(group, *others))


@pytest.fixture
def named(case):
    return with_person(case, cases.another_person())


def told(data):
    return [
        one["persons"] for group in data["groups"] for one in group["answers"] if "persons" in one
    ]


def test_the_case_tells_who_and_on_what_basis(named):
    (((person),),) = told(case_to_json(named))
    assert (person["key"], person["basis"]) == ("other-1", "household")
    assert person["person"]["cpr"] == "2512489996"
    assert case_from_json(json.loads(json.dumps(case_to_json(named)))) == named


def test_a_case_without_is_as_it_was(case):
    assert told(case_to_json(case)) == []
    assert case_from_json(case_to_json(case)) == case


def test_the_check_code_covers_it(case, named):
    assert check_code("key", case) != check_code("key", named)


def test_a_receipt_masks_the_number_and_leaves_the_address_out(named):
    (((person),),) = told(receipt_data(named))
    assert person["person"]["cpr"] == "251248-xxxx"
    assert person["person"]["address"] is None
    assert person["person"]["name"] == "Nancy Ann Test Berggren"
    assert "2512489996" not in json.dumps(receipt_data(named))
    assert "Testjulianevej" not in json.dumps(receipt_data(named))
    assert "Testjulianevej" in json.dumps(case_to_json(named)), "control"


def test_a_protected_person_is_not_named_on_a_receipt(case):
    hidden = dataclasses.replace(cases.another_person(), name="Hemmeligt Navn", protected=True)
    assert "Hemmeligt" not in json.dumps(receipt_data(with_person(case, hidden)))
