"""Holds the theme to the contract, and every page it makes to the rules for pages.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import ThemeBench, ThemeConformance


class TestTheme(ThemeConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> ThemeBench:
        """What municipalities may set, and what they may not."""
        return ThemeBench(
            plugin="acme_plugin",
            looks=({}, {"colour": "#1b6b4a"}),
            refused_looks=({"colour": "seagreen"},),
        )
