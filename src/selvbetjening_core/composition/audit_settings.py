"""``[audit]`` of the installation: where the heads of the audit log's chains are exported to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.files import Table


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """Settings of the audit log.

    :param heads: the file that heads are added to; None: they stand in the log alone
    """

    heads: Path | None


def read_audit(table: Table, folder: Path) -> AuditSettings:
    """Read the table; its key may be left out."""
    name = table.text("heads", required=False, default="")
    table.finish()
    return AuditSettings(folder / name if name else None)
