"""Holds the plugin to the contract.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import ReceiptBench, ReceiptConformance


class TestReceipt(ReceiptConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> ReceiptBench:
        """The plugin as a municipality sets it up, and as another one does."""
        return ReceiptBench(
            plugin="acme_plugin",
            settings={"seal_key": "a key of one municipality"},
            other_settings={"seal_key": "a key of another"},
        )
