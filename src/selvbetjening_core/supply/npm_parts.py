"""What plugins took from npm when they were built: their lock files tell."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.installation import package_folder
from selvbetjening_core.composition.plugins import installed_plugins

# A plugin that takes something from npm keeps its lock file here, in its package.
LOCK = Path("npm") / "package-lock.json"
_INSIDE = "node_modules/"


@dataclass(frozen=True, slots=True)
class NpmPart:
    """A package of npm, as the lock file names it."""

    name: str
    version: str
    licence: str
    hashes: tuple[tuple[str, str], ...]


def npm_parts() -> tuple[NpmPart, ...]:
    """What the installed plugins hold of npm, by name and version, each once.

    Nothing is imported. A lock file that cannot be read holds nothing.
    """
    found = {(part.name, part.version): part for lock in _locks() for part in read_lock(lock)}
    return tuple(found[key] for key in sorted(found))


def read_lock(file: Path) -> tuple[NpmPart, ...]:
    """The packages in a lock file of npm (version 2 or 3)."""
    try:
        packages = json.loads(file.read_text(encoding="utf-8"))["packages"]
        return tuple(
            NpmPart(
                name=path.rpartition(_INSIDE)[2],
                version=str(about.get("version", "")),
                licence=str(about.get("license", "")),
                hashes=tuple(_hashes(about)),
            )
            for path, about in packages.items()
            if _INSIDE in path
        )
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return ()


def _locks() -> Iterator[Path]:
    for package in sorted({one.module.partition(".")[0] for one in installed_plugins()}):
        folder = package_folder(package)
        if folder is not None and (folder / LOCK).is_file():
            yield folder / LOCK


def _hashes(about: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """npm writes them as ``sha512-`` and base64."""
    for one in str(about.get("integrity", "")).split():
        algorithm, _, digest = one.partition("-")
        try:
            yield algorithm, base64.b64decode(digest, validate=True).hex()
        except binascii.Error:
            continue
