"""The identity kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

import datetime
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
    "login_latin_letters": {"claims-as-said"},
    "login_trusts_any_server": {"certificate-checked"},
    "login_invents_voucher": {"vouching-as-said"},
    "login_invents_login_time": {"vouching-as-said"},
}
# What of them is a fault at a site that vouches, too.
VOUCHED = {
    "good_login": set(),
    "login_invents_voucher": set(),
    "login_invents_login_time": {"vouching-as-said"},
    "login_local_times": {"times-in-utc", "vouching-as-said"},
}


@contextmanager
def bench(plugin, **more):
    from acme_provider import KEY, Provider  # noqa: PLC0415 - on the path by then

    with Provider() as one, Provider() as two:
        yield IdentityBench(
            plugin=plugin,
            settings={"provider": one.url, "key": KEY},
            remote=one,
            other_settings={"provider": two.url},
            other_remote=two,
            **more,
        )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(IdentityConformance, lambda: bench("good_login"))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert list(results.values()).count("passed") >= 22


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(red, plugin):
    assert red(IdentityConformance, lambda: bench(plugin)) == FAULTS[plugin]


@pytest.mark.parametrize("plugin", VOUCHED)
def test_of_a_site_that_vouches(red, plugin):
    assert red(IdentityConformance, lambda: bench(plugin, vouches=True)) == VOUCHED[plugin]


@pytest.mark.parametrize("seconds", [1, 60, 3600])
def test_a_login_may_be_as_short_as_the_provider_makes_it(kit_results, seconds):
    lasts = datetime.timedelta(seconds=seconds)
    only = {"claims-as-said", "times-in-utc"}
    results = kit_results(IdentityConformance, lambda: bench("good_login", login_lasts=lasts), only)
    assert set(results.values()) == {"passed"}
