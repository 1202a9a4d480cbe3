"""Where a peer keeps the answers: a table in SQLite, as plainly as it can be done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DRAFT = "draft"
"""The name of the draft's id in a peer's session."""
ID = "c9a1f0c2"


class Drafts:
    """Answers by the id of a draft, one JSON text each. In one thread.

    Write-ahead logging and ``synchronous=NORMAL``, as ours; neither sealed nor checked for
    another window's answers.
    """

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(
            folder / "drafts.sqlite", isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, answers TEXT NOT NULL)"
        )

    def read(self, draft_id: str) -> dict[str, Any]:
        """The answers; none where nothing was answered yet."""
        found = self._database.execute("SELECT answers FROM draft WHERE id = ?", (draft_id,))
        row = found.fetchone()
        answers: dict[str, Any] = json.loads(row[0]) if row else {}
        return answers

    def write(self, draft_id: str, answers: Mapping[str, Any]) -> None:
        """Keep them, durably."""
        self._database.execute(
            "INSERT INTO draft VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET answers = excluded.answers",
            (draft_id, json.dumps(answers)),
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()
