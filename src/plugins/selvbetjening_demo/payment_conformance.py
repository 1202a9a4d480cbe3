"""Runs the payment kit on the plugin: ``selvbetjening conformance demo_payment``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyramid.request import Request

from selvbetjening_core.testing import Counterpart, PaymentBench, PaymentConformance
from selvbetjening_core.testing.cases import a_message
from selvbetjening_core.testing.counterpart import Asked, Given
from selvbetjening_core.values import Message, Money
from selvbetjening_demo.provider.app import ProviderSettings, make_provider
from selvbetjening_demo.provider.messages import SIGNATURE_HEADER, message_about
from selvbetjening_demo.provider.payments import DECLINED, PAID, Payment, PaymentBook
from selvbetjening_demo.signing import signature

SECRET = "a secret of the test's own"  # noqa: S105 - it opens nothing


class DemoProvider(Counterpart):
    """The demo's own provider, behind a line that can fail."""

    def __init__(self) -> None:
        super().__init__()
        self._app = make_provider(ProviderSettings(SECRET))
        self._book: PaymentBook = self._app.registry.provider.payments

    def handle(self, asked: Asked) -> Given:
        """Ask the provider."""
        request = Request.blank(asked.path, method=asked.method, body=asked.body)
        request.headers.update(asked.headers)
        request.GET.update(asked.query)
        response = request.get_response(self._app)
        return Given(response.status_code, response.body)

    def effects(self, key: str) -> int:
        """Payments with this key, and changes with it."""
        return sum((one.order.key == key) + (key in one.changes) for one in self._book.all())

    def pay(self, key: str) -> None:
        """Settle it as paid."""
        self._book.settle(self._payment(key).id, PAID)

    def decline(self, key: str) -> None:
        """Settle it as declined."""
        self._book.settle(self._payment(key).id, DECLINED)

    def asked(self, key: str) -> Money:
        """The order's amount."""
        order = self._payment(key).order
        return Money(order.ore, order.currency)

    def kept(self, key: str) -> Money:
        """All of it while it is paid; nothing before and after."""
        payment = self._payment(key)
        return Money(payment.order.ore if payment.status == PAID else 0)

    def message(self, key: str) -> Message:
        """A message, signed as the provider signs."""
        body = message_about(self._payment(key))
        return a_message(body, {SIGNATURE_HEADER: signature(SECRET, body)})

    def _payment(self, key: str) -> Payment:
        found = self._book.by_key(key)
        if found is None:
            raise LookupError(f"the provider has no payment with the key {key}")
        return found


class TestDemoPayment(PaymentConformance):
    """Payment at the demo provider."""

    @pytest.fixture
    def bench(self) -> Iterator[PaymentBench]:
        """Two providers."""
        with DemoProvider() as one, DemoProvider() as two:
            yield PaymentBench(
                plugin="demo_payment",
                settings={"provider": one.url, "secret": SECRET, "timeout": 1},
                remote=one,
                other_settings={"provider": two.url},
                other_remote=two,
                earlier_settings=({"provider": one.url, "secret": SECRET},),
            )
