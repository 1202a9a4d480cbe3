"""The rows of files that citizens sent along. Their bytes are in a folder, sealed by piece."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import KeptFile
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import upload as table

_DESCRIBED = ("name", "media_type", "size", "sha256", "key")


class SqlUploads:
    """Files of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft_id: str, file: KeptFile, now: datetime.datetime) -> None:
        """A file belongs to a draft from now on."""
        described = {name: getattr(file, name) for name in _DESCRIBED}
        self._scope.insert(
            table,
            {
                "id": file.id,
                "draft_id": draft_id,
                "submission_id": "",
                "described": self._scope.seal_json(table, file.id, "described", described),
                "created_at": now,
            },
        )

    def remove(self, draft_id: str, file_id: str) -> bool:
        """Forget a file of a draft that was not sent, and its key with it. Was there one?"""
        return self._scope.remove(
            table,
            table.c.id == file_id,
            table.c.draft_id == draft_id,
            table.c.submission_id == "",
        )

    def submit(self, draft_id: str, submission_id: str, files: Sequence[str]) -> None:
        """These files of the draft belong to the submission from now on."""
        self._scope.change(
            table,
            table.c.draft_id == draft_id,
            table.c.id.in_(files),
            submission_id=submission_id,
        )

    def of_submission(self, submission_id: str) -> Sequence[KeptFile]:
        """The files that were sent with a submission, in the order in which they were added."""
        rows = self._scope.rows(
            table,
            table.c.submission_id == submission_id,
            order=(table.c.created_at, table.c.id),
        )
        return [
            KeptFile(
                row["id"],
                **self._scope.open_json(table, row["id"], "described", row["described"]),
            )
            for row in rows
        ]

    def known(self, ids: Collection[str]) -> Collection[str]:
        """Those of these that there is a row of."""
        statement = sa.select(table.c.id).where(self._scope.here(table), table.c.id.in_(ids))
        return set(self._scope.connection.execute(statement).scalars())
