"""The plugin on the bench: run by ``selvbetjening conformance pdf_receipt``."""

from __future__ import annotations

import pytest

from selvbetjening_core.testing import (
    PaperFormBench,
    PaperFormConformance,
    ReceiptBench,
    ReceiptConformance,
)


class TestPdfReceipt(ReceiptConformance):
    """PDF receipts, in the shipped layout."""

    @pytest.fixture
    def bench(self) -> ReceiptBench:
        """Two issuers differ by their keys."""
        return ReceiptBench(
            plugin="pdf_receipt",
            settings={"seal_key": "a key for seals"},
            other_settings={"seal_key": "another key for seals"},
        )


class TestPdfPaperForm(PaperFormConformance):
    """Forms on paper, in the shipped layout."""

    @pytest.fixture
    def bench(self) -> PaperFormBench:
        """Nothing is sealed in a form."""
        return PaperFormBench(plugin="pdf_receipt", settings={"seal_key": "a key for seals"})
