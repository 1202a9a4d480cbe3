"""The plugin on the bench: run by ``selvbetjening conformance html_receipt``."""

from __future__ import annotations

import pytest

from selvbetjening_core.testing import ReceiptBench, ReceiptConformance


class TestHtmlReceipt(ReceiptConformance):
    """HTML receipts."""

    @pytest.fixture
    def bench(self) -> ReceiptBench:
        """Two issuers differ by their keys."""
        return ReceiptBench(
            plugin="html_receipt",
            settings={"seal_key": "a key for seals"},
            other_settings={"seal_key": "another key for seals"},
        )
