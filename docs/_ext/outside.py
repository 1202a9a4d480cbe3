"""Nothing on the built pages is fetched from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_FETCHED = (
    re.compile(
        r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=["']?((?:https?:)?//[^"'> ]+)"""
    ),
    re.compile(
        r"""<link\b(?=[^>]*\brel=["']?(?:stylesheet|icon|preload|preconnect|shortcut))"""
        r"""[^>]*\bhref=["']?((?:https?:)?//[^"'> ]+)"""
    ),
    re.compile(r"""(?:url\(|@import )["']?((?:https?:)?//[^"')]+)"""),
)


def fetched_from_outside(text: str) -> list[str]:
    """The addresses on other hosts that a browser would ask for by itself."""
    return [address for pattern in _FETCHED for address in pattern.findall(text)]


def in_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    """The same, for every page and style sheet below ``folder``."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".html", ".css", ".svg"):
            for address in fetched_from_outside(file.read_text(encoding="utf-8")):
                yield file, address
