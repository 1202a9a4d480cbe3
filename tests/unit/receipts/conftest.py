from __future__ import annotations

from dataclasses import replace

import pytest

from selvbetjening_core.testing import cases
from selvbetjening_pdf_receipt.trial import trial_cases


@pytest.fixture
def case():
    """A case that a mother sends for her child, with every kind of answer there is."""
    return replace(trial_cases()[0], parties=cases.a_case().parties)
