"""The delivery kit: right plugins pass it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from selvbetjening_core.testing import DeliveryBench, DeliveryConformance

# Each faulty plugin, and exactly the checks that go red.
FAULTS = {
    "delivery_ignores_key": {"same-key-one-effect", "same-key-at-once", "crash-resolved"},
    "delivery_lost_is_transient": {"lost-answer-unknown", "deadline-kept"},
    "delivery_down_is_permanent": {"down-transient"},
    "delivery_busy_is_permanent": {"busy-transient"},
    "delivery_refusal_is_transient": {"refused-permanent"},
    "delivery_believes_any_200": {"garbage-unknown"},
    "delivery_waits_for_ever": {"deadline-kept"},
    "delivery_sends_to_look": {"accepts-no-effect"},
    "delivery_tells_name": {"nothing-personal-told"},
    "delivery_logs_cpr": {"nothing-personal-told"},
    "delivery_reads_undeclared": {"declared-data"},
    "delivery_remembers_in_module": {"no-module-state"},
    "delivery_shares_settings": {"components-apart", "no-module-state"},
    "delivery_connects_when_made": {"settings-no-effect"},
    "delivery_not_thread_safe": {"threads-apart"},
    "delivery_raises": {"down-transient"},
    "delivery_chokes_on_text": {"any-contents"},
    "delivery_undeclared_version": {"declared"},
    "delivery_believes_everybody": {"message-forged"},
}


@contextmanager
def bench(plugin):
    from acme_receiver import TOKEN, Receiver  # noqa: PLC0415 - on the path by then

    with Receiver() as one, Receiver() as two:
        yield DeliveryBench(
            plugin=plugin,
            settings={"port": one.port, "token": TOKEN},
            remote=one,
            other_settings={"port": two.port},
            other_remote=two,
            earlier_settings=({"port": one.port, "token": TOKEN},),
        )


@pytest.mark.parametrize("plugin", ["good_delivery", "delivery_asked", "delivery_told"])
def test_a_right_plugin_passes(kit_results, plugin):
    results = kit_results(DeliveryConformance, lambda: bench(plugin))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert len([outcome for outcome in results.values() if outcome == "passed"]) >= 24


@pytest.mark.parametrize("plugin", FAULTS)
def test_the_fault_is_found_by_name(red, plugin):
    assert red(DeliveryConformance, lambda: bench(plugin)) == FAULTS[plugin]


def test_what_cannot_be_loaded_says_why(kit_results):
    """It declares that it can be asked; the core refuses that before any check does."""
    results = kit_results(DeliveryConformance, lambda: bench("delivery_cannot_be_asked"))
    assert all(
        outcome.startswith("failed: the plugin cannot be loaded") for outcome in results.values()
    )
    assert "query" in results["contract"]


def test_what_is_not_there_says_so(kit_results):
    results = kit_results(DeliveryConformance, lambda: bench("no_such_plugin"), only=["contract"])
    assert 'no module called "no_such_plugin"' in results["contract"]
