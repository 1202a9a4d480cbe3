"""Every forged answer of a broker, once; and that a missing check is noticed."""

from __future__ import annotations

import oidc
import pytest
import suite


@pytest.fixture(scope="module")
def result():
    return oidc.run(suite.Options(small=True))


def test_no_forged_login_is_let_in_and_every_good_one_is(result):
    assert result.missed == []
    vectors = [count for name, count in result.figures.items() if name.startswith("vectors")]
    assert sum(vectors) >= 100
    assert result.figures["accepted"] == 0
    assert result.figures["good ones accepted"] == len(oidc.GOOD)


def test_a_naive_component_lets_forged_identities_in():
    """Self-test: the vectors are worth something."""
    result = oidc.run(suite.Options(small=True, fault="naive-broker"))
    assert result.figures["accepted"] >= oidc.LEAST_BY_NAIVE
    assert result.figures["forged identities"] >= 5
