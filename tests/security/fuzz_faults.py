"""The faults of the item ``fuzz``, planted in this process alone."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from pyramid.request import Request
from town import quiet

from selvbetjening_core.forms.kinds import choice
from selvbetjening_core.journey import payments, submit
from selvbetjening_core.journey.case import shown_of
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.values import Money, PaymentStatus
from selvbetjening_core.web.views import steps
from selvbetjening_demo.payment import DemoPayment

FAULTS: Mapping[str, str] = {
    "raises-on-odd-input": "a page fails when a word of its address is not of plain letters",
    "steps-unchecked": "nobody looks whether the steps before have been answered",
    "options-unchecked": "the server takes any answer for one of the options",
    "price-from-form": "the price is the one that the browser sends",
    "return-is-proof": "whoever comes back from the payment page has paid",
}


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        if fault:
            stack.enter_context(quiet())
        for patch in _PATCHES[fault]() if fault else ():
            stack.enter_context(patch)
        yield


def _raises() -> tuple[Any, ...]:
    original = steps.show_step

    def show_step(request: Request) -> object:
        request.GET.get("ret", "").encode("ascii")
        return original(request)

    return (mock.patch.object(steps, "show_step", show_step),)


def _steps_unchecked() -> tuple[Any, ...]:
    return (
        mock.patch.object(Progress, "reachable", return_value=True),
        mock.patch.object(Progress, "is_complete", new=True),
    )


def _options_unchecked() -> tuple[Any, ...]:
    return (mock.patch.object(choice, "one_of", return_value=None),)


def _price_from_form() -> tuple[Any, ...]:
    original = submit.accept_summary

    def accept_summary(context: Any, acceptance: Any, work: Any) -> object:
        draft = work.drafts.get(acceptance.draft_id, hold=True)
        ore = acceptance.seen_ore
        if draft is not None and ore.isdigit():
            progress = progress_of(context, draft)
            if progress.is_complete:
                real = str(shown_of(context, progress).amount.ore)
                acceptance = dataclasses.replace(acceptance, seen_ore=real)
        accepted = original(context, acceptance, work)
        paid = dataclasses.replace(accepted.case.payment, amount=Money(int(ore)))
        return dataclasses.replace(accepted, case=dataclasses.replace(accepted.case, payment=paid))

    return tuple(
        mock.patch.object(one, "accept_summary", accept_summary) for one in (submit, payments)
    )


def _return_is_proof() -> tuple[Any, ...]:
    original = DemoPayment.query

    def query(self: DemoPayment, ref: Any) -> object:
        return dataclasses.replace(original(self, ref), status=PaymentStatus.PAID)

    return (mock.patch.object(DemoPayment, "query", query),)


_PATCHES: Mapping[str, Callable[[], tuple[Any, ...]]] = {
    "raises-on-odd-input": _raises,
    "steps-unchecked": _steps_unchecked,
    "options-unchecked": _options_unchecked,
    "price-from-form": _price_from_form,
    "return-is-proof": _return_is_proof,
}
