"""The heads of the audit log's chains, exported: a line each, in a file that is only added to.

The file belongs where nobody who can write in the database can write: what was cut
off at the end of a log shows by its head alone.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.files.appending import append_durably
from selvbetjening_core.journey.audit import ChainHead

log = logging.getLogger(__name__)

_LINE = re.compile(
    r"(?P<told_at>\S+) (?P<municipality>[0-9]{4}) (?P<position>[0-9]{1,18}) (?P<link>[0-9a-f]{64})"
    r" (?P<key_id>[A-Za-z0-9_-]{1,40}) (?P<mac>[0-9a-f]{64})",
    re.ASCII,
)


class HeadsError(SelvbetjeningError):
    """The file with exported heads cannot be read or written."""

    code = "audit-heads"


def export_head(head: ChainHead, path: Path | None) -> None:
    """Write a head into the log, and add it to the file where there is one.

    :raises HeadsError: it could not be written
    """
    log.info("head of the audit log: %s", head)
    if path is None:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The first newline ends a line that a crash cut off.
        append_durably(path, f"\n{head}\n".encode("ascii"))
    except OSError as error:
        raise HeadsError(f"heads cannot be added to {path}: {error.strerror}") from None


def read_heads(path: Path) -> dict[str, list[ChainHead]]:
    """The heads in a file by municipality, in their order.

    :raises HeadsError: it cannot be read, or has a line that is none
    """
    found: dict[str, list[ChainHead]] = {}
    for head in _heads(path):
        found.setdefault(head.municipality, []).append(head)
    return found


def _heads(path: Path) -> Iterator[ChainHead]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        head = _head(line.strip())
        if head is None:
            raise HeadsError(f"{path}, line {number}: this is no head of an audit log")
        yield head


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("ascii", errors="replace").splitlines()
    except OSError as error:
        raise HeadsError(f"heads cannot be read from {path}: {error.strerror}") from None


def _head(line: str) -> ChainHead | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        told_at = datetime.datetime.fromisoformat(match["told_at"])
    except ValueError:
        return None
    if told_at.tzinfo is None:
        return None
    return ChainHead(
        match["municipality"],
        int(match["position"]),
        match["link"],
        told_at,
        match["key_id"],
        match["mac"],
    )
