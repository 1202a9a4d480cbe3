"""The check that the built reference has everything can fail."""

from __future__ import annotations

import importlib.util

import pytest
from docs_blocks import DOCS

from selvbetjening_core.explanations import explanations


@pytest.fixture(scope="module")
def complete():
    spec = importlib.util.spec_from_file_location("complete", DOCS / "_ext" / "complete.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_hooks_contracts_methods_and_values_are_wanted(complete):
    wanted = set(complete.wanted_objects())
    assert {
        "selvbetjening_core.hooks.selvbetjening_case_event",
        "selvbetjening_core.interfaces.payment.IPayment",
        "selvbetjening_core.interfaces.payment.IPayment.capture",
        "selvbetjening_core.interfaces.secrets.ISecrets.read",
        "selvbetjening_core.values.attachment.Attachment.sha256",
        "selvbetjening_core.values.settings.Task",
    } <= wanted
    assert len(wanted) > 300


def test_whatever_is_missing_is_found(complete):
    wanted = set(complete.wanted_objects())
    assert complete.missing_objects(wanted) == []
    for name in sorted(wanted)[::25]:
        assert complete.missing_objects(wanted - {name}) == [name]


def test_a_word_that_is_missing_is_found(complete):
    told = {one.code: one.do for one in explanations().values()}
    page = " ".join(told.values())
    assert complete.missing_words(page, told) == []
    assert complete.missing_words(page.replace(told["conflict"], ""), told) == ["conflict"]


def test_typesetting_is_no_difference(complete):
    page = "write \u201cda\u201d \u2013 and \u2018x\u2019"
    assert complete.missing_words(page, {"one": "write \"da\" -- and 'x'"}) == []


@pytest.mark.parametrize("extension", ["held_complete", "declared", "contracts"])
def test_the_build_compares(extension):
    assert f'"{extension}"' in (DOCS / "conf.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "directive"),
    [("errors", "codes"), ("cli", "command-line"), ("plugins", "shipped-plugins")],
)
def test_what_is_declared_is_written_from_its_declaration(page, directive):
    text = (DOCS / "reference" / f"{page}.md").read_text("utf-8")
    assert f"\n.. {directive}::\n" in text
