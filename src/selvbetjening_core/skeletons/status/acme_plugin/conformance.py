"""Holds the plugin to the contract, against the counterpart in this package.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selvbetjening_core.testing import StatusBench, StatusConformance

from acme_plugin.counterpart import TOKEN, AcmeCounterpart


class TestStatus(StatusConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> Iterator[StatusBench]:
        """The plugin as a municipality sets it up, and what it talks to."""
        with AcmeCounterpart() as remote:
            yield StatusBench(
                plugin="acme_plugin",
                settings={"url": remote.url, "token": TOKEN, "seconds": 2},
                remote=remote,
            )
