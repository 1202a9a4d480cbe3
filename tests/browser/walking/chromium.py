"""The system's Chromium: found, started, or left out with a reason."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_NAMED_BY = "SELVBETJENING_CHROMIUM"
# Nothing but loopback has an address, so that no page can depend on anything else.
_LOOPBACK = "EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
_ARGUMENTS = (
    f"--host-resolver-rules=MAP * ~NOTFOUND, {_LOOPBACK}",
    "--disable-background-networking",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


class NoBrowser(Exception):
    """There is no browser to test with; the message says what is missing."""


def find_chromium() -> str:
    """The path of the browser.

    :raises NoBrowser: there is none
    """
    named = os.environ.get(_NAMED_BY)
    found = next(filter(None, map(shutil.which, [named] if named else _NAMES)), None)
    if found is None:
        raise NoBrowser(
            f"no Chromium (apt-get install chromium, or say where it is in {_NAMED_BY})"
        )
    return found


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """A headless Chromium, as long as it is needed.

    :raises NoBrowser: there is none, or nothing to drive it with
    """
    path = find_chromium()
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may be absent
    except ModuleNotFoundError:
        raise NoBrowser("no playwright (pip install 'selvbetjening[browser]')") from None
    # Chromium refuses to make a sandbox for root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*_ARGUMENTS, *as_root], chromium_sandbox=not as_root
        )
        yield browser
        browser.close()
