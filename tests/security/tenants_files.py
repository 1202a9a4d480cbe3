"""A folder of files for each municipality: whatever a case is called, it stays in its own."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from tenants_database import Tried
from tenants_rows import HERE, NUMBER, THERE

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.testing import cases
from selvbetjening_core.values import ComponentContext, MemoryStore
from selvbetjening_folder.plugin import FolderDelivery

_NAMES = (
    NUMBER,
    f"../journal-{THERE}/{NUMBER}",
    f"../journal-{THERE}",
    f"..\\journal-{THERE}\\{NUMBER}",
    f"./../journal-{THERE}/x",
    "..",
    "{folder}/journal-0773/x",
    f"%2e%2e/journal-{THERE}/x",
    "\0",
)


def try_files(folder: Path, tried: Tried) -> None:
    """Cases of ours whose receipt number is a way into their folder."""
    here, there = (_journal(folder, code) for code in (HERE, THERE))
    there.send(replace(cases.a_parcel(key="theirs"), case=cases.a_case(receipt_number=NUMBER)))
    before = _content(folder, THERE)
    # Control: something is there to be written over.
    assert before
    for number, name in enumerate(_NAMES):
        case = cases.a_case(receipt_number=name.format(folder=folder))
        with contextlib.suppress(SelvbetjeningError, ValueError):
            here.send(replace(cases.a_parcel(key=f"ours-{number}"), case=case))
        tried.note("files", ascii(name), crossed=_content(folder, THERE) != before)


def _journal(folder: Path, code: str) -> FolderDelivery:
    path = folder / f"journal-{code}"
    settings = {"path": str(path)}
    return FolderDelivery(
        ComponentContext("journal", code, settings, folder, lambda: cases.RECEIVED, MemoryStore())
    )


def _content(folder: Path, code: str) -> dict[str, bytes]:
    found = (folder / f"journal-{code}").rglob("*")
    return {str(path): path.read_bytes() for path in found if path.is_file()}
