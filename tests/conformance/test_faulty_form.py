"""The form kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from selvbetjening_core.testing import FormBench, FormConformance

FAULTS = {
    "form_keeps_typed": {"nobody-kept"},
    "form_takes_hidden": {"hidden-left-out"},
    "form_unescaped": {"escaped"},
    "form_raises": {"read-never-raises"},
    "form_believes_facts": {"conditions-of-the-server"},
    "form_keeps_wrong": {"recheck"},
    "form_forgets_at_button": {"buttons-keep"},
    "form_tells_codes": {"mistakes-told", "page-rules"},
}


def bench(plugin):
    return nullcontext(FormBench(plugin=plugin))


def test_a_right_plugin_passes(kit_results):
    results = kit_results(FormConformance, lambda: bench("good_form"))
    assert set(results.values()) == {"passed"}


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(FormConformance, lambda: bench(plugin)) == FAULTS[plugin]
