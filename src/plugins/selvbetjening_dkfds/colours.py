"""A municipality's colour: read, checked for contrast, and its shades."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
AA = 4.5
"""The contrast that WCAG 2.2 level AA asks of text (1.4.3)."""
_DARKER = 0.3
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in sRGB, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def read(cls, text: str) -> Colour:
        """The colour that ``#rrggbb`` names.

        :raises ValueError: it names none
        """
        if _COLOUR.fullmatch(text) is None:
            raise ValueError(f'"{text}" is no colour: write it as "#rrggbb", such as "#0b5a63"')
        return cls(*(int(text[start : start + 2], 16) for start in (1, 3, 5)))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def darker(self, part: float) -> Colour:
        """Mixed with so much black: 0 is the colour itself, 1 is black."""
        return Colour(*(int(one * (1 - part)) for one in (self.red, self.green, self.blue)))

    def luminance(self) -> float:
        """Relative luminance as WCAG defines it: 0 is black, 1 is white."""
        red, green, blue = (_linear(one / 255) for one in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: Colour) -> float:
        """The contrast ratio as WCAG defines it: 1 to 21."""
        dark, light = sorted((self.luminance(), other.luminance()))
        return (light + 0.05) / (dark + 0.05)


WHITE = Colour(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Shades:
    """A municipality's colour, and its shade for what is pointed at."""

    primary: Colour
    dark: Colour


def shades_of(text: str) -> Shades:
    """The shades of the colour that ``#rrggbb`` names.

    Buttons are white on these, and lines in them mark what is chosen on white.

    :raises ValueError: it is no colour, or too light; the sentence names a
        shade of it that is dark enough
    """
    primary = Colour.read(text)
    contrast = primary.contrast(WHITE)
    if contrast < AA:
        raise ValueError(
            f'colour = "{text}" is too light: white text on it has a contrast of'
            f" {_rounded_down(contrast)}:1, and {AA}:1 is needed. A shade of it that is dark"
            f' enough is "{_dark_enough(primary)}"'
        )
    return Shades(primary, primary.darker(_DARKER))


def _dark_enough(colour: Colour) -> Colour:
    shades = (colour.darker(step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if shade.contrast(WHITE) >= AA)


def _rounded_down(contrast: float) -> float:
    """So that 4.49 is not told as the 4.5 that would do."""
    return int(contrast * 10) / 10


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
