"""The demo's register on the bench: run by ``selvbetjening conformance demo_register``."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.testing import PrefillBench, PrefillConformance
from selvbetjening_core.values import CprNumber, Household
from selvbetjening_demo.people import load_citizens
from selvbetjening_demo.register import SOURCE


class TestDemoRegister(PrefillConformance):
    """The demo's register of persons."""

    @pytest.fixture
    def bench(self) -> PrefillBench:
        """Everybody in ``people.toml``."""
        now = datetime.datetime.now(datetime.UTC)
        known = tuple(
            Household(citizen.person, citizen.children, SOURCE, now, citizen.others)
            for citizen in load_citizens().all
        )
        return PrefillBench(
            plugin="demo_register",
            known=known,
            unknown=CprNumber("0101010101"),
            away={"failure": "down"},
            not_applicable={
                "protection-seen": (
                    "none of the official test citizens is protected",
                    "ingen af de officielle testborgere er beskyttet",
                ),
            },
        )
