"""The receipt kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from selvbetjening_core.testing import ReceiptBench, ReceiptConformance

FAULTS = {
    "receipt_prints_today": {"same-bytes-elsewhere"},
    "receipt_forgives_its_end": {"every-change-found"},
    "receipt_believes_everybody": {"every-change-found", "others-refused"},
    "receipt_shows_cpr": {"cpr-masked"},
    "receipt_names_protected": {"protected-not-named"},
    "receipt_danish_only": {"both-languages"},
    "receipt_unescaped": {"weird-texts-harmless"},
    "receipt_chokes": {"weird-texts-harmless"},
    "receipt_verify_raises": {"nonsense-refused", "every-change-found"},
    "receipt_sorts_answers": {"everything-in-order"},
    "receipt_named_after_citizen": {"name-and-type"},
    "receipt_one_at_a_time": {"thread-safe"},
    "receipt_asks_the_network": {"no-network"},
    "receipt_whole_kroner": {"amount-exact"},
    "receipt_time_of_utc": {"danish-time"},
    "receipt_cuts_answers": {"long-answers-whole"},
    "receipt_needs_payment": {"nothing-to-pay"},
}


def bench(plugin):
    return nullcontext(
        ReceiptBench(plugin=plugin, settings={"key": "a key"}, other_settings={"key": "another"})
    )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(ReceiptConformance, lambda: bench("good_receipt"))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert list(results.values()).count("passed") >= 20


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(ReceiptConformance, lambda: bench(plugin)) == FAULTS[plugin]
