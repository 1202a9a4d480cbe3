"""Take a picture of each field kind in each of its states, for the reference.

``python kind_pictures.py FOLDER`` writes ``KIND-STATE.png``. The pages are those of
the suite beside it, in the national look; a picture shows the question that a state
is about, on a phone. Without a browser it ends with status 3.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kind_pages import KindPage, dresses, pages_of
from kind_samples import samples
from page_server import PageServer, serving

from walking.chromium import NoBrowser, running_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LOOK = "dkfds"
WIDTH = 420
NO_BROWSER = 3
# What surrounds the questions of a step is the same for every kind.
_QUESTIONS = "form.step-form > :not(input):not(.page-actions):not(.sr-only)"


def take(folder: Path) -> Iterator[Path]:
    """Each picture as it is taken.

    :raises NoBrowser: there is none
    """
    worn = {one.name: one for one in dresses(small=False)}
    pages = {page.path: page for page in pages_of(samples(), (worn[LOOK],))}
    folder.mkdir(parents=True, exist_ok=True)
    with running_chromium() as browser, serving(PageServer(pages, worn)) as server:
        window = browser.new_page(viewport={"width": WIDTH, "height": 900})
        for one in pages.values():
            window.goto(server.url(one))
            target = folder / f"{one.sample.name}-{one.state}.png"
            question_of(window, one).screenshot(path=target, animations="disabled")
            yield target


def question_of(window: Page, shown: KindPage) -> Locator:
    """The question a state is about: the first, and of errors the first that was answered."""
    questions = window.locator(_QUESTIONS)
    number = 1 if shown.state == "error" and questions.count() > 1 else 0
    return questions.nth(number)


def main(folder: str) -> int:
    """Take them all."""
    try:
        count = sum(1 for _ in take(Path(folder)))
    except NoBrowser as reason:
        sys.stderr.write(f"no pictures of the field kinds: {reason}\n")
        return NO_BROWSER
    sys.stdout.write(f"{count} pictures of the field kinds\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
