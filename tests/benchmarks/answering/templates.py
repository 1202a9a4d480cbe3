"""The templates of the peers, as a developer would write them."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "templates"


def template(name: str) -> str:
    """One of them."""
    return (_FOLDER / name).read_text("utf-8")
