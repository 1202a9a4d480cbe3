"""The style sheet of the municipal look, made from the two portals' style sheets.

dkfds is compiled for one portal at a time, with its colours written out. But
the two that are shipped differ exactly where a theme may differ, so that is
where the custom properties of the municipal look go.
"""

from __future__ import annotations

import re

_PIECE = re.compile(r"[^{};]+|[{};]")
_TOKEN = re.compile(r"\s+|:|[^\s:]+")

PROPERTIES = {
    ("#44831e", "#0059b3"): "var(--theme-primary)",
    ("#3c5c22", "#004993"): "var(--theme-primary-dark)",
    ("#f1f1f1", "#fff"): "var(--theme-header)",
    ("logo-borgerdk.svg", "logo_virk.svg"): "none",
}
"""What stands for each pair of values, borger.dk's and Virk's.

A logo is a file beside the municipality's own style sheet, which says so itself."""


def municipal_css(borger: str, virk: str) -> str:
    """The style sheet with a custom property wherever the two differ.

    :raises ValueError: they differ in something else than what stands in ``PROPERTIES``
    """
    pieces, others = _PIECE.findall(borger), _PIECE.findall(virk)
    if len(pieces) != len(others):
        raise ValueError("the portals' style sheets differ in more than colours and logo")
    return "".join(
        piece if piece == other else _themed(piece, other)
        for piece, other in zip(pieces, others, strict=True)
    )


def _themed(declaration: str, other: str) -> str:
    tokens, others = _TOKEN.findall(declaration), _TOKEN.findall(other)
    if len(tokens) != len(others):
        raise ValueError(f"{declaration!r} against {other!r}")
    return "".join(
        token if token == against else _property(token, against)
        for token, against in zip(tokens, others, strict=True)
    )


def _property(value: str, other: str) -> str:
    pair = tuple(_plain(one) for one in (value, other))
    for known, stands_for in PROPERTIES.items():
        if pair == known:
            return stands_for
    raise ValueError(f"{value!r} against {other!r}")


def _plain(value: str) -> str:
    """Lower case, white in one spelling, and of an address the file's name."""
    value = value.lower()
    if value.startswith("url("):
        return value.removeprefix("url(").removesuffix(")").strip("\"'").rpartition("/")[2]
    return {"white": "#fff", "#ffffff": "#fff"}.get(value, value)
