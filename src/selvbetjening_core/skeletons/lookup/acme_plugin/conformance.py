"""Holds the plugin to the contract, against the counterpart in this package.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selvbetjening_core.testing import LookupBench, LookupConformance

from acme_plugin.counterpart import TOKEN, AcmeCounterpart


class TestLookup(LookupConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> Iterator[LookupBench]:
        """The plugin as a municipality sets it up, and what it talks to."""
        with AcmeCounterpart() as remote:
            yield LookupBench(
                plugin="acme_plugin",
                settings={"url": remote.url, "token": TOKEN, "seconds": 2},
                remote=remote,
                known="havnegade",
            )
