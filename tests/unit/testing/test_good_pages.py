"""A good page breaks no rule."""

from __future__ import annotations

import pytest

from selvbetjening_core.testing.pages import breaches

NAMES = [
    *(f"{kind} {locale}" for kind in ("step", "errors", "intro") for locale in ("da", "en")),
    "summary",
    "receipt",
    "message",
    "home",
]


@pytest.mark.parametrize("theme", ["plain", "dkfds"])
@pytest.mark.parametrize("name", NAMES)
def test_a_good_page_breaks_no_rule(good_pages, theme, name):
    page = good_pages[theme][name]
    assert [str(one) for one in breaches(page.html, page.kind, page.expected)] == []


def test_every_good_page_is_looked_at(good_pages):
    assert all(sorted(pages) == sorted(NAMES) for pages in good_pages.values())
