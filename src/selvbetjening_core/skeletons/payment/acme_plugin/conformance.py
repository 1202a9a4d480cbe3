"""Holds the plugin to the contract, against the counterpart in this package.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selvbetjening_core.testing import PaymentBench, PaymentConformance

from acme_plugin.counterpart import MESSAGE_SECRET, TOKEN, AcmeCounterpart


class TestPayment(PaymentConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> Iterator[PaymentBench]:
        """The plugin as two municipalities set it up, and what each talks to."""
        with AcmeCounterpart() as remote, AcmeCounterpart("another token") as other:
            yield PaymentBench(
                plugin="acme_plugin",
                settings={
                    "url": remote.url,
                    "token": TOKEN,
                    "message_secret": MESSAGE_SECRET,
                    "seconds": 2,
                },
                remote=remote,
                other_settings={"url": other.url, "token": "another token"},
                other_remote=other,
            )
