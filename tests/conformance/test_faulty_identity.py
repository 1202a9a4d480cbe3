"""The identity kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from selvbetjening_core.testing import IdentityBench, IdentityConformance

FAULTS = {
    "login_fills_audience": {"missing-stay-empty"},
    "login_trusts_none": {"unsigned-refused"},
    "login_checks_no_signature": {"altered-refused", "other-key-refused"},
    "login_renames_algorithm": {"other-algorithm-told"},
    "login_makes_up_times": {"missing-time-refused"},
    "login_local_times": {"times-in-utc"},
    "login_down_is_cancelled": {"provider-away"},
    "login_raises_on_nonsense": {"nonsense-refused"},
    "login_cpr_in_address": {"end-answers"},
    "login_logs_answers": {"cpr-not-told"},
    "login_one_at_a_time": {"interleaved", "thread-safe"},
    "login_asks_for_low": {"begin-asks-as-told"},
    "login_cancelled_is_failed": {"cancelled-told"},
}


@contextmanager
def bench(plugin):
    from acme_provider import KEY, Provider  # noqa: PLC0415 - on the path by then

    with Provider() as one, Provider() as two:
        yield IdentityBench(
            plugin=plugin,
            settings={"provider": one.url, "key": KEY},
            remote=one,
            other_settings={"provider": two.url},
            other_remote=two,
        )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(IdentityConformance, lambda: bench("good_login"))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert list(results.values()).count("passed") >= 22


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(IdentityConformance, lambda: bench(plugin)) == FAULTS[plugin]
