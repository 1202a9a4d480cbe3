"""Has the pictures of the field kinds taken while the documentation is built.

So they are never older than what they show. Where no browser is, the reference
goes without and the build says so in one line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

DOCS = Path(__file__).parents[1]
FOLDER = DOCS / "_build" / "kinds"
STATES = {
    "empty": "not yet answered",
    "error": "answered wrongly",
    "filled": "answered",
    "read-only": "shown, not asked",
}
_TESTS = DOCS.parent / "tests"
_SUITES = ("accessibility", "node", "reliability", "evidence", "browser")
_NO_BROWSER = 3


def take_pictures(app: Sphinx) -> None:
    """Take them all, before the first page is read.

    :raises ExtensionError: a picture could not be taken, though a browser is there
    """
    for old in FOLDER.glob("*.png"):
        old.unlink()
    path = os.pathsep.join(str(_TESTS / name) for name in _SUITES)
    done = subprocess.run(  # noqa: S603 - a program of our own
        [sys.executable, "-W", "ignore", _TESTS / "accessibility/kind_pictures.py", FOLDER],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == _NO_BROWSER:
        logger.info(done.stderr.strip())
    elif done.returncode:
        raise ExtensionError(f"the pictures of the field kinds: {done.stderr}")


def picture_lines(kind: str) -> Iterator[str]:
    """The pictures of one kind in reStructuredText, by state."""
    for state, about in STATES.items():
        if (FOLDER / f"{kind}-{state}.png").is_file():
            yield from (
                f".. figure:: /_build/kinds/{kind}-{state}.png",
                f"   :alt: a question of the kind {kind}, {about}",
                "   :figclass: kind-picture",
                "",
                f"   {about.capitalize()}",
                "",
            )


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", take_pictures)
    return {"parallel_read_safe": True}
