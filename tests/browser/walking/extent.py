"""How much is walked: a little with every plain ``tox``, everything with ``tox run -e browser``."""

from __future__ import annotations

import os

from walking.looks import LOOKS
from walking.town import MUNICIPALITIES

EVERYTHING = os.environ.get("SELVBETJENING_BROWSER") == "required"
"""Is all of it asked for, and a browser that is missing a failure?"""

PHONE, DESK = 320, 1280

LOCALES = ("da", "en") if EVERYTHING else ("da",)
LOOK_NAMES = tuple(LOOKS) if EVERYTHING else ("plain",)


def ways() -> list[tuple[str, str, int, str]]:
    """Each walk of the whole way: look, municipality, width, language."""
    if not EVERYTHING:
        return [("plain", "mors", PHONE, "da")]
    danish = [
        (look, municipality, width, "da")
        for look in LOOK_NAMES
        for municipality in MUNICIPALITIES
        for width in (PHONE, DESK)
    ]
    return danish + [(look, "mors", PHONE, "en") for look in LOOK_NAMES]
