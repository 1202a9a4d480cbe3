"""The payment kit: a right plugin passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from selvbetjening_core.testing import PaymentBench, PaymentConformance

# Each faulty plugin, and exactly the checks that go red.
FAULTS = {
    "payment_forgets_key": {
        "begin-once",
        "begin-once-at-once",
        "lost-answer-begin",
        "new-process",
    },
    "payment_refunds_twice": {"refund-once", "lost-answer-refund"},
    "payment_whole_kroner": {"amount-exact", "threads-apart", "settlements"},
    "payment_always_kroner": {"currency-kept"},
    "payment_part_is_all": {"refund-part"},
    "payment_unknown_is_declined": {"unknown-intended"},
    "payment_error_is_unknown": {"down-unavailable"},
    "payment_garbage_raises": {"garbage-unavailable"},
    "payment_waits_for_ever": {"time-limit"},
    "payment_tells_secret": {"nothing-secret-told"},
    "payment_believes_message": {"message-forged", "message-altered"},
    "payment_chokes_on_message": {"message-malformed", "message-forged", "message-altered"},
    "payment_refuses_repeats": {"message-repeated", "message-reordered"},
    "payment_asks_by_memory": {"lost-answer-begin"},
    "payment_last_order_wins": {"threads-apart"},
    "payment_cancel_lies": {"cancel-honest"},
    "payment_remembers_in_class": {"no-module-state"},
    "payment_thread_when_made": {"settings-no-effect"},
    "payment_counts_in_kroner": {"amount-exact", "settlements"},
    "payment_remembers_answers": {"asked-anew"},
    "payment_message_is_state": {"asked-anew"},
    "payment_believes_return": {"message-forged"},
    "payment_proof_if_there": {"message-forged"},
    "payment_time_is_key": {"changes-apart"},
    "payment_chokes_on_proven": {"message-malformed"},
    "payment_settles_kroner": {"settlements"},
}


@contextmanager
def bench(plugin):
    from acme_bank import TOKEN, Bank  # noqa: PLC0415 - on the path by then

    with Bank() as one, Bank() as two:
        yield PaymentBench(
            plugin=plugin,
            settings={"port": one.port, "token": TOKEN},
            remote=one,
            other_settings={"port": two.port},
            other_remote=two,
            earlier_settings=({"port": one.port, "token": TOKEN},),
        )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(PaymentConformance, lambda: bench("good_payment"))
    # Its setting is a port, where no other address fits.
    assert results.pop("certificate-checked").startswith("not applicable")
    assert set(results.values()) == {"passed"}


@pytest.mark.parametrize("plugin", FAULTS)
def test_the_fault_is_found_by_name(red, plugin):
    assert red(PaymentConformance, lambda: bench(plugin)) == FAULTS[plugin]
