"""Holds the kind of field to the contract.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import FieldKindBench, FieldKindConformance
from selvbetjening_core.testing.kinds import Accepted, Refused


class TestField(FieldKindConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> FieldKindBench:
        """Answers that are right, answers that are wrong, and a sentence for each error."""
        return FieldKindBench(
            plugin="acme_plugin",
            accepted=(
                Accepted((("answer", "A-1234"),), "A-1234", "A-1234"),
                Accepted((("answer", " a - 12 34 "),), "A-1234", "A-1234"),
            ),
            refused=(
                Refused((("answer", "1234"),), "not_an_acme_number"),
                Refused((("answer", "A-12345"),), "not_an_acme_number"),
                Refused((("answer", "A-١٢٣٤"),), "not_an_acme_number"),
            ),
            errors={
                "not_an_acme_number": (
                    "Skriv A- og fire tal, som A-1234",
                    "Write A- and four digits, such as A-1234",
                ),
            },
        )
