"""Every forged answer of NemLog-in, once; and that a missing check is noticed."""

from __future__ import annotations

import saml
import suite


def test_no_forged_login_is_let_in_and_every_good_one_is():
    result = saml.run(suite.Options(small=True))
    assert result.missed == []
    vectors = [count for name, count in result.figures.items() if name.startswith("vectors")]
    assert sum(vectors) >= 80
    assert result.figures["accepted"] == 0
    assert result.figures["good ones accepted"] == len(saml.GOOD)


def test_a_naive_reader_lets_forged_identities_in():
    """Self-test: the vectors are worth something."""
    result = saml.run(suite.Options(small=True, fault="naive"))
    assert result.figures["forged identities"] >= saml.LEAST_BY_NAIVE
