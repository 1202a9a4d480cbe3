"""The receiver at the end of the faulty way: a folder that recognises a key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from selvbetjening_core.values import (
    ComponentStore,
    Outcome,
    OutcomeKind,
    Parcel,
    Verdict,
)
from selvbetjening_core.values.case_json import case_to_json

_CASE_FILE = "case.json"
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def case_of(parcel: Parcel) -> dict[str, Any]:
    """What is handed in, as JSON data. Personal data throughout."""
    return {"key": parcel.key, "case": case_to_json(parcel.case)}


class Intake:
    """Takes cases in, each once: a folder with ``case.json`` for each receipt number."""

    def __init__(self, folder: Path, store: ComponentStore) -> None:
        self._folder = folder
        self._store = store

    def accepts(self, parcel: Parcel) -> Verdict:
        """Whether the receipt number can name a folder, and nothing is attached."""
        reasons = []
        if _SAFE_NAME.fullmatch(parcel.case.receipt_number) is None:
            reasons.append("the receipt number cannot name a folder")
        if parcel.attachments:
            reasons.append("what misbehaves on purpose takes no attachments")
        return Verdict(not reasons, tuple(reasons))

    def take(self, handed_in: dict[str, Any]) -> Outcome:
        """Keep it, or find that it is here already. Idempotent on its key."""
        key, number = handed_in["key"], handed_in["case"]["receipt_number"]
        if self._store.get(_place(key)) is None:
            file = self._folder / number / _CASE_FILE
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(handed_in["case"], ensure_ascii=False), "utf-8")
            self._store.put(_place(key), number.encode())
        return self.ask(key)

    def ask(self, key: str) -> Outcome:
        """What became of the case with this key: here, or never arrived."""
        number = self._store.get(_place(key))
        if number is None:
            return Outcome(OutcomeKind.TRANSIENT, "it has not arrived")
        return Outcome(OutcomeKind.DELIVERED, f"taken in as {number.decode()}", number.decode())


def _place(key: str) -> str:
    return f"taken:{key}"
