"""A citizen without a mouse: where the focus is, whether one sees it, and in which order."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

LEAST_CONTRAST = 3.0
"""Of what is drawn around the focus, against the same place without it (WCAG 1.4.11)."""
_MARGIN = 8
_MOST_STOPS = 60

_STOP = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // A skip link may slide in: what counts is where it comes to rest.
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    // The button itself may be a drawing beside a hidden control: then its label is what one sees.
    const parts = [element, ...(element.labels ?? [])].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1.5 && box.height > 1.5;
    });
    const boxes = parts.map((one) => one.getBoundingClientRect());
    const left = Math.min(...boxes.map((b) => b.left)), top = Math.min(...boxes.map((b) => b.top));
    const text = (element.labels?.[0] ?? element).innerText || element.value || "";
    return {
        name: `${element.localName}#${element.id} "${text.trim().slice(0, 40)}"`,
        left: left + scrollX, top: top + scrollY,
        width: Math.max(...boxes.map((b) => b.right)) - left,
        height: Math.max(...boxes.map((b) => b.bottom)) - top,
        inMain: element.closest("main") !== null,
    };
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that the Tab key comes to; the box is in CSS pixels of the whole page."""

    name: str
    left: float
    top: float
    width: float
    height: float
    in_main: bool

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def stop_here(page: Page) -> Stop | None:
    """What has the focus; None where nothing has."""
    found = page.evaluate(_STOP)
    if found is None:
        return None
    return Stop(
        found["name"],
        found["left"],
        found["top"],
        found["width"],
        found["height"],
        found["inMain"],
    )


def all_stops(page: Page) -> Iterator[Stop]:
    """Tab through the page from where the focus is, to its end or round to where it began."""
    first: Stop | None = None
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        stop = stop_here(page)
        if stop is None or stop == first:
            return
        first = first or stop
        yield stop
    raise AssertionError(f"the focus is caught: {_MOST_STOPS} stops and no end")


def unseen_focus(page: Page, stop: Stop) -> str:
    """Why one cannot see that the focus is here; an empty text where one can."""
    if stop.width < 2 or stop.height < 2:
        return f"{stop.name} has the focus and no size"
    with_focus = _picture(page, stop)
    page.evaluate("window.focusedLast = document.activeElement; focusedLast.blur()")
    without_focus = _picture(page, stop)
    page.evaluate("focusedLast.focus({ preventScroll: true, focusVisible: true })")
    changed = _changed_pixels(with_focus, without_focus)
    # About as many pixels as a thin line along the shorter side has.
    needed = min(stop.width, stop.height)
    if changed < needed:
        return f"{stop.name}: the focus changes {changed} pixels, {needed:.0f} are needed"
    return ""


def order_findings(stops: list[Stop]) -> Iterator[str]:
    """Where the focus jumps back: up within a column, or left within a line."""
    for one, following in itertools.pairwise(stops):
        beside = one.right <= following.left
        if following.bottom <= one.top + 1 and not beside:
            yield f"the focus jumps up from {one.name} to {following.name}"
        same_line = following.top < one.bottom and one.top < following.bottom
        if same_line and following.right <= one.left + 1:
            yield f"the focus jumps left from {one.name} to {following.name}"


def _picture(page: Page, stop: Stop) -> Image.Image:
    clip: FloatRect = {
        "x": max(stop.left - _MARGIN, 0),
        "y": max(stop.top - _MARGIN, 0),
        "width": stop.width + 2 * _MARGIN,
        "height": stop.height + 2 * _MARGIN,
    }
    taken = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(taken)).convert("RGB")


def _changed_pixels(one: Image.Image, other: Image.Image) -> int:
    return sum(
        _contrast(a, b) >= LEAST_CONTRAST
        for a, b in zip(_pixels(one), _pixels(other), strict=True)
        if a != b
    )


def _pixels(image: Image.Image) -> Iterator[tuple[int, ...]]:
    values = iter(image.tobytes())
    return zip(values, values, values, strict=True)


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: tuple[int, ...]) -> float:
    """Relative luminance (WCAG 2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
