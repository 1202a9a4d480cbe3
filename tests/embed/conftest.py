"""Sites that selvbetjening is embedded in: real servers on loopback, a real provider."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from embed_fixtures import (  # the path first
    another_browser,
    browser,
    make_installation,
    provider,
    serve,
    start_example,
)

__all__ = [
    "another_browser",
    "browser",
    "make_installation",
    "provider",
    "serve",
    "start_example",
]
