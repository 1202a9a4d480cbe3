"""The demo's addresses on the bench: run by ``selvbetjening conformance demo_addresses``."""

from __future__ import annotations

import pytest

from selvbetjening_core.testing import LookupBench, LookupConformance


class TestDemoAddresses(LookupConformance):
    """The demo's register of addresses."""

    @pytest.fixture
    def bench(self) -> LookupBench:
        """A square that several towns have."""
        return LookupBench(
            plugin="demo_addresses",
            known="rådhuspladsen",
            not_applicable={
                "away": (
                    "the addresses are in the plugin itself; it is away only when set to be",
                    "adresserne er i pluginet selv; det er kun væk, når det er sat til det",
                ),
            },
        )
