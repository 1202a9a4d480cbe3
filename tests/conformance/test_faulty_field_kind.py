"""The field kind kit: a right kind passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from selvbetjening_core.testing import Accepted, FieldKindBench, FieldKindConformance, Refused

FAULTS = {
    "plate_tells_sentence": {"refused-by-code", "hostile-refused"},
    "plate_fact_of_other_type": {"facts-as-declared"},
    "plate_forgets_fact": {"facts-as-declared"},
    "plate_breaks_on_odd": {"hostile-refused", "escaped"},
    "plate_needs_facts": {"node"},
    "plate_not_json": {
        "accepted",
        "hostile-refused",
        "refused-by-code",
        "required",
        "round-trip",
    },
    "plate_shows_nothing": {"shown-in-words"},
    "plate_without_help": {"declaration"},
}


def bench(plugin):
    return nullcontext(
        FieldKindBench(
            plugin=plugin,
            accepted=(Accepted((("answer", "ab 12 345"),), "AB12345", "AB 12 345"),),
            refused=(Refused((("answer", "12345"),), "not_a_plate"),),
            errors={"not_a_plate": ("Skriv to bogstaver og fem cifre", "Write AB 12 345")},
        )
    )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(FieldKindConformance, lambda: bench("good_plate"))
    assert set(results.values()) == {"passed"}


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(FieldKindConformance, lambda: bench(plugin)) == FAULTS[plugin]
