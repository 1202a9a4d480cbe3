"""Holds the plugin to the contract, against the counterpart in this package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selvbetjening_core.testing import DeliveryBench, DeliveryConformance

from nordlys_parking.counterpart import PASSWORD, Nordlys


class TestNordlysParking(DeliveryConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> Iterator[DeliveryBench]:
        """The plugin as two municipalities set it up, and what each talks to."""
        with Nordlys() as remote, Nordlys("borealis") as other:
            settings = {
                "url": remote.url,
                "password": PASSWORD,
                "zone": "Midtbyen",
                "seconds": 2,
            }
            yield DeliveryBench(
                plugin="nordlys_parking",
                settings=settings,
                remote=remote,
                other_settings={"url": other.url, "password": "borealis"},
                other_remote=other,
                earlier_settings=({k: v for k, v in settings.items() if k != "seconds"},),
            )
