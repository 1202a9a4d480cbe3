"""The theme on the bench: run by ``selvbetjening conformance dkfds``."""

from __future__ import annotations

from pathlib import Path

import pytest

from selvbetjening_core.testing import ThemeBench, ThemeConformance
from selvbetjening_dkfds.theme import MUNICIPALITY, theme_from

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10z"/></svg>'


class TestDkfds(ThemeConformance):
    """The national design system in its three looks."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> ThemeBench:
        """Two portals, and a municipality with its own logo."""
        (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
        own = {"look": MUNICIPALITY, "logo": "logo.svg", "colour": "#0b5a63"}
        return ThemeBench(
            plugin="dkfds",
            folder=tmp_path,
            design_system=theme_from().is_fetched,
            looks=({"look": "borger.dk"}, {"look": "virk"}, own),
            refused_looks=(
                {"look": "no such portal"},
                {"look": "borger.dk", "logo": "logo.svg"},
                {**own, "colour": "#ffff00"},
                {**own, "logo": "not-there.svg"},
            ),
        )
