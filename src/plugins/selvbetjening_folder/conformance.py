"""Runs the delivery kit on the plugin: ``selvbetjening conformance folder``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from selvbetjening_core.testing import DeliveryBench, DeliveryConformance, Fault
from selvbetjening_core.values.parcel_files import CASE_FILE, key_in
from selvbetjening_folder.shelf import read


class Shelf:
    """The folder that is delivered to, and what can be wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def behave(self, fault: Fault) -> None:
        """Be there, or have a file where the folder should be."""
        if fault is Fault.DOWN:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.write_bytes(b"")
        elif self.folder.is_file():
            self.folder.unlink()

    def effects(self, key: str) -> int:
        """How many folders were written for the parcel with this key."""
        return len(self._parcels(key))

    def attachments(self, key: str) -> list[bytes]:
        """What is in the files that its ``case.json`` names as attachments."""
        return [
            (folder / one["file"]).read_bytes()
            for folder in self._parcels(key)
            for one in json.loads(read(folder / CASE_FILE))["attachments"]
        ]

    def _parcels(self, key: str) -> list[Path]:
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return [one for one in found if key_in(read(one / CASE_FILE)) == key]


class TestFolder(DeliveryConformance):
    """Delivery into a folder."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> DeliveryBench:
        """Two folders of the test's own."""
        return DeliveryBench(
            plugin="folder",
            folder=tmp_path,
            settings={"path": "journal"},
            remote=Shelf(tmp_path / "journal"),
            other_settings={"path": "other"},
            other_remote=Shelf(tmp_path / "other"),
            earlier_settings=({"path": "journal"},),
            faults=frozenset({Fault.DOWN}),
        )
