"""The demo's folder: a copy of the shipped installation, with secrets of its own."""

from __future__ import annotations

import secrets
import shutil
from importlib import resources
from pathlib import Path

from selvbetjening_core.store.key_file import create_key_file

SECRET_NAMES = ("provider", "seal-0773", "seal-0751")


def prepare_folder(folder: Path) -> Path:
    """Make ``folder`` ready, and return it. What is there is left as it is.

    So the files may be edited, and what was submitted is there next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files("selvbetjening_demo") / "installation") as shipped:
        _copy_missing(shipped, folder)
    _make_secrets(folder / "secrets")
    (folder / "var").mkdir(exist_ok=True)
    return folder.resolve()


def _copy_missing(source: Path, target: Path) -> None:
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        copy = target / path.relative_to(source)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _make_secrets(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in SECRET_NAMES:
        file = folder / name
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="ascii")
    if not (folder / "keys.json").exists():
        create_key_file(folder / "keys.json")
