"""The delivery kit: right plugins pass it, and each fault is found by the check meant for it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager

import pytest

from selvbetjening_core.testing import DeliveryBench, DeliveryConformance

RIGHT = ("good_delivery", "delivery_asked", "delivery_told", "delivery_attaches")
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
    "delivery_believes_everybody": {"message-forged", "message-altered"},
    "delivery_drops_attachments": {"attachments-arrive"},
    "delivery_cuts_attachments": {"attachments-arrive"},
    "delivery_trusts_attachments": {"attachments-unharmed"},
    "delivery_case_is_key": {"same-case-apart"},
    "delivery_gateway_is_transient": {"error-not-delivered"},
    "delivery_error_is_never_arrived": {"query-away"},
    "delivery_retries_inside": {"one-attempt"},
    "delivery_cpr_in_address": {"nothing-personal-told"},
    "delivery_leaves_a_copy": {"nothing-personal-told"},
    "delivery_own_log": {"nothing-personal-told"},
    "delivery_log_fields": {"nothing-personal-told"},
    "delivery_gives_up_for_all": {"no-module-state"},
    "delivery_remembers_by_cache": {"no-module-state"},
    "delivery_remembers_in_default": {"no-module-state"},
    "delivery_follows_redirects": {"redirect-not-followed"},
}


@pytest.fixture(autouse=True)
def _leaves_nothing(monkeypatch, tmp_path):
    """What a faulty plugin leaves behind goes with the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


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


@pytest.mark.parametrize(
    "plugin", ["good_delivery", "delivery_asked", "delivery_told", "delivery_attaches"]
)
def test_a_right_plugin_passes(kit_results, plugin):
    results = kit_results(DeliveryConformance, lambda: bench(plugin))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert len([outcome for outcome in results.values() if outcome == "passed"]) >= 24


def test_what_takes_attachments_has_them_arrive(kit_results):
    only = {"attachments-arrive", "attachments-unharmed"}
    for plugin, unharmed in (("delivery_attaches", "passed"), ("good_delivery", "not applicable")):
        results = kit_results(DeliveryConformance, lambda plugin=plugin: bench(plugin), only)
        assert results["attachments-arrive"] == "passed"
        assert results["attachments-unharmed"].startswith(unharmed)


@pytest.mark.parametrize("plugin", FAULTS)
def test_the_fault_is_found_by_name(red, plugin):
    assert red(DeliveryConformance, lambda: bench(plugin)) == FAULTS[plugin]


@contextmanager
def told(plugin, receiver, **more):
    import acme_receiver  # noqa: PLC0415 - on the path by then

    kind = getattr(acme_receiver, receiver)
    with kind() as one, kind() as two:
        settings = {"port": one.port, "token": acme_receiver.TOKEN}
        other = {"port": two.port}
        more |= {"remote": one, "other_remote": two, "other_settings": other}
        yield DeliveryBench(plugin=plugin, settings=settings, **more)


def test_a_proof_may_be_inside_the_message(kit_results):
    results = kit_results(
        DeliveryConformance, lambda: told("delivery_told_sealed", "SealedReceiver")
    )
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert results["message-forged"] == results["message-altered"] == "passed"


def test_a_sender_may_prove_itself_by_a_password_alone_and_the_table_says_so(kit_results, red):
    def by_password(**more):
        return told("delivery_told_by_password", "PasswordReceiver", **more)

    why = {"message-altered": "Acme sends a password, and signs nothing."}
    results = kit_results(DeliveryConformance, lambda: by_password(not_applicable=why))
    assert [outcome for outcome in results.values() if outcome.startswith("failed")] == []
    assert results["message-forged"] == "passed"
    assert red(DeliveryConformance, by_password) == {"message-altered"}


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
