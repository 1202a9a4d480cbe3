from __future__ import annotations

from dataclasses import replace

import pytest

from selvbetjening_core.values import Address, Basis, CprNumber, Person
from selvbetjening_pdf_receipt.trial import trial_cases


@pytest.fixture
def case():
    """A case that a mother sends for her child."""
    home = Address("home", ("Testpark Allé 48", "3400 Hillerød"), "0219")
    full = trial_cases()[0]
    parties = replace(
        full.parties,
        actor=Person(CprNumber("2911829996"), "Kirsten Test Berggren", home),
        principal=Person(CprNumber("0505159995"), "Lars Test Berggren", home),
        basis=Basis.CUSTODY,
    )
    return replace(full, parties=parties)
