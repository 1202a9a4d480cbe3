"""The check that built pages ask no other host can fail."""

from __future__ import annotations

import importlib.util

import pytest
from docs_blocks import DOCS


@pytest.fixture(scope="module")
def outside():
    spec = importlib.util.spec_from_file_location("outside", DOCS / "_ext" / "outside.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img alt="" src="//badges.example/x.svg">',
        '<link rel="stylesheet" href="https://fonts.example/css">',
        '<link href="https://fonts.example" rel="preconnect">',
        "@font-face { src: url(https://fonts.example/x.woff2) }",
        '@import "https://fonts.example/css";',
    ],
)
def test_what_a_browser_would_fetch_is_found(outside, planted):
    assert len(outside.fetched_from_outside(planted)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        '<a href="https://danskelove.dk/sundhedsloven/12">law</a>',
        '<img alt="" src="_images/way-of-the-data.svg">',
        '<link rel="stylesheet" href="_static/pygments.css">',
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "url(data:image/svg+xml;base64,AA)",
    ],
)
def test_what_it_would_not_is_left_alone(outside, harmless):
    assert outside.fetched_from_outside(harmless) == []


def test_the_drawings_ask_nobody_and_can_be_read_aloud(outside):
    drawings = sorted((DOCS / "explanation").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        text = drawing.read_text(encoding="utf-8")
        assert outside.fetched_from_outside(text) == []
        assert '<title id="title">' in text
        assert '<desc id="desc">' in text
