"""Runs the delivery kit on the plugin: ``selvbetjening conformance sftp``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from selvbetjening_core.testing import DeliveryBench, DeliveryConformance, Fault
from selvbetjening_sftp.counterpart import SftpCounterpart

_FAULTS = frozenset(
    {
        Fault.DOWN,
        Fault.CUT_OFF,
        Fault.SLOW,
        Fault.HANG,
        Fault.LOST_ANSWER,
        Fault.LOST_CONFIRMATION,
        Fault.GARBAGE,
        Fault.BUSY,
        Fault.UNAUTHORISED,
    }
)


class TestSftp(DeliveryConformance):
    """Delivery over SFTP."""

    @pytest.fixture
    def bench(self) -> Iterator[DeliveryBench]:
        """Two servers, each with a key of its own."""
        with SftpCounterpart() as one, SftpCounterpart() as two:
            yield DeliveryBench(
                plugin="sftp",
                settings=one.settings,
                remote=one,
                other_settings=two.settings,
                other_remote=two,
                earlier_settings=(one.settings,),
                faults=_FAULTS,
            )
