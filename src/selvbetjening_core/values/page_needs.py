"""What the pages of a plugin need of other hosts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageNeeds:
    """The origins beside our own that the pages need which a plugin adds itself.

    Each is written as ``https://tiles.example.dk``: no path, no wildcard.

    :param forms: where their forms may send the browser, also by redirects
    :param images: where they show pictures from
    :param connections: whom their scripts ask
    """

    forms: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
