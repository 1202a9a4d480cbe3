"""The Danish municipality codes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def kommunekoder() -> Mapping[str, str]:
    """Name by code: the 98 municipalities, and Christiansø (0411)."""
    text = resources.files(__package__).joinpath("kommunekoder.toml").read_text("utf-8")
    return tomllib.loads(text)
