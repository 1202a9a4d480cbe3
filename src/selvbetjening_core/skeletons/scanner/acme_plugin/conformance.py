"""Holds the scanner to the contract.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import ScannerBench, ScannerConformance


class TestScanner(ScannerConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> ScannerBench:
        """The plugin as a municipality sets it up."""
        return ScannerBench(
            plugin="acme_plugin",
            not_applicable={
                "away": (
                    "its engine is in the same process",
                    "dens motor er i samme proces",
                )
            },
        )
