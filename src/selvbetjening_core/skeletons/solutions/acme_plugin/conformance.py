"""Holds the solutions to the contract, and each definition to the core's own check.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import SolutionsBench, SolutionsConformance


class TestSolutions(SolutionsConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> SolutionsBench:
        """The plugin as a plugin set names it."""
        return SolutionsBench(plugin="acme_plugin")
