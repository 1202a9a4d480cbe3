"""The prefill kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from selvbetjening_core.testing import PrefillBench, PrefillConformance

FAULTS = {
    "register_down_is_unknown": {"register-away"},
    "register_custody_by_address": {"custody-is-a-fact"},
    "register_borrows_address": {"address-is-a-fact"},
    "register_drops_protection": {"protected-kept"},
    "register_time_without_zone": {"retrieved-at"},
    "register_cpr_in_address": {"cpr-not-told"},
    "register_unknown_raises": {"unknown-is-none"},
    "register_hides_half": {"register-absurd"},
    "register_remembers_people": {"register-away", "register-absurd"},
    "register_busy_is_unknown": {"register-away"},
    "register_without_children": {"half-way"},
    "register_child_among_others": {"known-as-known"},
}


@contextmanager
def bench(plugin):
    from acme_persons import KNOWN, UNKNOWN, Persons  # noqa: PLC0415 - on the path by then

    with Persons() as one, Persons() as two:
        yield PrefillBench(
            plugin=plugin,
            settings={"port": one.port},
            remote=one,
            other_settings={"port": two.port},
            other_remote=two,
            known=KNOWN,
            unknown=UNKNOWN,
        )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(PrefillConformance, lambda: bench("good_register"))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert list(results.values()).count("passed") >= 16


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(PrefillConformance, lambda: bench(plugin)) == FAULTS[plugin]
