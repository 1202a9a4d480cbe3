"""Holds the plugin to the contract, against the counterpart in this package.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selvbetjening_core.testing import IdentityBench, IdentityConformance

from acme_plugin.counterpart import CLAIMS_SECRET, ISSUER, TOKEN, AcmeCounterpart


class TestIdentity(IdentityConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> Iterator[IdentityBench]:
        """The plugin as a municipality sets it up, and what it talks to."""
        with AcmeCounterpart() as remote:
            settings = {
                "url": remote.url,
                "token": TOKEN,
                "issuer": ISSUER,
                "claims_secret": CLAIMS_SECRET,
                "seconds": 2,
            }
            yield IdentityBench(plugin="acme_plugin", settings=settings, remote=remote)
