"""Runs the scanner kit on the plugin: ``selvbetjening conformance clamav``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_core.testing import ScannerBench, ScannerConformance


class TestClamav(ScannerConformance):
    """Files looked through by clamd."""

    @pytest.fixture
    def bench(self) -> Iterator[ScannerBench]:
        """A clamd of our own, which knows one virus."""
        with ClamdCounterpart() as remote:
            yield ScannerBench(plugin="clamav", plugin_settings=remote.settings, remote=remote)
