"""A fingerprint of a plugin's code: the same wherever the same code is installed."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LEFT_OUT = ("__pycache__",)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Of every file of a package, as it is installed: names and contents.

    ``sha256`` is that of the lines ``NAME SHA256``, in the order of the names.
    """

    package: str
    files: int
    sha256: str


def fingerprint_of(module: str) -> Fingerprint:
    """The fingerprint of the top package that the module called ``module`` is in."""
    package = module.partition(".")[0]
    lines = [
        f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for name, path in sorted(_files(package))
    ]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return Fingerprint(package, len(lines), digest)


def _files(package: str) -> Iterator[tuple[str, Path]]:
    spec = importlib.util.find_spec(package) if package else None
    if spec is None:
        return
    for folder in map(Path, spec.submodule_search_locations or ()):
        for path in folder.rglob("*"):
            if path.is_file() and not set(_LEFT_OUT) & set(path.parts):
                yield path.relative_to(folder.parent).as_posix(), path
    if not spec.submodule_search_locations and spec.origin:
        yield Path(spec.origin).name, Path(spec.origin)
