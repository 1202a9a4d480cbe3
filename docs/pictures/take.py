"""Take the pictures of README and documentation anew: ``tox run -e pictures``.

Everything in them is real: the demo's two municipalities are served, a browser
walks through them, commands are run. The clock of the town begins on a fixed day,
so that a picture differs from the one before only where a page does (and in the
receipt's random number).
"""

from __future__ import annotations

import argparse
import datetime
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pypdfium2
import terminal
from PIL import Image

from selvbetjening_core.application import utc_now
from walking.chromium import NoBrowser, running_chromium
from walking.looks import BORGER, MUNICIPALITY, VIRK, Look
from walking.town import Clock, served_town
from walking.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Result = TypeVar("Result")

HERE = Path(__file__).parent
LARGEST = 120_000
"""Bytes of one picture."""
FIRST_MOMENT = datetime.datetime(2026, 3, 2, 9, 15, tzinfo=datetime.UTC)
DESK, PHONE = 1000, 320
_DETAIL = 2
_COLOURS = (255, 128, 64, 32)
_BETWEEN = (228, 232, 234)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, and the state of the walk it shows.

    :param answer: a question's name and the answer to choose there
    :param width: of the window
    :param tallest: where it is cut off, between two parts of the page
    """

    name: str
    state: str
    answer: tuple[str, str] | None = None
    width: int = DESK
    tallest: int = 1400


SHOTS = (
    Shot("front-page", "front page"),
    Shot("introduction", "introduction", tallest=1310),
    Shot("step-phone", "reason, empty", ("cause", "lost"), PHONE, 1335),
    Shot("step-errors", "reason, with errors", tallest=1255),
    Shot("summary", "summary, corrected", tallest=1440),
    Shot("receipt", "receipt", tallest=1212),
)
LOOK_SHOT = Shot("looks", "person, empty", ("holder", "self"), 460, 835)


def main() -> None:
    """Take them all, or those that are named."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("names", nargs="*", help="only these, such as: looks check")
    names = set(parser.parse_args().names)
    try:
        with running_chromium() as browser:
            for name, take in _pictures(browser):
                if not names or name in names:
                    _keep(name, take())
    except NoBrowser as reason:
        sys.exit(f"no pictures: {reason}")


def _pictures(browser: Browser) -> Iterator[tuple[str, Callable[[], Image.Image]]]:
    for shot in SHOTS:
        yield shot.name, lambda shot=shot: _taken(browser, shot, MUNICIPALITY)
    yield "looks", lambda: _looks(browser)
    yield "receipt-document", lambda: _document(browser)
    for name, run in terminal.PICTURES.items():
        yield name, lambda run=run: terminal.picture(browser, run())


def _taken(browser: Browser, shot: Shot, look: Look, municipality: str = "mors") -> Image.Image:
    def picture(page: Page) -> Image.Image:
        taken = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        return taken.crop((0, 0, taken.width, min(taken.height, shot.tallest * _DETAIL)))

    return _at(browser, shot, look, picture, municipality)


def _at(
    browser: Browser,
    shot: Shot,
    look: Look,
    do: Callable[[Page], Result],
    municipality: str = "mors",
) -> Result:
    """Walk to the shot's state in a town of its own, and do something there."""
    clock = Clock(FIRST_MOMENT - utc_now())
    with tempfile.TemporaryDirectory() as folder, served_town(Path(folder), look, clock) as town:
        context = browser.new_context(
            viewport={"width": shot.width, "height": 640},
            device_scale_factor=_DETAIL,
            reduced_motion="reduce",
        )
        page = context.new_page()
        _walk_to(Walk(page, town, municipality), shot)
        result = do(page)
        context.close()
        return result


def _walk_to(walk: Walk, shot: Shot) -> None:
    for state in walk.whole_way():
        if state == shot.state:
            if shot.answer is not None:
                walk.choose(*shot.answer)
            # No field has the focus, and no pointer is on anything.
            walk.page.mouse.move(0, 0)
            walk.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            return
    raise LookupError(f"the walk does not come to: {shot.state}")


def _looks(browser: Browser) -> Image.Image:
    """The same step in three looks, side by side."""
    looks = (BORGER, VIRK, MUNICIPALITY)
    parts = [_taken(browser, LOOK_SHOT, look) for look in looks]
    gap = 16 * _DETAIL
    width = sum(part.width for part in parts) + gap * (len(parts) + 1)
    whole = Image.new("RGB", (width, max(part.height for part in parts) + 2 * gap), _BETWEEN)
    left = gap
    for part in parts:
        whole.paste(part, (left, gap))
        left += part.width + gap
    return whole


def _document(browser: Browser) -> Image.Image:
    """The first page of the receipt that one can keep."""

    def download(page: Page) -> bytes:
        with page.expect_download() as download:
            page.locator("a[href$='/dokument']").first.click()
        return Path(download.value.path()).read_bytes()

    content = _at(browser, Shot("receipt-document", "receipt"), MUNICIPALITY, download)
    document = pypdfium2.PdfDocument(content)
    try:
        page: Image.Image = document[0].render(scale=_DETAIL).to_pil()
        return page
    finally:
        document.close()


def _keep(name: str, image: Image.Image) -> None:
    """Write it with as many colours as the largest size allows.

    :raises ValueError: even few colours make it too large
    """
    for colours in _COLOURS:
        buffer = io.BytesIO()
        reduced = _reduced(image.convert("RGB"), colours)
        reduced.save(buffer, "PNG", optimize=True)
        if len(buffer.getvalue()) <= LARGEST:
            (HERE / f"{name}.png").write_bytes(buffer.getvalue())
            sys.stdout.write(f"{name}.png {len(buffer.getvalue()) // 1000} kB\n")
            return
    raise ValueError(f"{name}.png would be {len(buffer.getvalue()) // 1000} kB: show less in it")


def _reduced(image: Image.Image, colours: int) -> Image.Image:
    """In its own most frequent colours, which stay exactly what they are."""
    values = iter(image.tobytes())
    pixels = list(zip(values, values, values, strict=True))
    counted = Counter(pixels)
    chosen = [colour for colour, _ in counted.most_common(colours)]
    # Pillow would find the nearest colour roughly: black letters turn blue.
    place = {colour: _nearest(colour, chosen) for colour in counted}
    reduced = Image.frombytes("P", image.size, bytes(place[pixel] for pixel in pixels))
    reduced.putpalette([part for colour in chosen for part in colour])
    return reduced


def _nearest(colour: tuple[int, ...], chosen: list[tuple[int, ...]]) -> int:
    def distance(index: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour, chosen[index], strict=True))

    return min(range(len(chosen)), key=distance)


if __name__ == "__main__":
    main()
